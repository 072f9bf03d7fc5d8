"""A saved change of hours or time off as a value, and the writes that carry it out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.availability.hours_place import HoursPlace
from app.availability.hours_plan import Existing, Plan, make_plan
from app.ical.availability_hours import read_availability, with_week, write_availability
from app.ical.hours import HoursObject, WeeklyRange, read_hours, with_weekdays, write_hours, write_time_off
from app.ical.people import Person

WEEK, ADD_TIME_OFF, REMOVE_TIME_OFF = "week", "add_time_off", "remove_time_off"
WAITING, DONE, CONFLICT, FAILED = "waiting", "done", "conflict", "failed"


@dataclass(frozen=True, slots=True)
class Edit:
    """One saved change.

    ``wanted`` is JSON: ``kind`` and what week_wanted, time_off_wanted or removal_wanted put beside it.
    ``base`` maps href to ETag of what it was made from; ``zone`` is the specialist's.
    """

    id: int
    public_id: str
    person_id: int
    zone: str
    wanted: Mapping[str, Any]
    base: Mapping[str, str]
    state: str
    detail: str
    created_at: datetime

    @property
    def kind(self) -> str:
        """What is changed: WEEK, ADD_TIME_OFF or REMOVE_TIME_OFF."""
        return str(self.wanted["kind"])

    @property
    def ranges(self) -> tuple[WeeklyRange, ...]:
        """The weekly hours that a WEEK wants."""
        rows = self.wanted.get("ranges", ())
        return tuple(WeeklyRange(day, time.fromisoformat(a), time.fromisoformat(b)) for day, a, b in rows)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of a time off that is added or removed."""
        return date.fromisoformat(self.wanted["first_day"]), date.fromisoformat(self.wanted["last_day"])

    @property
    def stand_in(self) -> Person | None:
        """Whom a time off that is added names."""
        named = self.wanted.get("stand_in")
        return None if named is None else Person(*named)

    @property
    def title(self) -> str:
        """What the events are called in the calendar."""
        return str(self.wanted.get("title", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """One write: ``verb`` is create, change, delete or set; ``etag`` the version that may be overwritten.

    ``set`` replaces a property, or hours that only we keep; the ETag is a digest of the text then, '' for
    none.
    """

    verb: str
    href: str
    etag: str
    text: str


def week_wanted(ranges: Sequence[WeeklyRange], title: str) -> dict[str, Any]:
    """``wanted`` of an edit that replaces the weekly hours."""
    rows = [[item.weekday, item.start.isoformat(), item.end.isoformat()] for item in ranges]
    return {"kind": WEEK, "ranges": rows, "title": title}


def time_off_wanted(
    first_day: date, last_day: date, title: str, stand_in: Person | None = None, language: str = "en"
) -> dict[str, Any]:
    """``wanted`` of an edit that adds time off; both days inclusive.

    ``stand_in`` is named in the event, for people in ``language``; None leaves it to the usual one.
    """
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    wanted = {"kind": ADD_TIME_OFF, "title": title, **days}
    if stand_in is None:
        return wanted
    return wanted | {"stand_in": [stand_in.address, stand_in.name], "language": language}


def removal_wanted(existing: Existing) -> dict[str, Any]:
    """``wanted`` of an edit that removes a time off."""
    first, last = existing.hours.first_day, existing.hours.last_day
    assert first is not None and last is not None
    days = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    return {"kind": REMOVE_TIME_OFF, "href": existing.href, "title": existing.hours.summary, **days}


def make_steps(edit: Edit, existing: Sequence[Existing], place: HoursPlace, today: date) -> list[Step]:
    """The writes that carry an edit out, new objects first, so that no hour is missing meanwhile.

    UIDs, hrefs and stamps follow from the edit alone: whoever repeats a step writes the very same object.
    Raises UnreadableCalendar when what would be changed is no calendar.
    """
    match edit.kind:
        case "week" if place.is_calendar:
            return _week_steps(edit, make_plan(existing, edit.ranges), place, today)
        case "week":
            return _whole_week(edit, existing, place, today)
        case "add_time_off":
            uid = _uid(edit, "time off")
            named = edit.stand_in, str(edit.wanted.get("language", "en"))
            text = write_time_off(uid, *edit.days, edit.title, edit.created_at, *named)
            return [Step("create", f"{time_off_calendar(place, existing)}{uid}.ics", "", text)]
    href = str(edit.wanted["href"])
    return [Step("delete", item.href, item.etag, "") for item in existing if item.href == href]


def time_off_calendar(place: HoursPlace, existing: Iterable[Existing]) -> str | None:
    """Where new time off is written: beside hours that are events, else into the calendar of the bookings.

    A calendar of availabilities may take no event (Cyrus). None when no calendar takes bookings.
    """
    is_for_events = place.holds_events and not any(item.hours.is_availability for item in existing)
    return place.href if place.is_calendar and is_for_events else place.booking_href


def account_of(edit: Edit, place: HoursPlace, existing: Iterable[Existing]) -> int:
    """The account that an edit writes to. Raises ValueError when there is no calendar for it."""
    match edit.kind:
        case "week":
            return place.account_id
        case "add_time_off":
            steps = steps_of(edit)
            calendar = time_off_calendar(place, existing)
            if calendar is None:
                raise ValueError("no calendar takes bookings")
            return place.account_of(steps[0].href if steps else f"{calendar}new")
    return place.account_of(str(edit.wanted["href"]))


def _week_steps(edit: Edit, plan: Plan, place: HoursPlace, today: date) -> list[Step]:
    steps = [
        Step("create", f"{place.href}{uid}.ics", "", text)
        for uid, text in _new_objects(edit, plan, place, today)
    ]
    for item in plan.rewrites:
        text = _with_week(edit, item.object.text, item.ranges, today)
        steps.append(Step("change", item.object.href, item.object.etag, text))
    for update in plan.updates:
        text = with_weekdays(update.object.text, update.weekdays, edit.created_at)
        steps.append(Step("change", update.object.href, update.object.etag, text))
    return steps + [Step("delete", item.href, item.etag, "") for item in plan.deletes]


def _new_objects(edit: Edit, plan: Plan, place: HoursPlace, today: date) -> Iterator[tuple[str, str]]:
    """UID and text of each object to be created: events, or one availability where events are not taken."""
    if plan.creates and not place.holds_events:
        week, uid = sorted(one for ranges in plan.creates for one in ranges), _uid(edit, "week")
        yield uid, write_availability(uid, week, edit.zone, today, edit.created_at)
        return
    for ranges in plan.creates:
        uid = _uid(edit, f"{ranges[0].start}-{ranges[0].end}")
        yield uid, write_hours(uid, ranges, edit.zone, today, edit.title, edit.created_at)


def _whole_week(edit: Edit, existing: Sequence[Existing], place: HoursPlace, today: date) -> list[Step]:
    """The one step for hours that are a single text: a property, or kept by us."""
    found = next((item for item in existing if item.href == place.href), None)
    if found is None:
        text = write_availability(_uid(edit, "week"), edit.ranges, edit.zone, today, edit.created_at)
        return [Step("set", place.href, "", text)]
    text = _with_week(edit, found.text, edit.ranges, today)
    return [] if text == found.text else [Step("set", place.href, found.etag, text)]


def _with_week(edit: Edit, text: str, ranges: Sequence[WeeklyRange], today: date) -> str:
    return with_week(text, _uid(edit, "week"), ranges, edit.zone, today, edit.created_at)


def _uid(edit: Edit, part: str) -> str:
    return f"hours-{uuid5(NAMESPACE_URL, f'attache:{edit.public_id}:{part}')}"


def stored_steps(steps: Sequence[Step]) -> list[dict[str, str]]:
    """The steps as JSON."""
    return [asdict(step) for step in steps]


def steps_of(edit: Edit) -> list[Step] | None:
    """The steps that an earlier attempt wrote down before it began, None when there was none."""
    rows = edit.wanted.get("steps")
    return None if rows is None else [Step(**row) for row in rows]


def read_object(text: str, zone: str) -> HoursObject | None:
    """What an object means as hours or time off, None when nothing in it counts."""
    return read_availability(text, zone) or read_hours(text, zone)


def says_the_same(step: Step, zone: str) -> Callable[[str], bool]:
    """Whether a text found on the server is the step's own write, though the server rewrote its bytes."""
    wanted = read_object(step.text, zone)
    return lambda text: wanted is not None and read_object(text, zone) == wanted


def was_edited_elsewhere(edit: Edit, current: Mapping[str, str], steps: Sequence[Step] | None) -> bool:
    """Whether the weekly hours changed since the edit was made, apart from what its own steps did.

    ``current`` maps href to ETag as ``base`` does. The steps themselves are guarded by their ETags.
    """
    own = {step.href for step in steps or ()}
    hrefs = (current.keys() | edit.base.keys()) - own
    return any(current.get(href) != edit.base.get(href) for href in hrefs)
