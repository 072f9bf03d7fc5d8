"""Samples of the mails about callbacks."""

from collections.abc import Mapping

from app.mail.pages import NoteMail

ASKED, WRONG = "callback", "callback_wrong_number"
_NUMBER = "+49 30 12345678"
# By language and mail: title, sentence, facts, button.
_WORDS: Mapping[str, Mapping[str, tuple[str, str, tuple[str, ...], str]]] = {
    "en": {
        ASKED: (
            "Ring Vera Lindqvist by Tuesday 24 November, 11:00",
            "They asked for a call back on the page.",
            (
                f"Number: {_NUMBER}",
                "Company: Nordwind",
                "Topic: Import of price lists",
                "There: 10:02, Berlin",
            ),
            "See the queue",
        ),
        WRONG: (
            f"We could not reach you: {_NUMBER} is a wrong number",
            "Ask for another call back with the right number, or book a call.",
            (),
            "Ask for a call back",
        ),
    },
    "ru": {
        ASKED: (
            "Перезвоните до 24 ноября, 11:00: Vera Lindqvist",
            "Попросили перезвонить на странице.",
            (f"Номер: {_NUMBER}", "Компания: Nordwind", "Тема: Импорт прайс-листов", "Там: 10:02, Берлин"),
            "Открыть очередь",
        ),
        WRONG: (
            f"Не удалось дозвониться: номер {_NUMBER} неверный",
            "Попросите перезвонить ещё раз и укажите верный номер или запишитесь на звонок.",
            (),
            "Попросить перезвонить",
        ),
    },
}


def callback_sample(name: str, language: str, organisation: str, site: str) -> NoteMail:
    """The mail to whoever rings, or the one to a contact whose number is wrong."""
    title, sentence, facts, button = _WORDS[language][name]
    path = "callbacks" if name == ASKED else "callbacks/new"
    return NoteMail(organisation, title, (sentence,), facts, button, f"{site}/{path}")
