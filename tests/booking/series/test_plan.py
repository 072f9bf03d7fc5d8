"""When the calls of a series are, and what is said against them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.availability.slots import Reason
from app.booking.series.errors import SeriesRefused
from app.booking.series.plan import YOURS, Outlook, chosen_starts, planned_starts, series_fingerprint
from app.booking.series.values import Repeat, SeriesRequest
from app.booking.values import BookingRequest
from app.lib.intervals import Interval
from app.lib.zones import local

ZONE = "Europe/Bratislava"
HALF_HOUR = timedelta(minutes=30)
FIRST = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def walls(starts: list[datetime], zone: str = ZONE) -> list[str]:
    return [f"{local(start, zone):%m-%d %H:%M}" for start in starts]


@pytest.mark.parametrize(
    ("first", "there"),
    [
        # Clocks go back on 25 October 2026 in Europe, on 1 November in New York.
        (datetime(2026, 10, 20, 8, 0, tzinfo=UTC), ["04:00", "05:00", "04:00"]),
        # Forward on 14 March 2027 in New York, on 28 March in Europe.
        (datetime(2027, 3, 9, 9, 0, tzinfo=UTC), ["04:00", "05:00", "05:00"]),
    ],
)
def test_weekly_at_ten_stays_at_ten_over_a_change_of_clocks(first: datetime, there: list[str]) -> None:
    starts, _ = planned_starts(first, Repeat(1, count=4), ZONE)
    assert {wall[-5:] for wall in walls(starts)} == {"10:00"}
    assert [wall[-5:] for wall in walls(starts, "America/New_York")][: len(there)] == there
    assert starts[0] == first


def test_fortnightly_goes_over_the_ends_of_months_and_the_year() -> None:
    starts, _ = planned_starts(datetime(2026, 12, 17, 9, 0, tzinfo=UTC), Repeat(2, count=6), ZONE)
    days = ["12-17", "12-31", "01-14", "01-28", "02-11", "02-25"]
    assert walls(starts) == [f"{day} 10:00" for day in days]


def test_until_a_moment_is_without_that_moment() -> None:
    assert len(planned_starts(FIRST, Repeat(1, until=FIRST + 3 * WEEK), ZONE)[0]) == 3
    assert len(planned_starts(FIRST, Repeat(1, until=FIRST + 3 * WEEK + HALF_HOUR), ZONE)[0]) == 4


def test_a_series_ends_after_twelve_calls_and_says_so() -> None:
    starts, is_cut = planned_starts(FIRST, Repeat(1, until=FIRST + 52 * WEEK), ZONE)
    assert (len(starts), is_cut) == (12, True)
    assert planned_starts(FIRST, Repeat(1, until=FIRST + 12 * WEEK), ZONE)[1] is False


@pytest.mark.parametrize(
    ("repeat", "reason"),
    [
        (Repeat(3, count=2), "series_weeks"),
        (Repeat(1), "series_count"),
        (Repeat(1, count=1), "series_count"),
        (Repeat(1, count=13), "series_count"),
        (Repeat(2, until=FIRST + WEEK), "series_short"),
        (Repeat(1, until=FIRST - WEEK), "series_short"),
    ],
)
def test_what_is_no_series_is_refused(repeat: Repeat, reason: str) -> None:
    with pytest.raises(SeriesRefused) as refused:
        planned_starts(FIRST, repeat, ZONE)
    assert refused.value.reason == reason


def request(**changes: object) -> SeriesRequest:
    call = BookingRequest("product-support", FIRST, "", "video", "", "key")
    return replace(SeriesRequest(call, Repeat(1, count=3)), **changes)  # type: ignore[arg-type]


def test_calls_are_left_out_or_put_elsewhere() -> None:
    planned = [FIRST, FIRST + WEEK, FIRST + 2 * WEEK]
    wanted = request(skip=frozenset({planned[0]}), instead={planned[1]: planned[1] + HALF_HOUR})
    assert chosen_starts(wanted, planned) == {planned[1]: planned[1] + HALF_HOUR, planned[2]: planned[2]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"skip": frozenset({FIRST + HALF_HOUR})}, "series_start"),
        ({"instead": {FIRST + HALF_HOUR: FIRST}}, "series_start"),
        ({"skip": frozenset({FIRST, FIRST + WEEK})}, "series_empty"),
    ],
)
def test_choices_that_are_none_are_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(SeriesRefused) as refused:
        chosen_starts(request(**changes), [FIRST, FIRST + WEEK])
    assert refused.value.reason == reason


def outlook(**reasons: Reason | None) -> Outlook:
    """Half hours around FIRST and a week later, all open but those named; ``a3`` is FIRST."""
    grid = {
        f"{letter}{number}": start + (number - 3) * HALF_HOUR
        for letter, start in (("a", FIRST), ("b", FIRST + WEEK))
        for number in range(7)
    }
    told = {start: reasons.get(name) for name, start in grid.items()}
    return Outlook(Interval(FIRST - WEEK, FIRST + 2 * WEEK), told, frozenset(), HALF_HOUR)


def test_a_conflict_is_offered_the_three_open_times_nearest_to_it() -> None:
    seen = outlook(a3=Reason.BUSY, a4=Reason.TAKEN)
    call = seen.planned(FIRST, Repeat(1, count=2))
    assert call.why == "busy"
    assert [span.start for span in call.near] == [FIRST - n * HALF_HOUR for n in (2, 1)] + [
        FIRST + 2 * HALF_HOUR
    ]
    assert seen.planned(FIRST + WEEK, Repeat(1, count=2)).near == ()


def test_two_calls_of_a_series_are_never_offered_the_same_time() -> None:
    full = {f"{letter}{number}": Reason.BUSY for letter in "ab" for number in range(7)}
    seen = outlook(**full | {"a0": None})
    offered = [seen.planned(start, Repeat(1, count=2)).near for start in (FIRST, FIRST + WEEK)]
    assert [len(spans) for spans in offered] == [1, 0]


def test_starts_outside_of_what_was_judged_have_their_reasons() -> None:
    seen = replace(outlook(a1=Reason.HORIZON), own=frozenset({FIRST + WEEK}))
    assert seen.why(FIRST - WEEK - HALF_HOUR) == Reason.PAST
    assert seen.why(FIRST + 2 * WEEK) == Reason.HORIZON
    assert seen.why(FIRST + timedelta(minutes=7)) == Reason.OFF_GRID
    assert seen.why(FIRST + WEEK) == YOURS
    assert seen.planned(FIRST - 2 * HALF_HOUR, Repeat(1, count=2)).near == ()


def test_the_fingerprint_knows_every_choice_but_not_the_key() -> None:
    plain = request()
    others = [
        request(repeat=Repeat(2, count=3)),
        request(repeat=Repeat(1, until=FIRST + 3 * WEEK)),
        request(skip=frozenset({FIRST})),
        request(instead={FIRST: FIRST + HALF_HOUR}),
        request(call=replace(plain.call, topic="Another")),
    ]
    assert len({series_fingerprint(item) for item in (plain, *others)}) == 1 + len(others)
    assert series_fingerprint(request(call=replace(plain.call, key="b"))) == series_fingerprint(plain)
