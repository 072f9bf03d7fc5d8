"""What stands in the specialists' calendars in the demo: eight weeks of an ordinary working life."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from app.availability.holidays import holiday_names
from app.demo.cast import PEOPLE, CastPerson
from app.demo.events import DemoEvent, Moved, text_of
from app.demo.hours import working_hours

WORKDAYS = "MO,TU,WE,TH,FR"
_LEV = "ORGANIZER;CN=Lev Orlov:mailto:lev@attache.example"
_TRANSPARENT = "TRANSP:TRANSPARENT"


@dataclass(frozen=True, slots=True)
class DemoCalendar:
    """A calendar of the embedded server with its objects by file name; ``purpose`` as in app/calendars."""

    slug: str
    name: str
    purpose: str
    receives_bookings: bool
    objects: dict[str, str]


def calendars_of(person: CastPerson, today: date, stamped_at: datetime) -> list[DemoCalendar]:
    """The three calendars of a specialist of the cast, filled from the week of ``today`` (their zone) on.

    Raises KeyError for anybody else.
    """
    monday = today - timedelta(days=today.weekday())
    work, private = _CONTENTS[person.short_name]
    return [
        DemoCalendar("calendar", "Calendar", "busy", True, _texts(work(person, monday), stamped_at)),
        DemoCalendar("private", "Private", "busy", False, _texts(private(person, monday), stamped_at)),
        DemoCalendar(
            "working-hours", "Working hours", "working_hours", False, working_hours(person, today, stamped_at)
        ),
    ]


def _texts(events: list[DemoEvent], stamped_at: datetime) -> dict[str, str]:
    return {event.file_name: text_of(event, stamped_at) for event in events}


def company_day(today: date) -> date:
    """The Friday of the fourth week after that of ``today``, on which everybody is off.

    Or of the next week in which it is a working day for all of the cast: two reasons would hide each other.
    """
    monday = today - timedelta(days=today.weekday())
    return next(friday for week in count(4) if not _is_holiday(friday := _day(monday, week, "FR")))


def _is_holiday(day: date) -> bool:
    return any(day in holiday_names(country, [day.year]) for country in {it.country for it in PEOPLE} - {""})


def _day(monday: date, week: int, weekday: str) -> date:
    """A weekday, week 0 being the one that ``monday`` begins."""
    return monday + timedelta(days=7 * week + ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].index(weekday))


def _uid(person: CastPerson, what: str) -> str:
    return f"demo-{person.short_name}-{what}"


def _attendee(person: CastPerson, answer: str) -> str:
    return f"ATTENDEE;CN={person.name};PARTSTAT={answer}:mailto:{person.email}"


def _lunch(person: CastPerson, monday: date) -> DemoEvent:
    return DemoEvent(
        _uid(person, "lunch"),
        "Lunch",
        monday,
        time(12, 30),
        time(13),
        person.time_zone,
        rule=f"FREQ=WEEKLY;BYDAY={WORKDAYS}",
    )


def _team_meeting(person: CastPerson, monday: date) -> DemoEvent:
    """Mondays; left out in the third week, on Tuesday afternoon in the second."""
    moved_from = _day(monday, 2, "MO")
    return DemoEvent(
        _uid(person, "team-meeting"),
        "Support team meeting",
        monday,
        time(9, 30),
        time(10, 15),
        person.time_zone,
        rule="FREQ=WEEKLY;BYDAY=MO",
        skipped=(_day(monday, 3, "MO"),),
        moved=(Moved(moved_from, moved_from + timedelta(days=1), time(14), time(14, 45)),),
        properties=("LOCATION:Room Danube", _LEV, _attendee(person, "ACCEPTED")),
    )


def _invitations(person: CastPerson, monday: date, weekdays: tuple[str, str, str]) -> list[DemoEvent]:
    """One declined, one cancelled (neither takes time) and one tentative, all in the first full week."""
    declined, cancelled, tentative = (_day(monday, 1, weekday) for weekday in weekdays)
    zone = person.time_zone
    return [
        DemoEvent(
            _uid(person, "declined"),
            "Tender review",
            declined,
            time(10),
            time(11, 30),
            zone,
            properties=(_LEV, _attendee(person, "DECLINED")),
        ),
        DemoEvent(
            _uid(person, "cancelled"),
            "Release planning",
            cancelled,
            time(14),
            time(15),
            zone,
            properties=("STATUS:CANCELLED", "SEQUENCE:1", _LEV, _attendee(person, "ACCEPTED")),
        ),
        DemoEvent(
            _uid(person, "tentative"),
            "Coffee with the documentation team",
            tentative,
            time(15, 30),
            time(16),
            zone,
            properties=("STATUS:TENTATIVE",),
        ),
    ]


def _sam_work(sam: CastPerson, monday: date) -> list[DemoEvent]:
    zone = sam.time_zone
    one_to_one = _day(monday, 0, "TH")
    return [
        _lunch(sam, monday),
        _team_meeting(sam, monday),
        *_invitations(sam, monday, ("WE", "TH", "TU")),
        DemoEvent(
            _uid(sam, "one-to-one"),
            "Sam and Lev",
            one_to_one,
            time(15),
            time(15, 30),
            zone,
            rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
            skipped=(_day(monday, 4, "TH"),),
        ),
        DemoEvent(_uid(sam, "company-day"), "Company day", company_day(monday)),
        DemoEvent(
            _uid(sam, "release-week"),
            "Release week",
            _day(monday, 2, "MO"),
            end_day=_day(monday, 2, "FR"),
            properties=(_TRANSPARENT,),
        ),
        DemoEvent(
            _uid(sam, "quarter"),
            "Quarterly numbers",
            _day(monday, 3, "WE"),
            time(10),
            time(12),
            zone,
            properties=("DESCRIPTION:Bring the response times of the last quarter.",),
        ),
        *_trip(sam, monday),
    ]


def _trip(sam: CastPerson, monday: date) -> list[DemoEvent]:
    """To a customer in New York in the sixth week: flights and workshops on two clocks."""
    tuesday, wednesday, thursday, friday = (_day(monday, 6, day) for day in ("TU", "WE", "TH", "FR"))
    there, here = "America/New_York", "Europe/Vienna"
    return [
        DemoEvent(
            _uid(sam, "flight-out"),
            "Flight to New York",
            tuesday,
            time(10, 15),
            time(14, 5),
            here,
            end_zone=there,
            properties=("LOCATION:Vienna airport",),
        ),
        DemoEvent(
            _uid(sam, "workshop"),
            "Workshop in New York",
            wednesday,
            time(9),
            time(12),
            there,
            rule="FREQ=DAILY;COUNT=2",
        ),
        DemoEvent(
            _uid(sam, "flight-back"),
            "Flight home",
            thursday,
            time(18, 30),
            time(9, 10),
            there,
            end_day=friday,
            end_zone=here,
        ),
    ]


def _sam_private(sam: CastPerson, monday: date) -> list[DemoEvent]:
    zone = sam.time_zone
    return [
        DemoEvent(_uid(sam, "dentist"), "Dentist", _day(monday, 1, "FR"), time(9), time(10), zone),
        DemoEvent(
            _uid(sam, "football"),
            "Football",
            _day(monday, 0, "TU"),
            time(17, 30),
            time(19),
            zone,
            rule="FREQ=WEEKLY;BYDAY=TU",
        ),
        DemoEvent(
            _uid(sam, "school"), "Talk at Ema's school", _day(monday, 5, "MO"), time(15), time(16, 30), zone
        ),
        DemoEvent(_uid(sam, "birthday"), "Ema's birthday", _day(monday, 3, "TH"), properties=(_TRANSPARENT,)),
    ]


def _rita_work(rita: CastPerson, monday: date) -> list[DemoEvent]:
    zone = rita.time_zone
    return [
        _lunch(rita, monday),
        _team_meeting(rita, monday),
        *_invitations(rita, monday, ("TU", "WE", "TH")),
        DemoEvent(
            _uid(rita, "onboarding"),
            "Onboarding of new colleagues",
            _day(monday, 0, "WE"),
            time(10),
            time(11),
            zone,
            rule="FREQ=WEEKLY;BYDAY=WE",
            skipped=(_day(monday, 2, "WE"),),
        ),
        DemoEvent(_uid(rita, "inventory"), "Stocktaking", _day(monday, 5, "FR")),
        DemoEvent(
            _uid(rita, "london"),
            "Lynx in London",
            _day(monday, 3, "TU"),
            time(9, 30),
            time(15),
            "Europe/London",
            properties=("LOCATION:London",),
        ),
        DemoEvent(
            _uid(rita, "fair"),
            "Trade fair (others go)",
            _day(monday, 4, "TU"),
            end_day=_day(monday, 4, "TH"),
            properties=(_TRANSPARENT,),
        ),
    ]


def _rita_private(rita: CastPerson, monday: date) -> list[DemoEvent]:
    zone = rita.time_zone
    return [
        DemoEvent(
            _uid(rita, "choir"),
            "Choir",
            _day(monday, 0, "TH"),
            time(18),
            time(20),
            zone,
            rule="FREQ=WEEKLY;BYDAY=TH",
        ),
        DemoEvent(_uid(rita, "boiler"), "Boiler service", _day(monday, 2, "FR"), time(8), time(11), zone),
    ]


_Content = Callable[[CastPerson, date], list[DemoEvent]]
_CONTENTS: dict[str, tuple[_Content, _Content]] = {
    "sam": (_sam_work, _sam_private),
    "rita": (_rita_work, _rita_private),
    "lev": (_rita_work, _rita_private),
}
