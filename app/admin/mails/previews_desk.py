"""Samples of the mails of the desk, and the templates that several of them share."""

from typing import Any

from app.admin.mails.escalation_sample import sample_escalation, sample_reader
from app.admin.mails.previews_callbacks import ASKED, WRONG, callback_sample
from app.admin.mails.previews_clocks import CLOCK_MAILS, clock_mail
from app.admin.mails.previews_conversations import DESK_MAILS, TEMPLATE, desk_mail
from app.desk.escalations.letters import LETTERS
from app.desk.letters.letter import House

TEMPLATES = dict.fromkeys(DESK_MAILS, TEMPLATE) | dict.fromkeys(
    (ASKED, WRONG, *CLOCK_MAILS, *LETTERS), "note"
)


def desk_sample(name: str, topic: str, language: str, house: House) -> Any:
    """What the mail of this name, one of TEMPLATES, is made from."""
    if name in LETTERS:
        return LETTERS[name](sample_escalation(name, language), sample_reader(language), house)
    if name in CLOCK_MAILS:
        return clock_mail(name, topic, f"{house.url}/requests/…", language, house.organisation)
    if name in DESK_MAILS:
        return desk_mail(name, topic, language, house)
    return callback_sample(name, language, house.organisation, house.url)
