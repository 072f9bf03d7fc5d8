"""By when a request is answered and taken a step further: every target of the offer, on real calendars."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.availability.holidays import OwnDay
from app.desk.hours import after, is_open, next_opening
from app.desk.sla import Targets, business, news_due, targets
from app.settings.values import Clock, ResponseTime, ServiceWindow, Term, Unit
from tests.desk.clock import POLICY, at

# Severity, when it was opened, first response, next step; 24 November 2026 is a Tuesday.
TUESDAY_AT_TEN = [
    (1, "2026-11-24 10:00", "2026-11-24 11:00", "2026-11-24 14:00"),
    (2, "2026-11-24 10:00", "2026-11-24 11:00", "2026-11-24 14:00"),
    (3, "2026-11-24 10:00", "2026-11-24 12:00", "2026-11-26 10:00"),
    (4, "2026-11-24 10:00", "2026-11-25 10:00", None),
    (5, "2026-11-24 10:00", "2026-11-25 10:00", None),
]
EDGES_OF_DAYS = [
    (3, "2026-11-27 16:59", "2026-11-30 10:59", "2026-12-01 16:59"),
    (4, "2026-11-27 16:59", "2026-11-30 16:59", None),
    (4, "2026-11-27 16:00", "2026-11-30 16:00", None),
    # The moment of closing is outside.
    (3, "2026-11-27 17:00", "2026-11-30 11:00", "2026-12-01 17:00"),
    (5, "2026-11-27 17:00", "2026-11-30 17:00", None),
    # Due when it closes is due then, not at the next opening.
    (3, "2026-11-24 15:00", "2026-11-24 17:00", "2026-11-26 15:00"),
    (3, "2026-11-24 15:00:01", "2026-11-25 09:00:01", "2026-11-26 15:00:01"),
    (3, "2026-11-23 08:59:59", "2026-11-23 11:00", "2026-11-24 17:00"),
    (4, "2026-11-23 08:59:59", "2026-11-23 17:00", None),
    (3, "2026-11-23 09:00", "2026-11-23 11:00", "2026-11-25 09:00"),
    (4, "2026-11-23 09:00", "2026-11-24 09:00", None),
    (3, "2026-11-24 00:00", "2026-11-24 11:00", "2026-11-25 17:00"),
    (5, "2026-11-24 18:00", "2026-11-25 17:00", None),
    (5, "2026-11-24 07:00", "2026-11-24 17:00", None),
    (1, "2026-11-24 23:30", "2026-11-25 00:30", "2026-11-25 03:30"),
]
WEEKENDS_AND_HOLIDAYS = [
    (1, "2026-11-29 02:00", "2026-11-29 03:00", "2026-11-29 06:00"),
    (2, "2026-11-29 02:00", "2026-11-29 03:00", "2026-11-29 06:00"),
    (3, "2026-11-28 12:00", "2026-11-30 11:00", "2026-12-01 17:00"),
    (4, "2026-11-28 12:00", "2026-11-30 17:00", None),
    # Christmas: Thursday and Friday are off, then comes a weekend.
    (1, "2026-12-24 10:00", "2026-12-24 11:00", "2026-12-24 14:00"),
    (3, "2026-12-23 16:00", "2026-12-28 10:00", "2026-12-29 16:00"),
    (4, "2026-12-23 16:00", "2026-12-28 16:00", None),
    (4, "2026-12-24 10:00", "2026-12-28 17:00", None),
    # The year's end, and Epiphany on a Wednesday.
    (3, "2026-12-31 16:30", "2027-01-04 10:30", "2027-01-05 16:30"),
    (2, "2026-12-31 23:30", "2027-01-01 00:30", "2027-01-01 03:30"),
    (5, "2027-01-05 16:30", "2027-01-07 16:30", None),
    # Easter: Good Friday and Monday.
    (3, "2026-04-02 16:00", "2026-04-07 10:00", "2026-04-08 16:00"),
    (4, "2026-04-03 10:00", "2026-04-07 17:00", None),
]
CLOCK_CHANGES_AND_MONTHS = [
    (4, "2026-03-27 16:00", "2026-03-30 16:00", None),
    (3, "2026-03-27 16:00", "2026-03-30 10:00", "2026-03-31 16:00"),
    (1, "2026-03-29 01:30", "2026-03-29 03:30", "2026-03-29 06:30"),
    (4, "2026-10-23 16:00", "2026-10-26 16:00", None),
    (3, "2026-10-23 16:00", "2026-10-26 10:00", "2026-10-27 16:00"),
    (1, "2026-10-25 01:30", "2026-10-25 02:30", "2026-10-25 04:30"),
    (3, "2026-01-30 16:30", "2026-02-02 10:30", "2026-02-03 16:30"),
    # 2028 has a 29 February, a Tuesday; 2026 has none.
    (3, "2028-02-28 16:30", "2028-02-29 10:30", "2028-03-01 16:30"),
    (4, "2028-02-29 16:30", "2028-03-01 16:30", None),
    (1, "2028-02-28 23:30", "2028-02-29 00:30", "2028-02-29 03:30"),
    (1, "2026-02-28 23:30", "2026-03-01 00:30", "2026-03-01 03:30"),
]


@pytest.mark.parametrize(
    ("severity", "opened", "first", "then"),
    TUESDAY_AT_TEN + EDGES_OF_DAYS + WEEKENDS_AND_HOLIDAYS + CLOCK_CHANGES_AND_MONTHS,
)
def test_both_clocks_run_out_when_the_offer_says(
    severity: int, opened: str, first: str, then: str | None
) -> None:
    assert targets(POLICY, severity, at(opened)) == Targets(at(first), at(then) if then else None)


def test_the_wall_clock_counts_elapsed_hours_when_clocks_change() -> None:
    opened = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert targets(POLICY, 1, opened) == Targets(opened + timedelta(hours=1), opened + timedelta(hours=4))
    day = after(business(POLICY), Clock.WALL, Term(1, Unit.DAYS), opened)
    assert day == opened + timedelta(hours=24)


def test_each_clock_of_each_severity_follows_the_policy_alone() -> None:
    mixed = replace(
        POLICY,
        response_times=(
            ResponseTime(1, Clock.BUSINESS, Term(1, Unit.HOURS), Term(1, Unit.DAYS)),
            ResponseTime(3, Clock.WALL, Term(2, Unit.DAYS), Term(3, Unit.HOURS)),
        ),
    )
    sunday = at("2026-11-29 02:00")
    assert targets(mixed, 1, sunday) == Targets(at("2026-11-30 10:00"), at("2026-11-30 17:00"))
    # The next step is due before the first response: neither moves the other.
    assert targets(mixed, 3, sunday) == Targets(at("2026-12-01 02:00"), at("2026-11-29 05:00"))
    with pytest.raises(LookupError, match="2"):
        targets(mixed, 2, sunday)


def test_the_window_may_have_other_days_and_hours() -> None:
    short = replace(POLICY, window=ServiceWindow(time(8), time(12, 30), (0, 2)))
    wednesday = at("2026-11-25 12:00")
    assert targets(short, 3, wednesday) == Targets(at("2026-11-30 09:30"), at("2026-12-02 12:00"))
    assert targets(short, 4, at("2026-11-26 10:00")).first_response == at("2026-11-30 12:30")


def test_days_off_of_our_own_count_where_they_hold() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    own = (OwnDay("a", friday, "SK", "", {"en": "Move"}), OwnDay("b", monday, "CZ", "", {"en": "Elsewhere"}))
    found = targets(replace(POLICY, own_days=own), 3, at("2026-11-26 16:00"))
    assert found == Targets(at("2026-11-30 10:00"), at("2026-12-01 16:00"))


def test_without_a_known_country_no_day_is_a_holiday() -> None:
    christmas = at("2026-12-24 10:00")
    assert targets(replace(POLICY, country=""), 3, christmas).first_response == at("2026-12-24 12:00")


def test_a_window_of_which_a_change_of_clocks_leaves_nothing_is_no_business_day() -> None:
    # In Cairo midnight of Friday 24 April 2026 was followed by one o'clock.
    night = replace(POLICY, zone="Africa/Cairo", country="", window=ServiceWindow(time(0, 30), time(1)))
    hours = business(night)
    sunday_night = datetime(2026, 4, 26, 21, 30, tzinfo=UTC)
    assert next_opening(hours, datetime(2026, 4, 22, 23, tzinfo=UTC)) == sunday_night


def test_a_time_that_a_change_of_clocks_skips_is_due_before_the_window_is_over() -> None:
    night = replace(POLICY, zone="Africa/Cairo", country="", window=ServiceWindow(time(0), time(1, 20)))
    asked = datetime(2026, 4, 22, 22, 30, tzinfo=UTC)
    assert targets(night, 4, asked).first_response == datetime(2026, 4, 23, 22, 20, tzinfo=UTC)


def test_news_of_what_is_tracked_is_due_after_a_business_day_without() -> None:
    assert news_due(POLICY, at("2026-11-24 10:00")) == at("2026-11-25 10:00")
    assert news_due(POLICY, at("2026-11-27 17:30")) == at("2026-11-30 17:00")


def test_a_callback_asked_for_at_night_is_due_two_hours_after_opening() -> None:
    term = Term(2, Unit.HOURS)
    assert after(business(POLICY), Clock.BUSINESS, term, at("2026-11-27 18:30")) == at("2026-11-30 11:00")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24 09:00", "2026-11-24 09:00"),
        ("2026-11-24 16:59:59", "2026-11-24 16:59:59"),
        ("2026-11-24 17:00", "2026-11-25 09:00"),
        ("2026-11-24 08:59:59", "2026-11-24 09:00"),
        ("2026-12-23 17:00", "2026-12-28 09:00"),
        ("2026-12-24 12:00", "2026-12-28 09:00"),
    ],
)
def test_the_service_opens_next_when_its_window_does(moment: str, opens: str) -> None:
    hours = business(POLICY)
    assert next_opening(hours, at(moment)) == at(opens)
    assert is_open(hours, at(moment)) == (moment == opens)
