"""The letter about a time that is offered to somebody in line."""

from dataclasses import dataclass
from datetime import datetime

from app.booking.events import our_names
from app.booking.in_words import Reader, service_span
from app.booking.offers.wish import Turn
from app.booking.rules import minutes
from app.booking.values import CallValue
from app.booking.waiting.line import Place, PlaceNow
from app.config import Settings
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.lib import wording
from app.lib.intervals import Interval
from app.mail.draft import Draft, Party
from app.mail.pages import NoteMail, OfferMail
from app.mail.wording import letter, render, words


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """A time that is kept for a contact, and in whose turn it lies."""

    place: Place
    contact: ContactProfile
    turn: Turn
    slot: Interval
    until: datetime

    @property
    def specialist(self) -> SpecialistProfile:
        """Whom the call would be with."""
        return self.turn.wish.specialist

    @property
    def moving(self) -> CallValue | None:
        """The call that it would move."""
        return self.turn.wish.moving


def write_offer(facts: OfferFacts, settings: Settings) -> Draft:
    """The mail: the time, until when it is kept, and the page where it can be taken."""
    contact = facts.contact
    body = render("offer", contact.language, _page(facts, settings))
    subject = words(contact.language).gettext("A time came free: %(what)s")
    return Draft(
        sender=Party(settings.mail_from, facts.specialist.name),
        recipient=Party(contact.email, contact.name),
        subject=subject % {"what": _short(facts.slot, contact)},
        text=body.text,
        html=body.html,
        language=contact.language,
    )


def write_lost(stands: PlaceNow, offer: Interval, contact: ContactProfile, settings: Settings) -> Draft:
    """The mail that the offered time is not kept any more: who it was with does not take the call then."""
    _, place = words(contact.language).gettext, stands.place
    title = _("%(time)s is not kept for you any more") % {"time": _short(offer, contact)}
    nothing = (
        _("Your call stays at its time until you move it.") if place.is_moving else _("Nothing is booked.")
    )
    page = NoteMail(
        organisation=settings.organisation,
        title=title,
        paragraphs=(
            _why_lost(stands, contact.language),
            nothing,
            _("You keep your place in the line: when a time comes free for you, we write to you at once."),
        ),
        button=_("See your place"),
        url=_url(place, settings),
    )
    return letter(settings, "note", page, title, Party(contact.email, contact.name), contact.language)


def _why_lost(stands: PlaceNow, language: str) -> str:
    _ = words(language).gettext
    if stands.moving is None:
        return _("Whoever it was to be with does not take calls on that day any more.")
    name = {"name": stands.moving.specialist.name}
    if stands.is_there:
        return _("Your call is with %(name)s now.") % name
    return _("Your call is with %(name)s, who does not take calls on that day.") % name


def _url(place: Place, settings: Settings) -> str:
    return f"{settings.public_url}/waiting/{place.public_id}"


def _page(facts: OfferFacts, settings: Settings) -> OfferMail:
    contact, slot, moving = facts.contact, facts.slot, facts.moving
    language, zone = contact.language, contact.time_zone
    length = words(language).ngettext("%(num)s minute", "%(num)s minutes", minutes(slot.length))
    return OfferMail(
        organisation=settings.organisation,
        with_name=our_names(moving, language) if moving else facts.specialist.name,
        with_detail="" if moving and moving.senior else _detail(facts, language),
        call_type=facts.place.call_type_name(language),
        length=length % {"num": minutes(slot.length)},
        day=_day(slot, contact),
        span=wording.span(slot, zone),
        zone=wording.zone_name(slot.start, zone, language),
        service=service_span(slot, Reader(language, zone, settings.service_time_zone)),
        kept_until=wording.until(facts.until, zone, language),
        url=_url(facts.place, settings),
        old_day=_day(moving.span, contact) if moving else "",
        old_span=wording.span(moving.span, zone) if moving else "",
    )


def _detail(facts: OfferFacts, language: str) -> str:
    """Who they are: whom they stand in for, or else their title."""
    served = facts.turn.served
    if served is None or not served.is_away:
        return facts.specialist.title(language)
    return words(language).gettext("who stands in for %(name)s") % {"name": served.dedicated.name}


def _day(span: Interval, contact: ContactProfile) -> str:
    return wording.day_long(wording.local_date(span.start, contact.time_zone), contact.language)


def _short(span: Interval, contact: ContactProfile) -> str:
    day = wording.day_short(wording.local_date(span.start, contact.time_zone), contact.language)
    return f"{day}, {wording.clock(span.start, contact.time_zone)}"
