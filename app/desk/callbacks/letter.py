"""The letters about callbacks: to whoever is to ring, and to the contact whose number is wrong."""

from datetime import datetime
from enum import StrEnum

from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.desk.callbacks.due import not_before
from app.desk.callbacks.values import CallbackValue, Source
from app.lib import wording
from app.lib.phone_numbers import international
from app.mail.draft import Draft, Party
from app.mail.pages import NoteMail
from app.mail.wording import letter, words

Reader = SignedIn | SpecialistProfile | ContactProfile


class Why(StrEnum):
    """What is told to whoever is to ring."""

    ASKED = "asked"
    WARNING = "warning"
    BREACH = "breach"


def write_to_ring(value: CallbackValue, why: Why, now: datetime, reader: Reader, settings: Settings) -> Draft:
    """The mail to whoever is to ring: who, which number, by when, and what about."""
    _ = words(reader.language).gettext
    due = wording.until(value.due_at, reader.time_zone, reader.language)
    title = {
        Why.ASKED: _("Ring %(name)s by %(time)s"),
        Why.WARNING: _("15 minutes left to ring %(name)s: promised by %(time)s"),
        Why.BREACH: _("%(name)s was to be rung by %(time)s and was not"),
    }[why] % {"name": _who(value, reader), "time": due}
    page = NoteMail(
        organisation=settings.organisation,
        title=title,
        paragraphs=(_how(value, reader),),
        lines=tuple(f"{name}: {fact}" for name, fact in _facts(value, now, reader).items()),
        button=_("See the queue"),
        url=f"{settings.public_url}/callbacks",
    )
    return letter(settings, "note", page, title, Party(reader.email, reader.name), reader.language)


def write_wrong_number(value: CallbackValue, contact: ContactProfile, settings: Settings) -> Draft:
    """The mail to the contact: the number was wrong, and how to be rung all the same."""
    _ = words(contact.language).gettext
    title = _("We could not reach you: %(number)s is a wrong number") % {
        "number": international(value.number)
    }
    page = NoteMail(
        organisation=settings.organisation,
        title=title,
        paragraphs=(_("Ask for another call back with the right number, or book a call."),),
        button=_("Ask for a call back"),
        url=f"{settings.public_url}/callbacks/new",
    )
    return letter(settings, "note", page, title, Party(contact.email, contact.name), contact.language)


def _who(value: CallbackValue, reader: Reader) -> str:
    return value.contact_name or value.company_name or _number(value, reader)


def _number(value: CallbackValue, reader: Reader) -> str:
    hidden = words(reader.language).gettext("a hidden number")
    return international(value.number) if value.number else hidden


def _how(value: CallbackValue, reader: Reader) -> str:
    _ = words(reader.language).gettext
    return {
        Source.PAGE: _("They asked for a call back on the page."),
        Source.CHAT: _("They asked for a call back in the chat."),
        Source.VOICEMAIL: _("They rang and left a voicemail."),
        Source.MISSED: _("They rang, and nobody answered."),
    }[value.source]


def _facts(value: CallbackValue, now: datetime, reader: Reader) -> dict[str, str]:
    _ = words(reader.language).gettext
    facts = {_("Number"): _number(value, reader)}
    if value.company_name:
        facts[_("Company")] = value.company_name
    if value.topic:
        facts[_("Topic")] = value.topic
    if value.zone:
        city = wording.city(value.zone, reader.language)
        facts[_("There")] = f"{wording.clock(now, value.zone)}, {city}"
    after = not_before(now, value.due_at, value.wished_at, value.zone)
    if after is not None:
        facts[_("Not before")] = wording.until(after, reader.time_zone, reader.language)
    return facts
