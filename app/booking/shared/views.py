"""What the booking pages have in common: the blueprint, who reads, writing, and the week of free times."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, TypeVar

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, signed_in_user
from app.accounts.values import SignedIn
from app.availability import service as availability
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.presence import Presence
from app.booking import service
from app.booking.errors import LengthRefused, NoSenior, OthersConcerned
from app.booking.forms import length_of
from app.booking.in_words import Reader, first_name, reach, when
from app.booking.offers.service import Wishes, only
from app.booking.offers.wish import OpenTime
from app.booking.pages import Closed, Moving, WeekPage
from app.booking.rules import effective
from app.booking.shared.views_closed import closed_on
from app.booking.standing_page import others_by_day, standing_line
from app.booking.values import CallTypeValue, CallValue, OpenTimes
from app.booking.week_page import Week, first_week, week_page
from app.booking.zone_choice import chosen_zone
from app.calendars.syncing.jobs_nudge import nudge
from app.customers import service as customers
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.lib import clock, wording
from app.lib.db import db, write
from app.lib.intervals import Interval
from app.lib.zones import to_utc
from app.settings.values import Feature
from app.words import error_words, refusal_words

blueprint = Blueprint("booking", __name__)

Answer = str | Response | tuple[str, int]
# A call's own pages: for both sides, and for administrators (who see every call).
T = TypeVar("T")

# A copy of the calendar that missed this many rounds is told as old; above CALENDAR_MAX_AGE nothing is shown.
_MISSED_ROUNDS = 3


def reader(zone: str = "") -> Reader:
    """Who reads the page, in a zone of their choice or else their own."""
    user = signed_in_user()
    return Reader(locale_of(), chosen_zone(zone, user.time_zone), current_settings().service_time_zone)


def writing(work: Callable[[Session, datetime], T], call: str = "", senior: str = "") -> T:
    """Do ``work(session, now)`` in one write transaction, with the lock for the specialists concerned.

    ``call`` is the public id of one that it is about; with ``senior`` somebody is to be brought in.
    """
    return write_for(signed_in_user(), work, call, senior)


def write_for(user: SignedIn, work: Callable[[Session, datetime], T], call: str = "", senior: str = "") -> T:
    """The same for ``user``.

    Who is concerned can change until the lock is had: then once more, with the locks of all who are.
    """
    now, concerned = clock.now(), partial(service.people_to_lock, user_id=user.id, call=call, senior=senior)
    people = concerned(db.session(), now)

    def checked(session: Session) -> T:
        if not set(people) >= set(concerned(session, now)):
            raise OthersConcerned
        return work(session, now)

    try:
        return write(db.session(), people, checked)
    except OthersConcerned:
        people = concerned(db.session(), now)
        return write(db.session(), people, checked)


def contact() -> ContactProfile:
    """The signed-in contact."""
    return customers.contact_profile(db.session(), signed_in_user().id)


def taken_by(start: datetime) -> SpecialistProfile:
    """Whoever takes a call of theirs that begins then; of what is over, whoever serves today."""
    zone = current_settings().service_time_zone
    day = wording.local_date(max(start, clock.now()), zone)
    return customers.serving(db.session(), contact().company_id, day).person


def refused(error: SlotTaken | SlotRefused | CalendarAway) -> str:
    """Why a time cannot be had, in words."""
    reason = refusal_words(str(error.reason)) if isinstance(error, SlotRefused) else ""
    return reason or error_words(error.code)[0]


def nearest(slug: str, start: datetime, *, length: int | None = None, senior: str = "") -> list[OpenTime]:
    """Up to three free times near one that is gone; none while the calendar is away."""
    session, now, settings = db.session(), clock.now(), current_settings()
    try:
        call_type = service.call_type(session, slug)
        asked: dict[str, Any] = {"length": length, "senior": senior}
        return service.alternatives(session, now, settings, contact(), call_type, start, **asked)
    except (CalendarAway, NoSenior):
        return []


@dataclass(frozen=True, slots=True)
class AskedWeek:
    """What the address of a week view asks for.

    ``first`` is any day of the week, None the first free one; ``length`` is in minutes, None the usual one;
    ``senior`` is who is to be brought in (see BookingRequest).
    """

    slug: str
    first: date | None
    zone: str
    lists_zones: bool = False
    length: int | None = None
    senior: str = ""


def asked_week(slug: str = "") -> AskedWeek:
    """The week that this request asks for, of this call type if one is given; nonsense is left out."""
    try:
        first = date.fromisoformat(request.values.get("week", ""))
    except ValueError:
        first = None
    zone = request.values.get("zone", "")
    lists_zones = request.args.get("zones") == "all"
    values = request.values
    asked_type, senior = slug or values.get("call_type", ""), values.get("senior", "")
    return AskedWeek(asked_type, first, zone, lists_zones, length_of(values.get("length")), senior)


def show_week(asked: AskedWeek, *, moving: CallValue | None = None, problem: str = "") -> WeekPage:
    """The week of free times that was asked for, to book or (with ``moving``) to move a call.

    Raises NotFound for an unknown call type, NotEntitled, NoSpecialist.
    """
    now, whose = clock.now(), reader(asked.zone)
    wishes, types, call_type = _offered(asked, moving, now)
    last_day = wording.local_date(now + wishes.first.rules.horizon, whose.zone)
    first = _first_day(asked.first, now, last_day, whose)
    span = Interval(max(now, to_utc(first, time(0), whose.zone)), now + wishes.first.rules.horizon)
    found = service.times_for(db.session(), now, current_settings(), wishes, span)
    nudge_all(now, found)
    if asked.senior and found.senior is None:
        asked, problem = replace(asked, senior=""), problem or error_words(NoSenior.code)[0]
    # The time that a call has already is free for that call alone, and no choice.
    slots = [slot for slot in found.offer.slots if moving is None or slot.start != moving.start]
    if asked.first is None:
        first = first_week(slots, now, whose)
    days = Interval(*(to_utc(first + timedelta(days=n), time(0), whose.zone) for n in (0, 7)))
    week = Week(
        first=first,
        now=now,
        reader=whose,
        specialist=found.specialist,
        presence=_presence(found, whose, now),
        call_type=call_type,
        call_types=types,
        slots=slots,
        closed_days=closed_on(found, days, now, whose),
        last_day=last_day,
        home_zone=signed_in_user().time_zone,
        action=_action(moving),
        address=_address(moving),
        closed=closed_words(found, whose),
        moving=_moving(moving, whose),
        problem=problem,
        as_of=_old(found, now),
        lists_zones=asked.lists_zones,
        senior=found.senior,
        can_ask_senior=moving is None and _can_ask_senior(),
        asks_senior=asked.senior,
        others={} if moving else others_by_day(found, whose),
        standing=standing_line(wishes.served, slots, span.start, whose, _address(moving)),
    )
    return week_page(week)


def _presence(found: OpenTimes, whose: Reader, now: datetime) -> Presence:
    return availability.presence(db.session(), now, current_settings(), found.specialist, whose.language)


def _can_ask_senior() -> bool:
    return current_settings().offers(Feature.SENIORS) and service.has_seniors(db.session())


def nudge_all(now: datetime, found: OpenTimes) -> None:
    """Have the calendars looked at of everybody whose times are shown, where they are older than a minute."""
    shares = [share for share in found.shares if not share.is_nobodys]
    as_of = {share.specialist.user_id: share.offer.as_of for share in shares}
    if found.senior is not None:
        as_of.setdefault(found.senior.user_id, found.offer.as_of)
    for person_id, moment in as_of.items():
        nudge(now, person_id, moment)


def _offered(
    asked: AskedWeek, moving: CallValue | None, now: datetime
) -> tuple[Wishes, list[CallTypeValue], CallTypeValue]:
    """What is wished for, the call types as they are with the specialist, and the one asked for.

    A call that moves keeps its own, be it offered no longer. A length that is not offered is left out like
    all nonsense in an address, and so is a senior when there is none to be had.
    """
    session, settings = db.session(), current_settings()
    if moving is not None:
        user = signed_in_user()
        wishes = _possible(
            lambda _, senior: only(service.wish_to_move(session, now, settings, user, moving, senior)), asked
        )
        kind = service.call_type(session, moving.call_type_slug, even_inactive=True)
        return wishes, [], replace(kind, rules=wishes.first.rules)
    who, types = contact(), service.call_types(session)
    slug = asked.slug or types[0].slug
    chosen = next((item for item in types if item.slug == slug), None)
    if chosen is None:
        # A kind that is offered no more still stands in addresses.
        service.call_type(session, slug, even_inactive=True)
        chosen = types[0]
    wishes = _possible(partial(service.wishes_for, session, now, settings, who, chosen), asked)
    first = wishes.first
    types = [effective(item, first.specialist.user_id) for item in types]
    return wishes, types, replace(effective(chosen, first.specialist.user_id), rules=first.rules)


def _possible(wishes: Callable[[int | None, str], Wishes], asked: AskedWeek) -> Wishes:
    """The wishes for what is asked, without the length or the senior that cannot be had."""
    try:
        return wishes(asked.length, asked.senior)
    except LengthRefused:
        return _possible(wishes, replace(asked, length=None))
    except NoSenior:
        return _possible(wishes, replace(asked, senior=""))


def _first_day(asked: date | None, now: datetime, last_day: date, whose: Reader) -> date:
    """The week's first day, kept between this week and the horizon."""
    today = wording.local_date(now, whose.zone)
    day = min(max(asked or today, today), last_day)
    return wording.week_start(day, whose.language)


