"""The calendar behind a private link: its version first, its bytes only for who does not have them."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.availability.errors import CalendarAway
from app.availability.service import reachable
from app.availability.window import window_in
from app.booking.feeds import queries
from app.booking.feeds.in_times import in_events, unknown_events
from app.booking.feeds.queries import Owner
from app.booking.feeds.standing import standing_event
from app.booking.values import PRESENCE, Feed
from app.config import Settings
from app.customers.entitlement import entitled_until, is_entitled
from app.customers.errors import NoSpecialist
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.customers.service import contact_profile, serving
from app.ical.event import CalendarEvent
from app.ical.feed import compose_feed
from app.lib.intervals import Interval
from app.lib.packed import pack
from app.lib.wording import local_date
from app.lib.zones import to_utc
from app.mail.wording import words

# Raised whenever the code writes other bytes for the same facts: else clients would keep the old ones.
_FORMAT = "1"
_BACK = timedelta(days=30)
_AHEAD = timedelta(days=366)
# Further ahead, presence would be a guess.
_PRESENCE_DAYS = 28


def feed(session: Session, now: datetime, settings: Settings, token: str) -> Feed:
    """What stands behind a token; the same version while nothing changes.

    Calls are those from 30 days back (by the service zone's date) to a year ahead.
    Raises NotFound for a token that is none, and for a disabled owner.
    """
    today, zone = local_date(now, settings.service_time_zone), settings.service_time_zone
    first, midnight, last = (to_utc(day, time(0), zone) for day in (today - _BACK, today, today + _AHEAD))
    window = Interval(first, last)
    found = queries.poll(session, token, window)
    if found is None:
        raise NotFound("no feed with this token")
    owner, facts = found
    if owner.kind == PRESENCE:
        return _presence(session, now, settings, owner, today)
    # The window's own moving on, once a day, is a change too.
    changed_at = max(owner.made_at, midnight, *filter(None, facts[:1]))
    version = _version(owner, settings, window.start, *facts)
    return Feed(version, changed_at, partial(_write_calls, session, settings, owner, window))


def _write_calls(session: Session, settings: Settings, owner: Owner, window: Interval) -> bytes:
    """Exactly the owner's calls that were confirmed, those on the move at their old time."""
    title = words(owner.language).gettext("Calls, %(organisation)s") % {"organisation": settings.organisation}
    entries = [
        standing_event(call, is_staff=owner.is_staff, public_url=settings.public_url)
        for call in queries.standing_calls(session, owner, window)
    ]
    return compose_feed(title, entries)


def _presence(session: Session, now: datetime, settings: Settings, owner: Owner, today: date) -> Feed:
    """When the contact's own specialist is in and free, in the coming four weeks.

    Nothing without the option or without a specialist. The version is one of what is seen alone: it does
    not change with what the specialist's calendar holds besides.
    """
    contact = contact_profile(session, owner.id)
    specialist = _specialist(session, contact, today)
    if specialist is None:
        return Feed(_version(owner, settings), None, partial(compose_feed, settings.organisation, []))
    span = _presence_span(contact, today, settings.service_time_zone)
    make = in_events
    try:
        spans = reachable(session, now, settings, specialist, span)
    except CalendarAway:
        make, spans = unknown_events, window_in(span, settings.service_time_zone)[:1]
    version = _version(owner, settings, make.__name__, specialist.public_id, specialist.name, pack(spans))
    return Feed(version, None, partial(_write_presence, make, settings, owner, specialist, spans))


def _specialist(session: Session, contact: ContactProfile, today: date) -> SpecialistProfile | None:
    if not is_entitled(contact.option, today):
        return None
    try:
        return serving(session, contact.company_id, today)
    except NoSpecialist:
        return None


def _presence_span(contact: ContactProfile, today: date, zone: str) -> Interval:
    end, last = today + timedelta(days=_PRESENCE_DAYS), entitled_until(contact.option, today)
    if last is not None:
        end = min(end, last + timedelta(days=1))
    return Interval(to_utc(today, time(0), zone), to_utc(end, time(0), zone))


def _write_presence(
    make: Callable[..., list[CalendarEvent]],
    settings: Settings,
    owner: Owner,
    specialist: SpecialistProfile,
    spans: Sequence[Interval],
) -> bytes:
    events = make(specialist, spans, owner.language, settings.public_url, owner.made_at)
    return compose_feed(f"{specialist.name}, {settings.organisation}", events)


def _version(owner: Owner, settings: Settings, *facts: object) -> str:
    whole = (_FORMAT, owner, settings.organisation, settings.public_url, *facts)
    return hashlib.sha256(repr(whole).encode("utf-8", "surrogatepass")).hexdigest()[:32]
