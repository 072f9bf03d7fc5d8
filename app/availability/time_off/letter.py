"""The letters to administrators about days on which nobody stands in, and about accounts that are closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.accounts.values import SignedIn
from app.config import Settings
from app.lib import wording
from app.mail.draft import Draft, Party
from app.mail.pages import NobodyMail
from app.mail.wording import render, words


@dataclass(frozen=True, slots=True)
class Nobody:
    """Days away on which nobody serves ``count`` companies, of which some are named."""

    row_id: int
    name: str
    first: date
    last: date
    companies: Sequence[str]
    count: int


def write_alarm(found: Nobody, reader: SignedIn, settings: Settings) -> Draft:
    """The mail, in its reader's language."""
    mail = NobodyMail(
        organisation=settings.organisation,
        name=found.name,
        first=wording.day_plain(found.first, reader.language),
        last=wording.day_plain(found.last, reader.language),
        companies=tuple(found.companies),
        more=found.count - len(found.companies),
        url=f"{settings.public_url}/time-off",
    )
    subject = words(reader.language).gettext("Nobody stands in for %(name)s from %(day)s")
    return _draft(mail, subject % {"name": found.name, "day": mail.first}, reader, settings)


def write_closed(
    name: str, companies: Sequence[str], count: int, reader: SignedIn, settings: Settings
) -> Draft:
    """The mail about an account that is closed and whose ``count`` companies nobody serves from now on."""
    mail = NobodyMail(
        organisation=settings.organisation,
        name=name,
        first="",
        last="",
        companies=tuple(companies),
        more=count - len(companies),
        url=f"{settings.public_url}/companies?show=unserved",
        is_closed=True,
    )
    subject = words(reader.language).gettext("Nobody stands in for %(name)s")
    return _draft(mail, subject % {"name": name}, reader, settings)


def _draft(mail: NobodyMail, subject: str, reader: SignedIn, settings: Settings) -> Draft:
    body = render("nobody_stands_in", reader.language, mail)
    return Draft(
        sender=Party(settings.mail_from, settings.organisation),
        recipient=Party(reader.email, reader.name),
        subject=subject,
        text=body.text,
        html=body.html,
        language=reader.language,
    )
