"""The letters to administrators about days on which nobody stands in, and about accounts that are closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.accounts.values import SignedIn
from app.config import Settings
from app.lib import wording
from app.mail.draft import Draft, Party
from app.mail.pages import NobodyMail
from app.mail.wording import letter, words


@dataclass(frozen=True, slots=True)
class Nobody:
    """Days away on which nobody serves the ``count`` companies of somebody, of which some are named.

    ``stand_in`` is who is away then, where it is not they themselves, as their account is closed.
    """

    row_id: int
    name: str
    public_id: str
    first: date
    last: date
    companies: Sequence[str]
    count: int
    stand_in: str = ""


def write_alarm(found: Nobody, reader: SignedIn, settings: Settings) -> Draft:
    """The mail, in its reader's language."""
    mail = NobodyMail(
        organisation=settings.organisation,
        name=found.name,
        first=wording.day_plain(found.first, reader.language),
        last=wording.day_plain(found.last, reader.language),
        companies=tuple(found.companies),
        more=found.count - len(found.companies),
        url=f"{settings.public_url}/people/{found.public_id}"
        if found.stand_in
        else f"{settings.public_url}/time-off",
        stand_in=found.stand_in,
    )
    subject = words(reader.language).gettext("Nobody stands in for %(name)s from %(day)s")
    return _draft(mail, subject % {"name": found.name, "day": mail.first}, reader, settings)


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody whose account is closed and whose ``count`` companies, of which some are named, nobody serves.

    ``first`` is the day from which on it is so, None for now.
    """

    name: str
    public_id: str
    first: date | None
    companies: Sequence[str]
    count: int


def write_closed(found: Left, reader: SignedIn, settings: Settings) -> Draft:
    """The mail, in its reader's language."""
    where = "companies?show=unserved" if found.first is None else f"people/{found.public_id}"
    mail = NobodyMail(
        organisation=settings.organisation,
        name=found.name,
        first="" if found.first is None else wording.day_plain(found.first, reader.language),
        last="",
        companies=tuple(found.companies),
        more=found.count - len(found.companies),
        url=f"{settings.public_url}/{where}",
        is_closed=True,
    )
    subject = words(reader.language).gettext("Nobody stands in for %(name)s")
    return _draft(mail, subject % {"name": found.name}, reader, settings)


def _draft(mail: NobodyMail, subject: str, reader: SignedIn, settings: Settings) -> Draft:
    recipient = Party(reader.email, reader.name)
    return letter(settings, "nobody_stands_in", mail, subject, recipient, reader.language)