def _action(moving: CallValue | None) -> str:
    return url_for("booking.move", booking_id=moving.public_id) if moving else url_for("booking.hold")


def _address(moving: CallValue | None) -> Callable[..., str]:
    if moving:
        return partial(url_for, "booking.move", booking_id=moving.public_id)
    return partial(url_for, "booking.week")


def _moving(call: CallValue | None, whose: Reader) -> Moving | None:
    if call is None:
        return None
    name = _("your %(kind)s call", kind=call.call_type_name(whose.language))
    return Moving(call.public_id, name, when(call.span, whose))


def _old(found: OpenTimes, now: datetime) -> datetime | None:
    """When the calendar was last read, if that is long ago."""
    as_of = found.offer.as_of
    is_old = as_of is not None and now - as_of > _MISSED_ROUNDS * current_settings().sync_interval
    return as_of if is_old else None


def closed_words(found: OpenTimes, whose: Reader) -> Closed | None:
    """Why no times can be shown at all, since when, and how to reach the specialist otherwise."""
    closed = found.offer.closed
    if closed is None:
        return None
    ways, name = reach(found.specialist, current_settings()), first_name(found.specialist.name)
    if closed.reason == "no_calendar":
        words = _("%(name)s has not connected a calendar yet. Write or call instead.", name=name)
        return Closed(_("Times cannot be shown yet"), words, ways)
    since = wording.until(closed.since, whose.zone, whose.language) if closed.since else ""
    words = (
        _("We last reached %(name)s's calendar on %(moment)s.", name=name, moment=since)
        if since
        else _("We have not reached %(name)s's calendar yet.", name=name)
    )
    promise = _("Times come back by themselves as soon as it answers. Until then write or call.")
    return Closed(_("Times cannot be shown at the moment"), f"{words} {promise}", ways)
