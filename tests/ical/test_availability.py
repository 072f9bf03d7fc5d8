"""Working hours out of availability (RFC 7953)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.ical.availability import expand_availability
from app.lib.intervals import Interval
from app.lib.zones import local
from tests.ical.availabilities import (
    BERLIN,
    apple,
    availability,
    available,
    moved_to_the_afternoon,
    nextcloud,
    two_weeks_only,
    weekdays,
)
from tests.ical.values import calendar

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def days(count: int, first: datetime = MONDAY) -> Interval:
    return Interval(first, first + timedelta(days=count))


def hours(*texts: str, window: Interval | None = None, zone: str = BERLIN) -> list[str]:
    """The hours of all texts together, like "Mon 09:00-17:00", on the wall clock of ``zone``."""
    answers = expand_availability(texts, window or days(7), zone)
    spans = sorted(span for answer in answers for span in answer.spans or ())
    return [f"{local(span.start, zone):%a %H:%M}-{local(span.end, zone):%H:%M}" for span in spans]


def week(span: str, names: str = "Mon Tue Wed Thu Fri") -> list[str]:
    return [f"{name} {span}" for name in names.split()]


def test_weekdays_of_the_rfc_are_hours_and_their_anchor_on_a_sunday_is_not() -> None:
    text = calendar(availability(weekdays()))
    assert hours(text) == week("09:00-17:00")
    october = days(9, datetime(2011, 10, 1, tzinfo=UTC))
    assert hours(text, window=october)[0] == "Mon 09:00-17:00"


def test_two_places_in_a_week_add_up() -> None:
    friday = available("friday", "20111007T090000", "20111007T120000", "RRULE:FREQ=WEEKLY", "LOCATION:Branch")
    rest = available("rest", "20111002T090000", "20111002T170000", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH")
    text = calendar(availability(rest, friday))
    assert hours(text) == [*week("09:00-17:00", "Mon Tue Wed Thu"), "Fri 09:00-12:00"]


def test_three_stretches_of_a_journey_follow_each_other() -> None:
    def stretch(zone: str, *bounds: str) -> str:
        rule = "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        hours = available("all", "20111002T090000", "20111002T170000", rule, zone=zone)
        return availability(*(line.format(zone) for line in bounds), hours)

    montreal, denver = "America/Montreal", "America/Denver"
    text = calendar(
        stretch(montreal, "DTSTART;TZID={}:20111002T000000", "DTEND;TZID={}:20111023T030000"),
        stretch(denver, "DTSTART;TZID={}:20111023T000000", "DTEND;TZID={}:20111030T000000"),
        stretch(montreal, "DTSTART;TZID={}:20111030T030000"),
    )
    window = days(21, datetime(2011, 10, 16, tzinfo=UTC))
    found = hours(text, window=window, zone="America/Montreal")
    assert found == [*week("09:00-17:00"), *week("11:00-19:00"), *week("09:00-17:00")]


def test_nextclouds_week_is_read() -> None:
    assert hours(nextcloud()) == week("09:00-17:30")


def test_apples_week_begun_years_ago_is_read() -> None:
    both = [
        time for day in ["Mon", "Tue", "Wed", "Thu"] for time in (f"{day} 08:30-12:00", f"{day} 13:00-17:00")
    ]
    assert hours(apple()) == both


def test_hours_keep_the_wall_clock_over_the_change_of_clocks() -> None:
    march = days(14, datetime(2027, 3, 22, tzinfo=UTC))
    spans = expand_availability([calendar(availability(weekdays()))], march, BERLIN)[0].spans
    assert spans is not None
    assert [span.start.hour for span in spans] == [8] * 5 + [7] * 5


def test_floating_hours_are_on_the_owners_clock() -> None:
    text = calendar(
        availability("BEGIN:AVAILABLE", "UID:f", "DTSTART:20261123T090000", "DURATION:PT3H", "END:AVAILABLE")
    )
    spans = expand_availability([text], days(1), "Asia/Yekaterinburg")[0].spans
    assert spans == (Interval(MONDAY + timedelta(hours=4), MONDAY + timedelta(hours=7)),)


def test_left_out_and_moved_occurrences_are_followed() -> None:
    master = weekdays("090000", "170000", "EXDATE;TZID=Europe/Berlin:20261124T090000")
    assert hours(calendar(availability(master, moved_to_the_afternoon()))) == [
        "Mon 09:00-17:00", "Wed 14:00-16:00", "Thu 09:00-17:00", "Fri 09:00-17:00",
    ]  # fmt: skip


def test_outside_its_bounds_an_availability_says_nothing() -> None:
    until_wednesday = "DTEND;TZID=Europe/Berlin:20261125T120000"
    assert hours(calendar(availability(until_wednesday, weekdays()))) == [
        *week("09:00-17:00", "Mon Tue"),
        "Wed 09:00-12:00",
    ]
    for_a_day = ["DTSTART;TZID=Europe/Berlin:20261124T000000", "DURATION:P1D"]
    assert hours(calendar(availability(*for_a_day, weekdays()))) == week("09:00-17:00", "Tue")


@pytest.mark.parametrize("is_one_text", [True, False])
def test_a_higher_priority_rules_as_long_as_it_lasts(is_one_text: bool) -> None:
    usual, short = calendar(availability(weekdays())), two_weeks_only()
    joined = usual.replace("END:VCALENDAR\r\n", "") + short.partition("VERSION:2.0\r\n")[2]
    texts = [joined] if is_one_text else [usual, short]
    window = days(21)
    assert hours(*texts, window=window) == [*week("10:00-12:00"), *week("10:00-12:00"), *week("09:00-17:00")]


def test_each_text_is_told_what_it_adds_itself() -> None:
    usual, short = expand_availability(
        [calendar(availability(weekdays())), two_weeks_only()], days(21), BERLIN
    )
    assert [len(answer.spans or ()) for answer in (usual, short)] == [5, 10]


@pytest.mark.parametrize(("first", "second"), [("1", "9"), ("9", "0"), ("5", ""), ("9", "10")])
def test_one_is_the_highest_priority_and_none_the_lowest(first: str, second: str) -> None:
    other = f"PRIORITY:{second}" if second else "X-NONE:1"
    low = calendar(availability(other, weekdays("090000", "170000")))
    high = calendar(availability(f"PRIORITY:{first}", weekdays("100000", "120000")))
    assert hours(low, high) == hours(high, low) == week("10:00-12:00")


def test_of_equal_ones_each_may_say_no() -> None:
    texts = [
        calendar(availability(weekdays("090000", "130000"))),
        calendar(availability(weekdays("110000", "170000"))),
    ]
    assert sorted(set(hours(*texts))) == sorted(week("11:00-13:00"))


@pytest.mark.parametrize("kind", ["BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE", "X-AWAY"])
def test_any_busytype_is_away(kind: str) -> None:
    away = calendar(availability("PRIORITY:1", f"BUSYTYPE:{kind}"))
    assert hours(calendar(availability(weekdays())), away) == []


def test_unreadable_text_is_told_apart_from_one_without_hours() -> None:
    good, broken, empty = expand_availability(
        [calendar(availability(weekdays())), "<html>", calendar()], days(7), BERLIN
    )
    assert len(good.spans or ()) == 5
    assert broken.spans is None
    assert broken.problems[0].reason.startswith("unreadable")
    assert empty.spans == ()


@pytest.mark.parametrize(
    "line",
    ["RRULE:FREQ=NONSENSE", "RRULE:FREQ=SECONDLY", "DURATION:forever", "EXDATE:rubbish\r\nRRULE:FREQ=DAILY"],
)
def test_hours_that_cannot_be_read_wholly_are_none_and_the_owner_is_told(line: str) -> None:
    odd = "\r\n".join(
        ["BEGIN:AVAILABLE", "UID:odd", "SUMMARY:Odd", "DTSTART:20261123T090000Z", line, "END:AVAILABLE"]
    )
    (answer,) = expand_availability(
        [calendar(availability(odd, weekdays("140000", "150000")))], days(7), BERLIN
    )
    assert answer.spans is not None
    assert {local(span.start, BERLIN).hour for span in answer.spans} == {14}
    assert {(item.uid, item.summary) for item in answer.problems} == {("odd", "Odd")}


@pytest.mark.parametrize(
    "line", ["DTSTART:someday", "DTSTART:20261123T000000Z\r\nDTEND:20261101T000000Z", "RRULE:FREQ=DAILY"]
)
def test_bounds_that_cannot_be_read_leave_no_hours(line: str) -> None:
    odd = calendar(availability("PRIORITY:1", line, weekdays("100000", "120000")))
    texts = [calendar(availability(weekdays())), odd]
    assert hours(*texts) == []
    assert expand_availability(texts, days(7), BERLIN)[1].problems


def test_more_availabilities_than_anybody_has_are_unreadable() -> None:
    text = calendar(*[availability(weekdays())] * 201)
    assert expand_availability([text], days(7), BERLIN)[0].spans is None
