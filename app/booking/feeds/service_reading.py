"""The calendar behind a private link: its version first, its bytes only for who does not have them."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.availability.errors import CalendarAway
from app.availability.service import believed_looks, reachable
from app.availability.window import window_in
from app.booking.feeds import queries
from app.booking.feeds.in_times import in_events, unknown_events
from app.booking.feeds.queries import Owner
from app.booking.feeds.queries_presence import poll_presence
from app.booking.feeds.secrets import kind_of
from app.booking.feeds.standing import standing_event
from app.booking.values import PRESENCE, Feed
from app.config import Settings
from app.customers.entitlement import DaySpan, entitled_until, is_entitled
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.customers.roster import Shift
from app.customers.service import contact_profile, roster
from app.ical.event import CalendarEvent
from app.ical.feed import compose_feed, feed_entry, join_feed
from app.lib.intervals import Interval
from app.lib.kept import Kept
from app.lib.packed import pack
from app.lib.wording import local_date
from app.lib.zones import day_interval, to_utc
from app.mail.wording import words
from app.settings.values import Feature

# Raised whenever the code writes other bytes for the same facts: else clients would keep the old ones.
_FORMAT = "2"
_BACK = timedelta(days=30)
_AHEAD = timedelta(days=366)
# Further ahead, presence would be a guess.
_PRESENCE_DAYS = 28

# Entries of calls by what changes when they do, and versions of presence by what decides them: nothing here
# is ever wrong, only not needed any more.
_entries: Kept[tuple[Any, ...], bytes] = Kept(8192)
_presences: Kept[str, str] = Kept(8192)


def feed(connection: Connection, now: datetime, settings: Settings, token: str) -> Feed:
    """What stands behind a token; the same version while nothing changes. One query.

    Calls are those from 30 days back (by the service zone's date) to a year ahead. On a connection (of
    app.lib.db.snapshot, so that what is kept fits what it is kept by), because programs poll by the thousand
    and a session costs as much as the query; ``write`` begins one on it.
    Raises NotFound for a token that is none, for a disabled owner, and for presence that is switched off.
    """
    is_presence = kind_of(token) == PRESENCE
    if is_presence and not settings.offers(Feature.PRESENCE_FEEDS):
        raise NotFound("presence is switched off")
    found = (_presence if is_presence else _calls)(connection, now, settings, token)
    if found is None:
        raise NotFound("no feed with this token")
    return found


def forget() -> None:
    """Forget what was written before, as a new process does."""
    _entries.clear()
    _presences.clear()
    _entry_of_presence.cache_clear()


def _calls(connection: Connection, now: datetime, settings: Settings, token: str) -> Feed | None:
    today, zone = local_date(now, settings.service_time_zone), settings.service_time_zone
    first, midnight, last = (to_utc(day, time(0), zone) for day in (today - _BACK, today, today + _AHEAD))
    window = Interval(first, last)
    found = queries.poll(connection, token, window)
    if found is None:
        return None
    owner, facts = found
    # The window's own moving on, once a day, is a change too.
    changed_at = max(owner.made_at, midnight, *filter(None, facts[:1]))
    version = _version(owner, settings, window.start, *facts)
    return Feed(version, changed_at, partial(_write_calls, connection, settings, owner, window))


def _write_calls(connection: Connection, settings: Settings, owner: Owner, window: Interval) -> bytes:
    """Exactly the owner's calls that were confirmed, those on the move at their old time."""
    session = Session(connection)
    title = words(owner.language).gettext("Calls, %(organisation)s") % {"organisation": settings.organisation}
    staff_id = owner.id if owner.is_staff else None
    rows = queries.versions(session, owner, window)
    key_of = {row[0]: (row, staff_id, owner.language, settings.public_url) for row in rows}
    entry_of = {booking_id: _entries.get(key) for booking_id, key in key_of.items()}
    missing = [booking_id for booking_id, entry in entry_of.items() if entry is None]
    for call in queries.these_calls(session, missing) if missing else ():
        event = standing_event(call, public_url=settings.public_url, staff_id=staff_id)
        entry_of[call.id] = entry = feed_entry(event)
        _entries.put(key_of[call.id], entry)
    return join_feed(title, [entry for entry in entry_of.values() if entry is not None])


