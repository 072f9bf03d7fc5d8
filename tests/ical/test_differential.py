"""Well-formed series, read by us and by an unrelated reader of calendars: the same occurrences."""

from datetime import UTC, datetime, timedelta
from itertools import takewhile

from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from app.ical.expand import expand
from app.lib.intervals import Interval
from tests.ical.values import calendar

_WINDOW = Interval(datetime(2026, 3, 16, tzinfo=UTC), datetime(2026, 4, 13, tzinfo=UTC))
_LENGTH = timedelta(minutes=45)
_ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
# Not in the hours that clocks change in: there the readers of the world disagree.
_CLOCKS = st.tuples(st.integers(5, 22), st.sampled_from([0, 15, 30, 45]))
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def _series(draw: st.DrawFn) -> tuple[str, datetime, list[str]]:
    """A zone, a start that fits its rule, and the lines of rule and exceptions."""
    hour, minute = draw(_CLOCKS)
    start = datetime(2025, 12, 1, hour, minute) + timedelta(days=draw(st.integers(0, 110)))  # noqa: DTZ001
    day, ordinal = _WEEKDAYS[start.weekday()], (start.day + 6) // 7
    others = draw(st.lists(st.sampled_from(_WEEKDAYS), max_size=2))
    rule = draw(
        st.sampled_from(
            [
                "FREQ=DAILY",
                f"FREQ=WEEKLY;BYDAY={','.join(sorted({day, *others}))}",
                f"FREQ=MONTHLY;BYDAY={ordinal}{day}",
                f"FREQ=MONTHLY;BYMONTHDAY={start.day}",
                "FREQ=MONTHLY;BYMONTHDAY=-1",
                "FREQ=YEARLY",
            ]
        )
    )
    if rule.endswith("-1"):
        start = start.replace(day=1) - timedelta(days=1)
    rule += f";INTERVAL={draw(st.integers(1, 3))}"
    rule += draw(st.sampled_from(["", ";COUNT=9", ";COUNT=40", ";UNTIL=20260401T235959Z"]))
    left_out = draw(st.lists(st.integers(0, 120), max_size=4))
    stamps = {f"{start + timedelta(days=n):%Y%m%dT%H%M%S}" for n in left_out if n}
    zone = draw(_ZONES)
    lines = [f"RRULE:{rule}", *(f"EXDATE;TZID={zone}:{stamp}" for stamp in sorted(stamps))]
    return zone, start, lines


@settings(deadline=None, max_examples=150)
@given(_series())
def test_both_readers_find_the_same_occurrences(series: tuple[str, datetime, list[str]]) -> None:
    zone, start, lines = series
    text = calendar(
        *("PRODID:-//x//EN", "BEGIN:VEVENT", "UID:a", "DTSTAMP:20260101T000000Z"),
        *(f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}", "DURATION:PT45M", *lines, "END:VEVENT"),
    )
    read = IcsCalendarStream.calendar_from_ics(text).timeline
    theirs = takewhile(lambda event: event.start_datetime < _WINDOW.end, read)
    wanted = [event.start_datetime.astimezone(UTC) for event in theirs]
    found = expand(text, _WINDOW, "UTC").spans
    # One that has begun before the window reaches into it.
    assert [span.start for span in found] == [start for start in wanted if start + _LENGTH > _WINDOW.start]
    assert all(span.end - span.start == _LENGTH for span in found)
