"""Holidays by country and the service window by day."""

from datetime import UTC, date, datetime

from app.availability.holidays import holiday_names
from app.availability.window import window_in
from app.lib.intervals import Interval
from app.settings.values import ServiceWindow


def test_holidays_are_those_of_the_country_with_names() -> None:
    names = holiday_names("SK", [2026])
    assert names[date(2026, 12, 24)] == "Christmas Eve"
    assert date(2026, 12, 24) not in holiday_names("GB", [2026])


def test_a_language_that_the_country_lacks_falls_back_to_english() -> None:
    assert holiday_names("SK", [2026], "ru") == holiday_names("SK", [2026], "en")


def test_an_unknown_country_has_no_holidays() -> None:
    assert holiday_names("XX", [2026]) == {}


def test_the_window_is_nine_to_five_by_the_wall_clock_summer_and_winter() -> None:
    for day, opens in ((date(2026, 7, 6), 7), (date(2026, 11, 23), 8)):
        whole = Interval(
            datetime(day.year, day.month, day.day, 0, tzinfo=UTC),
            datetime(day.year, day.month, day.day, 20, tzinfo=UTC),
        )
        window = window_in(whole, "Europe/Bratislava", ServiceWindow())
        assert [(item.start.hour, item.end.hour) for item in window] == [(opens, opens + 8)]


def test_the_window_is_shut_at_weekends() -> None:
    weekend = Interval(datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 11, 29, 22, tzinfo=UTC))
    assert window_in(weekend, "Europe/Bratislava", ServiceWindow()) == []