def _presence(connection: Connection, now: datetime, settings: Settings, token: str) -> Feed | None:
    """When the contact's own specialist, or who stands in, is in and free, in the coming four weeks.

    Nothing without the option or without a specialist. The version is one of what is seen alone: it does
    not change with what the specialist's calendar holds besides. So it is kept by all that decides it, and
    a poll that finds the same again need not look closer.
    """
    zone, today = settings.service_time_zone, local_date(now, settings.service_time_zone)
    ends = (today, today + timedelta(days=_PRESENCE_DAYS))
    four_weeks = Interval(*(to_utc(day, time(0), zone) for day in ends))
    days = DaySpan(today, today + timedelta(days=_PRESENCE_DAYS - 1))
    found = poll_presence(connection, token, days, four_weeks, believed_looks(now, settings))
    if found is None:
        return None
    owner, facts = found
    key = _version(owner, settings, zone, settings.service_window, today, *facts)
    look = partial(_look, connection, now, settings, owner, today)
    version = _presences.get(key)
    if version is None:
        version = look()[0]
        _presences.put(key, version)
    return Feed(version, None, lambda: look()[1]())


def _look(
    connection: Connection, now: datetime, settings: Settings, owner: Owner, today: date
) -> tuple[str, Callable[[], bytes]]:
    session = Session(connection)
    contact = contact_profile(session, owner.id)
    if not is_entitled(contact.option, today):
        return _version(owner, settings), partial(compose_feed, settings.organisation, [])
    span, zone = _presence_span(contact, today, settings.service_time_zone), settings.service_time_zone
    found = roster(session, contact.company_id, today, local_date(span.end - timedelta.resolution, zone))
    if not found or found[0].first > today:
        return _version(owner, settings), partial(compose_feed, settings.organisation, [])
    times = [
        _in_times(session, now, settings, shift.served.by, _span_of(shift, zone))
        for shift in found
        if shift.served.by is not None
    ]
    name = found[0].served.dedicated.name
    seen = [(make.__name__, who.public_id, who.name, pack(spans)) for make, who, spans in times]
    return _version(owner, settings, name, *seen), partial(_write_presence, settings, owner, name, times)


# What writes the events, whom they are about, and when.
_Times = tuple[Callable[..., list[CalendarEvent]], SpecialistProfile, Sequence[Interval]]


def _in_times(
    session: Session, now: datetime, settings: Settings, person: SpecialistProfile, span: Interval
) -> _Times:
    """When somebody is in and free, or that it is not known."""
    try:
        return in_events, person, reachable(session, now, settings, person, span)
    except CalendarAway:
        return unknown_events, person, _first_window(span, settings)


def _first_window(span: Interval, settings: Settings) -> Sequence[Interval]:
    return window_in(span, settings.service_time_zone, settings.service_window)[:1]


def _span_of(shift: Shift, zone: str) -> Interval:
    return Interval(day_interval(shift.first, zone).start, day_interval(shift.last, zone).end)


def _presence_span(contact: ContactProfile, today: date, zone: str) -> Interval:
    end, last = today + timedelta(days=_PRESENCE_DAYS), entitled_until(contact.option, today)
    if last is not None:
        end = min(end, last + timedelta(days=1))
    return Interval(to_utc(today, time(0), zone), to_utc(end, time(0), zone))


def _write_presence(settings: Settings, owner: Owner, name: str, times: Sequence[_Times]) -> bytes:
    events = [
        event
        for make, person, spans in times
        for event in make(person, spans, owner.language, settings.public_url, owner.made_at)
    ]
    return join_feed(f"{name}, {settings.organisation}", [_entry_of_presence(event) for event in events])


# When somebody's hours change, nearly all entries are those of the last time.
_entry_of_presence = lru_cache(maxsize=8192)(feed_entry)


def _version(owner: Owner, settings: Settings, *facts: object) -> str:
    whose = (owner.id, owner.role, owner.language, owner.made_at)
    digest = hashlib.sha256()
    for fact in (_FORMAT, whose, settings.organisation, settings.public_url, *facts):
        said = fact if isinstance(fact, bytes) else repr(fact).encode("utf-8", "surrogatepass")
        digest.update(b"%d:%b" % (len(said), said))
    return digest.hexdigest()[:32]
