"""Times and places in words."""

from datetime import UTC, date, datetime

import pytest

from app.lib import wording
from app.lib.intervals import Interval

WINTER = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)


def test_the_clock_is_the_wall_clock_of_the_zone() -> None:
    assert wording.clock(WINTER, "Asia/Almaty") == "15:30"
    assert wording.clock(WINTER, "Europe/Bratislava") == "11:30"


def test_a_span_has_an_en_dash() -> None:
    call = Interval(WINTER, datetime(2026, 11, 24, 11, 0, tzinfo=UTC))
    assert wording.span(call, "Asia/Almaty") == "15:30–16:00"


@pytest.mark.parametrize(
    ("language", "short", "long", "plain", "range_"),
    [
        ("en", "Tue 24 Nov", "Tuesday 24 November", "24 November", "24 Nov – 27 Nov"),
        ("ru", "Вт 24 нояб.", "вторник, 24 ноября", "24 ноября", "24 нояб. – 27 нояб."),
    ],
)
def test_days_are_written_as_the_guide_says(
    language: str, short: str, long: str, plain: str, range_: str
) -> None:
    assert wording.day_short(TUESDAY, language) == short
    assert wording.day_long(TUESDAY, language) == long
    assert wording.day_plain(TUESDAY, language) == plain
    assert wording.days_range(TUESDAY, date(2026, 11, 27), language) == range_


def test_a_single_day_is_no_range() -> None:
    assert wording.days_range(TUESDAY, TUESDAY, "en") == "24 Nov"


def test_a_moments_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 11, 24, 20, tzinfo=UTC)
    assert wording.local_date(late, "Asia/Almaty") == date(2026, 11, 25)


def test_the_service_time_is_cet_in_winter_and_cest_in_summer() -> None:
    assert wording.service_abbreviation(WINTER, "Europe/Bratislava") == "CET"
    assert wording.service_abbreviation(SUMMER, "Europe/Bratislava") == "CEST"


def test_a_zone_without_letters_is_named_by_its_offset() -> None:
    assert wording.service_abbreviation(WINTER, "Asia/Almaty") == "UTC+5"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Almaty", "UTC+5"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/New_York", "UTC−5"),
        ("America/St_Johns", "UTC−3:30"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_offsets_have_a_real_minus(zone: str, text: str) -> None:
    assert wording.offset(WINTER, zone) == text


@pytest.mark.parametrize(
    ("zone", "english", "russian"),
    [
        ("Asia/Almaty", "Almaty", "Алматы"),
        ("America/New_York", "New York", "Нью-Йорк"),
        ("Europe/Kyiv", "Kyiv", "Киев"),
        ("Asia/Kolkata", "Kolkata", "Калькутта"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Буэнос-Айрес"),
    ],
)
def test_a_zone_is_known_by_its_city(zone: str, english: str, russian: str) -> None:
    assert wording.city(zone, "en") == english
    assert wording.city(zone, "ru") == russian


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_week_starts_on_monday(language: str) -> None:
    assert wording.week_start(date(2026, 11, 29), language) == date(2026, 11, 23)
    assert wording.week_start(date(2026, 11, 23), language) == date(2026, 11, 23)


def test_a_russian_moment_after_until_has_no_weekday() -> None:
    assert wording.until(WINTER, "Asia/Almaty", "en") == "Tuesday 24 November, 15:30"
    assert wording.until(WINTER, "Asia/Almaty", "ru") == "24 ноября, 15:30"


def test_a_zone_is_named_with_its_offset() -> None:
    assert wording.zone_name(WINTER, "Asia/Almaty", "en") == "Almaty time, UTC+5"
    assert wording.zone_name(WINTER, "Asia/Almaty", "ru") == "Алматы, UTC+5"
    assert wording.zone_line(WINTER, "Asia/Almaty", "ru") == "Время: Алматы (UTC+5)"
