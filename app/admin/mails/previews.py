"""Sample values for the preview of every mail: one call of the cast, in two languages."""

from collections.abc import Mapping
from typing import Any

from app.accounts.devices.letter import NewDeviceMail
from app.accounts.people.letter import AddressMail
from app.admin.mails.previews_callbacks import ASKED, WRONG, callback_sample
from app.desk.chat.pages import TranscriptDay, TranscriptLine, TranscriptMail
from app.mail.pages import CallMail, LinkedMail, NobodyMail, NoteMail, OfferMail, SignInMail

_SITE = "https://calls.company.example"
# Those that show the time before a move.
_MOVED = {"updated", "guest_updated", "followed"}
_NOBODY_CLOSED = "nobody_stands_in_closed"
# Those that one template has the words of, by what else they say.
_TEMPLATES = {_NOBODY_CLOSED: "nobody_stands_in", ASKED: "note", WRONG: "note"}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Dedicated support specialist",
        "call_type": "Product support",
        "length": "30 minutes",
        "day": "Tuesday, 24 November 2026",
        "old_day": "Friday, 20 November 2026",
        "zone": "Berlin time (UTC+1)",
        "way": "Video link",
        "topic": "Import of price lists",
        "question": "Which module is it about?",
        "answer": "Billing",
        "reason": "The time does not suit any more.",
        "change_words": "You can move or cancel until 24 November, 08:00.",
        "reminders": "24 hours before and 1 hour before",
        "kept_until": "20 November, 12:30",
        "transcript_title": "Your chat with Attaché, as of 24 November",
        "transcript_answer": "I am looking at it.",
        "note_title": "Please take over Nordwind",
        "note": "It counts once you confirm it.",
        "note_button": "See and confirm",
    },
    "ru": {
        "title": "Выделенный специалист поддержки",
        "call_type": "Поддержка по продукту",
        "length": "30 минут",
        "day": "вторник, 24 ноября 2026 г.",
        "old_day": "пятница, 20 ноября 2026 г.",
        "zone": "время в Берлине (UTC+1)",
        "way": "Ссылка на видеозвонок",
        "topic": "Импорт прайс-листов",
        "question": "О каком модуле речь?",
        "answer": "Счета",
        "reason": "Это время больше не подходит.",
        "change_words": "Перенести или отменить можно до 24 ноября, 08:00.",
        "reminders": "за 24 часа и за 1 час",
        "kept_until": "20 ноября, 12:30",
        "transcript_title": "Ваш чат с Attaché на 24 ноября",
        "transcript_answer": "Сейчас посмотрю.",
        "note_title": "Вас просят взять компанию Nordwind",
        "note": "Передача состоится, когда вы её подтвердите.",
        "note_button": "Посмотреть и подтвердить",
    },
}


def template_of(name: str) -> str:
    """The template of the mail of this name, in app/templates/mail."""
    return _TEMPLATES.get(name, name)


def sample(name: str, language: str, organisation: str) -> Any:
    """What the mail of this name is made from."""
    say = _WORDS[language]
    if name == "sign_in":
        return SignInMail(organisation, f"{_SITE}/sign-in/…", 10)
    if name == "offer":
        return _offer(say, organisation)
    if name == "address_changed":
        return AddressMail(organisation, "Vera Lindqvist", "support@company.example")
    if name == "identity_linked":
        return LinkedMail(organisation, "Keycloak", "sam@company.example")
    if name == "new_device":
        return _new_device(say, organisation)
    if template_of(name) == "nobody_stands_in":
        return _nobody(say, organisation, is_closed=name == _NOBODY_CLOSED)
    if name == "transcript":
        return _transcript(say, organisation)
    if name in {ASKED, WRONG}:
        return callback_sample(name, language, organisation, _SITE)
    if name == "note":
        return _note(say, organisation)
    return _call(say, organisation, name)


def _nobody(say: Mapping[str, str], organisation: str, *, is_closed: bool) -> NobodyMail:
    return NobodyMail(
        organisation=organisation,
        name="Sam Okafor",
        first="" if is_closed else say["old_day"],
        last="" if is_closed else say["day"],
        companies=("Nordwind", "Sever", "Lynx"),
        more=2,
        url=f"{_SITE}/companies?show=unserved" if is_closed else f"{_SITE}/time-off",
        is_closed=is_closed,
    )


def _note(say: Mapping[str, str], organisation: str) -> NoteMail:
    return NoteMail(
        organisation=organisation,
        title=say["note_title"],
        paragraphs=(say["note"],),
        lines=(say["day"],),
        button=say["note_button"],
        url=f"{_SITE}/hand-overs/…",
    )


def _transcript(say: Mapping[str, str], organisation: str) -> TranscriptMail:
    return TranscriptMail(
        organisation=organisation,
        title=say["transcript_title"],
        zone=say["zone"],
        days=(
            TranscriptDay(
                say["day"],
                (
                    TranscriptLine("10:02", "Vera Lindqvist", say["topic"], ("import.log",)),
                    TranscriptLine("10:03", "Sam Okafor", say["transcript_answer"]),
                ),
            ),
        ),
        url=f"{_SITE}/chat",
    )


def _new_device(say: Mapping[str, str], organisation: str) -> NewDeviceMail:
    return NewDeviceMail(
        organisation=organisation,
        recipient="Vera Lindqvist",
        moment=f"{say['day']}, 10:02, {say['zone']}",
        browser="Firefox",
        system="Windows",
        address="192.0.2.7",
        url=f"{_SITE}/profile/sessions",
        ask="support@company.example",
    )


def _offer(say: Mapping[str, str], organisation: str) -> OfferMail:
    return OfferMail(
        organisation=organisation,
        with_name="Sam Okafor",
        with_detail=say["title"],
        call_type=say["call_type"],
        length=say["length"],
        day=say["day"],
        span="10:00–10:30",
        zone=say["zone"],
        service="",
        kept_until=say["kept_until"],
        url=f"{_SITE}/waiting/…",
    )


def _call(say: Mapping[str, str], organisation: str, name: str) -> CallMail:
    is_at_home, is_guest, is_moved = name.endswith("_at_home"), name.startswith("guest_"), name in _MOVED
    return CallMail(
        organisation=organisation,
        recipient="Sam Okafor" if is_at_home else "Vera Lindqvist",
        with_name="Vera Lindqvist" if is_at_home else "Sam Okafor",
        with_detail="Nordwind" if is_at_home else say["title"],
        call_type=say["call_type"],
        length=say["length"],
        day=say["day"],
        span="10:00–10:30",
        zone=say["zone"],
        service="",
        way=say["way"],
        way_url="https://meet.company.example/k7m-211",
        topic=say["topic"],
        reference="K7M-211",
        url="" if is_guest else f"{_SITE}/calls/…",
        book_url="" if is_guest else f"{_SITE}/book",
        old_day=say["old_day"] if is_moved else "",
        old_span="14:00–14:30" if is_moved else "",
        change_words=say["change_words"],
        reason=say["reason"],
        answers=((say["question"], say["answer"]),),
        booked_by="Vera Lindqvist, Nordwind" if is_guest else "",
        reminders=say["reminders"],
        profile_url=f"{_SITE}/profile",
    )
