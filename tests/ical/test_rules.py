"""Rules weighed before they are expanded, and started near the window without a change of meaning."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ical.expand import expand
from app.lib.intervals import Interval
from tests.ical.values import event

_WINDOW = Interval(datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 4, 3, tzinfo=UTC))
_DAYS = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=3, unique=True
)


def _starts(rule: str, start: datetime) -> list[datetime]:
    text = event(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT1M", f"RRULE:{rule}")
    return [span.start for span in expand(text, _WINDOW, "UTC").spans]


def _expected(rule: str, start: datetime) -> list[datetime]:
    naive = start.replace(tzinfo=None)
    low, high = _WINDOW.start.replace(tzinfo=None), _WINDOW.end.replace(tzinfo=None)
    found = set(rrulestr(rule, dtstart=naive).between(low, high, inc=True)) | {naive}
    return [moment.replace(tzinfo=UTC) for moment in sorted(found) if low <= moment < high]


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
    st.one_of(
        st.none(),
        _DAYS.map(lambda days: "BYDAY=" + ",".join(days)),
        st.integers(-3, 31).filter(bool).map(lambda n: f"BYMONTHDAY={n}"),
    ),
    st.one_of(st.none(), st.sampled_from(["BYMONTH=2,3", "BYMONTH=3"])),
    st.one_of(st.none(), st.integers(1, 4000).map(lambda n: f"COUNT={n}")),
    st.integers(0, 8000),
)
def test_start_near_the_window_gives_the_same_occurrences(
    frequency: str, interval: int, days: str | None, months: str | None, count: str | None, back: int
) -> None:
    rule = ";".join(filter(None, [f"FREQ={frequency}", f"INTERVAL={interval}", days, months, count]))
    start = datetime(2026, 4, 1, 9, 30, tzinfo=UTC) - timedelta(days=back)
    assert _starts(rule, start) == _expected(rule, start)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=7",
        "FREQ=SECONDLY;COUNT=999999999",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;COUNT=9;BYMONTH=2;BYYEARDAY=200",
        "FREQ=MONTHLY;BYDAY=53MO",
        "FREQ=WEEKLY;BYSETPOS=9;BYDAY=MO",
        "FREQ=YEARLY;BYHOUR=0,1,2,3,4,5;BYMINUTE=" + ",".join(map(str, range(60))),
        "FREQ=YEARLY;BYYEARDAY=366;INTERVAL=2",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=9",
        "FREQ=DAILY;INTERVAL=7;BYDAY=WE",
        "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2",
        "FREQ=HOURLY;INTERVAL=11;BYSETPOS=3;BYMINUTE=0,30",
        "FREQ=MINUTELY;INTERVAL=11;BYSETPOS=-2;BYDAY=MO",
        "FREQ=SECONDLY;INTERVAL=11;BYSETPOS=2",
    ],
)
def test_no_rule_holds_a_thread_for_long(rule: str) -> None:
    begun = time.process_time()
    assert len(_starts(rule, datetime(1999, 3, 1, 9, tzinfo=UTC))) <= 2_000
    assert time.process_time() - begun < 1


def test_filters_of_a_fine_rule_cost_nothing() -> None:
    rule = "FREQ=SECONDLY;BYSECOND=0,30;BYMINUTE=0;BYHOUR=9;BYMONTH=3;BYMONTHDAY=5"
    assert _starts(rule, datetime(2020, 1, 1, tzinfo=UTC)) == [
        datetime(2026, 3, 5, 9, tzinfo=UTC),
        datetime(2026, 3, 5, 9, 0, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    "rule", ["freq=weekly;byday=mo", " FREQ = WEEKLY ; BYDAY = MO ", "FREQ=WEEKLY;BYDAY=MO;X-ODD=1;"]
)
def test_sloppy_rules_are_read(rule: str) -> None:
    assert len(_starts(rule, datetime(2026, 3, 2, 9, tzinfo=UTC))) == 5
