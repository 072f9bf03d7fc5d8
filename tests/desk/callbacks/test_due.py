"""By when somebody is rung, and from when on."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.desk.callbacks.due import can_wish, due_at, is_night, not_before
from app.desk.hours import BusinessHours
from app.settings.values import ServiceWindow

BRATISLAVA, NEW_YORK, TOKYO, HONOLULU = (
    "Europe/Bratislava",
    "America/New_York",
    "Asia/Tokyo",
    "Pacific/Honolulu",
)
HOURS = BusinessHours(ServiceWindow(), BRATISLAVA, "SK", "", frozenset({date(2026, 12, 4)}))
TWO = timedelta(hours=2)


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    """A moment by the clock of Bratislava in winter; the 30th of November 2026 is a Monday."""
    return datetime(2026, month, day, hour - 1, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (at(30, 10, month=11), at(30, 12, month=11)),
        (at(30, 15, month=11), at(30, 17, month=11)),
        (at(30, 16, month=11), at(1, 10)),
        (at(30, 18, 30, month=11), at(1, 11)),
        (at(5, 12), at(7, 11)),
        (at(3, 16, 59), at(7, 10, 59)),  # Friday the 4th is a day off of the service
    ],
)
def test_it_is_due_two_business_hours_after_it_was_asked(asked: datetime, due: datetime) -> None:
    assert due_at(HOURS, TWO, asked, None, "") == due
    assert due_at(HOURS, TWO, asked, None, "Europe/Berlin") == due


def test_the_policy_stays_where_the_wish_is_earlier() -> None:
    assert due_at(HOURS, TWO, at(1, 10), at(1, 10, 30), "") == at(1, 12)


def test_a_later_wish_is_kept_within_half_an_hour() -> None:
    assert due_at(HOURS, TWO, at(1, 10), at(2, 15), NEW_YORK) == at(2, 15, 30)
    assert due_at(HOURS, TWO, at(1, 10), at(1, 11, 50), "") == at(1, 12, 20)


def test_a_wish_out_of_hours_counts_from_the_next_opening() -> None:
    assert not can_wish(HOURS, at(1, 16, 45))
    assert can_wish(HOURS, at(1, 16, 30))
    assert due_at(HOURS, TWO, at(1, 10), at(1, 20), "") == at(2, 11)


def test_nobody_is_promised_a_call_in_their_night() -> None:
    # 11:00 in Bratislava is 5:00 in New York: there the day begins at 14:00.
    assert due_at(HOURS, TWO, at(30, 18, 30, month=11), None, NEW_YORK) == at(1, 16)
    # 16:00 is midnight in Tokyo, and 9:00 of the next morning is 17:00.
    assert due_at(HOURS, TWO, at(1, 14), None, TOKYO) == at(2, 11)


def test_a_wish_that_passed_lets_nobody_be_rung_in_their_night() -> None:
    # Asked at 10:00 in New York for half an hour later: the policy would end at 4:00 there.
    wish, due = at(30, 16, 30, month=11), at(1, 16)
    assert due_at(HOURS, TWO, at(30, 16, month=11), wish, NEW_YORK) == due
    assert not_before(at(30, 16, 40, month=11), due, wish, NEW_YORK) is None
    assert not_before(at(1, 9), due, wish, NEW_YORK) == at(1, 14)


def test_where_our_hours_are_all_night_the_policy_holds() -> None:
    assert due_at(HOURS, TWO, at(1, 10), None, HONOLULU) == at(1, 12)


def test_night_is_before_eight_and_from_nine_in_the_evening_there() -> None:
    assert is_night(at(1, 13, 59), NEW_YORK) and not is_night(at(1, 14), NEW_YORK)
    assert not is_night(at(1, 20, 59), BRATISLAVA) and is_night(at(1, 21), BRATISLAVA)


def test_a_call_waits_for_the_wish_and_for_the_morning_there() -> None:
    now = at(1, 10, 12)
    assert not_before(now, at(1, 16), None, NEW_YORK) == at(1, 14)
    assert not_before(now, at(2, 15, 30), at(2, 15), NEW_YORK) == at(2, 15)
    assert not_before(at(2, 15), at(2, 15, 30), at(2, 15), BRATISLAVA) is None
    assert not_before(now, at(1, 12), None, BRATISLAVA) is None
    assert not_before(now, at(1, 12), None, "") is None


def test_what_is_promised_in_their_night_is_not_put_off() -> None:
    assert not_before(at(1, 10), at(1, 12), None, HONOLULU) is None
