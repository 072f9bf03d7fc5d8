"""Whether a specialist is in, and until when."""

from datetime import UTC, datetime

from app.availability.presence import Presence, State, Why, presence_at, reachable_in
from app.lib.intervals import Interval


def at(hour: int, minute: int = 0, day: int = 25) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def span(start: tuple[int, int], end: tuple[int, int]) -> Interval:
    return Interval(at(*start), at(*end))


WORKING = [span((8, 0), (11, 30)), span((12, 30), (16, 0)), Interval(at(8, day=26), at(16, day=26))]


def test_in_until_the_working_range_ends() -> None:
    assert presence_at(at(9), WORKING, [], []) == Presence(State.IN, at(11, 30))


def test_a_private_entry_later_today_is_not_told() -> None:
    assert presence_at(at(9), WORKING, [], [span((10, 7), (10, 53))]) == Presence(State.IN, at(11, 30))


def test_during_a_private_entry_away_until_a_rounded_time() -> None:
    assert presence_at(at(10, 10), WORKING, [], [span((10, 7), (10, 53))]) == Presence(
        State.AWAY, at(11), Why.BUSY
    )


def test_on_a_call_until_the_call_and_its_buffer_end() -> None:
    assert presence_at(at(9), WORKING, [span((8, 50), (9, 40))], []) == Presence(State.ON_CALL, at(9, 40))


def test_on_the_last_call_of_the_day_free_the_next_morning() -> None:
    calls = [span((15, 30), (16, 10))]
    assert presence_at(at(15, 45), WORKING, calls, []) == Presence(State.ON_CALL, at(8, day=26))


def test_away_at_lunch_and_after_work() -> None:
    assert presence_at(at(12), WORKING, [], []) == Presence(State.AWAY, at(12, 30), Why.HOURS)
    assert presence_at(at(18), WORKING, [], []) == Presence(State.AWAY, at(8, day=26), Why.HOURS)


def test_time_off_and_a_holiday_are_told_apart_from_the_end_of_the_day() -> None:
    tomorrow, off = WORKING[2:], [Interval(at(0), at(0, day=26))]
    assert presence_at(at(9), tomorrow, [], [], off).why is Why.TIME_OFF
    found = presence_at(at(9), tomorrow, [], [], off, "Christmas Day")
    assert found == Presence(State.AWAY, at(8, day=26), Why.HOLIDAY, "Christmas Day")
    assert presence_at(at(9, day=26), tomorrow, [], [], off).state is State.IN


def test_away_without_an_end_when_no_hours_are_known() -> None:
    assert presence_at(at(18), [], [], []) == Presence(State.AWAY, None, Why.HOURS)


def test_reachable_is_what_is_left_of_the_hours_and_begins_and_ends_at_half_hours() -> None:
    calls, busy = [span((8, 30), (9, 10))], [span((13, 0), (13, 47)), span((15, 50), (17, 0))]
    assert reachable_in(WORKING[:2], calls, busy) == [
        span((8, 0), (8, 30)),
        span((9, 30), (11, 30)),
        span((12, 30), (13, 0)),
        span((14, 0), (15, 30)),
    ]


def test_hours_that_end_off_the_half_hour_are_shown_as_they_are() -> None:
    odd = [span((8, 15), (11, 50))]
    assert reachable_in(odd, [], []) == odd


def test_a_gap_too_short_for_a_half_hour_is_not_shown() -> None:
    busy = [span((8, 0), (9, 5)), span((9, 55), (11, 30))]
    assert reachable_in(WORKING[:1], [], busy) == []
