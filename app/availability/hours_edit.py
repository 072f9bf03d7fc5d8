"""A saved change of hours or time off as a value, and the writes that carry it out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.availability.hours_plan import Existing, Plan, make_plan
from app.ical.hours import WeeklyRange, read_hours, with_weekdays, write_hours, write_time_off

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
    def title(self) -> str:
        """What the events are called in the calendar."""
        return str(self.wanted.get("title", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """One write: ``verb`` is create, change or delete; ``etag`` the version that may be overwritten."""

    verb: str
    href: str
    etag: str
    text: str


def week_wanted(ranges: Sequence[WeeklyRange], title: str) -> dict[str, Any]:
    """``wanted`` of an edit that replaces the weekly hours."""
    rows = [[item.weekday, item.start.isoformat(), item.end.isoformat()] for item in ranges]
    return {"kind": WEEK, "ranges": rows, "title": title}


def time_off_wanted(first_day: date, last_day: date, title: str) -> dict[str, Any]:
    """``wanted`` of an edit that adds time off; both days inclusive."""
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    return {"kind": ADD_TIME_OFF, "title": title, **days}


def removal_wanted(existing: Existing) -> dict[str, Any]:
    """``wanted`` of an edit that removes a time off."""
    first, last = existing.hours.first_day, existing.hours.last_day
    assert first is not None and last is not None
    days = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    return {"kind": REMOVE_TIME_OFF, "href": existing.href, "title": existing.hours.summary, **days}


def make_steps(edit: Edit, existing: Sequence[Existing], collection: str, today: date) -> list[Step]:
    """The writes that carry an edit out, new objects first, so that no hour is missing meanwhile.

    ``collection`` is the href of the working-hours calendar. UIDs, hrefs and stamps follow from the edit
    alone: whoever repeats a step writes the very same object.
    """
    match edit.kind:
        case "week":
            return _week_steps(edit, make_plan(existing, edit.ranges), collection, today)
        case "add_time_off":
            uid = _uid(edit, "time off")
            text = write_time_off(uid, *edit.days, edit.title, edit.created_at)
            return [Step("create", f"{collection}{uid}.ics", "", text)]
    href = str(edit.wanted["href"])
    return [Step("delete", item.href, item.etag, "") for item in existing if item.href == href]


def _week_steps(edit: Edit, plan: Plan, collection: str, today: date) -> list[Step]:
    steps = []
    for ranges in plan.creates:
        uid = _uid(edit, f"{ranges[0].start}-{ranges[0].end}")
        text = write_hours(uid, ranges, edit.zone, today, edit.title, edit.created_at)
        steps.append(Step("create", f"{collection}{uid}.ics", "", text))
    for update in plan.updates:
        text = with_weekdays(update.object.text, update.weekdays, edit.created_at)
        steps.append(Step("change", update.object.href, update.object.etag, text))
    return steps + [Step("delete", item.href, item.etag, "") for item in plan.deletes]


def _uid(edit: Edit, part: str) -> str:
    return f"hours-{uuid5(NAMESPACE_URL, f'attache:{edit.public_id}:{part}')}"


def stored_steps(steps: Sequence[Step]) -> list[dict[str, str]]:
    """The steps as JSON."""
    return [asdict(step) for step in steps]


def steps_of(edit: Edit) -> list[Step] | None:
    """The steps that an earlier attempt wrote down before it began, None when there was none."""
    rows = edit.wanted.get("steps")
    return None if rows is None else [Step(**row) for row in rows]


def says_the_same(step: Step, zone: str) -> Callable[[str], bool]:
    """Whether a text found on the server is the step's own write, though the server rewrote its bytes."""
    wanted = read_hours(step.text, zone)
    return lambda text: wanted is not None and read_hours(text, zone) == wanted


def was_edited_elsewhere(edit: Edit, current: Mapping[str, str], steps: Sequence[Step] | None) -> bool:
    """Whether the weekly hours changed since the edit was made, apart from what its own steps did.

    ``current`` maps href to ETag as ``base`` does. The steps themselves are guarded by their ETags.
    """
    own = {step.href for step in steps or ()}
    hrefs = (current.keys() | edit.base.keys()) - own
    return any(current.get(href) != edit.base.get(href) for href in hrefs)
