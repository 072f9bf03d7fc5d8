"""The waiting list in the words of one reader."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from app.availability.pages import Problem
from app.booking.in_words import Reader, day_and_time, first_name, person, when
from app.booking.offers.times_page import alternatives, serves_words, standing_in_words
from app.booking.offers.wish import OpenTime
from app.booking.pages import Moving
from app.booking.standing_page import standing_words
from app.booking.values import CallValue
from app.booking.waiting.line import PlaceNow, State
from app.booking.waiting.pages import JoinPage, PlacePage, PlaceRow
from app.customers.profiles import SpecialistProfile
from app.lib import wording

_WEEKEND = (5, 6)
_WEEK = timedelta(days=6)


def day_choices(first: date, last: date, language: str) -> list[tuple[str, str]]:
    """The days from one to another as choices; weekends only where there is nothing else."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    chosen = [day for day in days if day.weekday() not in _WEEKEND] or days
    return [(day.isoformat(), wording.day_short(day, language)) for day in chosen]


def default_days(choices: Sequence[tuple[str, str]], week: date | None) -> tuple[str, str]:
    """The days to begin with: those of a week, else all."""
    days = [day for day, _name in choices]
    if week is not None:
        days = [day for day in days if week.isoformat() <= day <= (week + _WEEK).isoformat()] or days
    return (days[0], days[-1]) if days else ("", "")


def days_words(reason: str) -> str:
    """Why days cannot be waited for."""
    match reason:
        case "order":
            return _("The last day lies before the first")
        case "past":
            return _("Choose days that lie ahead")
        case "after_call":
            return _("Choose days before your call")
    return _("Choose days that can be booked already")


def join_page(
    reader: Reader,
    now: datetime,
    specialist: SpecialistProfile,
    slug: str,
    action: str,
    *,
    moving: CallValue | None = None,
    free: Sequence[OpenTime] = (),
    problems: tuple[Problem, ...] = (),
) -> JoinPage:
    """The form for a place in the line."""
    hint = ""
    if reader.is_elsewhere(now):
        name, letters = first_name(specialist.name), wording.service_abbreviation(now, reader.service_zone)
        hint = _("Days are those of %(name)s (%(zone)s).", name=name, zone=letters)
    return JoinPage(
        specialist=person(specialist, reader, now),
        slug=slug,
        action=action,
        moving=_moving(moving, reader),
        zone_hint=hint,
        free=alternatives(free, specialist, reader),
        problems=problems,
    )


def _moving(call: CallValue | None, reader: Reader) -> Moving | None:
    if call is None:
        return None
    return Moving(call.public_id, call.call_type_name(reader.language), when(call.span, reader))


def place_page(
    stands: PlaceNow,
    reader: Reader,
    now: datetime,
    specialist: SpecialistProfile,
    action: str,
    problem: str = "",
) -> PlacePage:
    """A place in whatever state."""
    place, moving = stands.place, stands.moving
    is_kept = stands.state is State.OFFERED
    until = place.offer_expires_at
    return PlacePage(
        id=place.public_id,
        state=stands.state.value,
        specialist=person(specialist, reader, now),
        slug=place.call_type_slug,
        call_type=place.call_type_name(reader.language),
        days=wording.days_range(place.first_day, place.last_day, reader.language),
        action=action,
        moving_id=moving.public_id if moving else "",
        offer=when(place.offer, reader) if is_kept and place.offer else None,
        old=when(moving.span, reader) if moving else None,
        kept_until=wording.clock(until, reader.zone) if is_kept and until else "",
        passed=_passed(stands, reader, now),
        problem=problem,
        free=alternatives(stands.free, specialist, reader),
        specialist_id=specialist.public_id,
        with_whom=standing_in_words(stands.served) if is_kept else "",
    )


def _passed(stands: PlaceNow, reader: Reader, now: datetime) -> str:
    """What became of the last offer."""
    offer, until = stands.place.offer, stands.place.offer_expires_at
    if offer is None or until is None:
        return ""
    if stands.is_lost:
        lost = _("%(time)s is not kept for you any more.", time=day_and_time(offer.start, reader))
        return f"{lost} {_who_serves(stands, reader)}"
    if until > now:
        return ""
    return _(
        "We kept %(time)s for you until %(moment)s.",
        time=day_and_time(offer.start, reader),
        moment=wording.until(until, reader.zone, reader.language),
    )


def _who_serves(stands: PlaceNow, reader: Reader) -> str:
    if stands.moving is not None:
        name = stands.moving.specialist.name
        if stands.is_there:
            return _("Your call is with %(name)s now.", name=name)
        return _("Your call is with %(name)s, who does not take calls on that day.", name=name)
    if stands.taken_by is None:
        return standing_words([stands.served], reader.language)
    return serves_words(stands.taken_by.name)


def place_rows(places: Sequence[PlaceNow], reader: Reader) -> tuple[PlaceRow, ...]:
    """A contact's places, those with an offer first."""
    return tuple(_row(item, reader) for item in sorted(places, key=lambda item: item.state != State.OFFERED))


def _row(stands: PlaceNow, reader: Reader) -> PlaceRow:
    place, moving = stands.place, stands.moving
    kind, name = place.call_type_name(reader.language), first_name(stands.specialist_name)
    offer = ""
    if stands.state is State.OFFERED and place.offer and place.offer_expires_at:
        time, until = (
            day_and_time(place.offer.start, reader),
            wording.clock(place.offer_expires_at, reader.zone),
        )
        offer = _("%(time)s is kept for you until %(until)s", time=time, until=until)
    before = _("earlier than %(time)s", time=day_and_time(moving.start, reader)) if moving else ""
    return PlaceRow(
        id=place.public_id,
        title=_("%(kind)s with %(name)s", kind=kind, name=name),
        days=wording.days_range(place.first_day, place.last_day, reader.language),
        before=before,
        offer=offer,
    )
