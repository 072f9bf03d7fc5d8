"""Working hours and leave of the demo's specialists."""

from datetime import date, datetime, time, timedelta

from app.demo.cast import CastPerson
from app.ical.hours import WeeklyRange, write_hours, write_time_off


def working_hours(person: CastPerson, today: date, stamped_at: datetime) -> dict[str, str]:
    """Monday to Friday 9:00-12:30 and 13:00-17:00, and some days of leave: objects by file name."""
    name, zone = person.short_name, person.time_zone
    monday = today - timedelta(days=today.weekday())
    spans = {"morning": (time(9), time(12, 30)), "afternoon": (time(13), time(17))}
    objects = {}
    for part, (start, end) in spans.items():
        ranges = [WeeklyRange(weekday, start, end) for weekday in range(5)]
        uid = f"demo-{name}-hours-{part}"
        objects[f"{uid}.ics"] = write_hours(uid, ranges, zone, monday, "Working hours", stamped_at)
    first, last, title = _leave(name, today, monday)
    uid = f"demo-{name}-leave"
    objects[f"{uid}.ics"] = write_time_off(uid, first, last, title, stamped_at)
    return objects


def _leave(name: str, today: date, monday: date) -> tuple[date, date, str]:
    """First and last day and title: Sam at the end of the eight weeks, the others earlier.

    So Sam and Rita, who stand in for each other, are never away together. Sam's names the stand-in in its
    title, as one would in any calendar program.
    """
    if name == "sam":
        return today + timedelta(days=50), today + timedelta(days=52), "Leave, stand-in: Rita"
    first = monday + timedelta(weeks=5)
    return first, first + timedelta(days=1), "Leave"
