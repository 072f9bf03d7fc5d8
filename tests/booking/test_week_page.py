"""The booking page's values."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import pytest

from app.availability.slots import Reason
from app.booking.closed_days import closed_days
from app.booking.in_words import Reader
from app.booking.pages import Closed, Reach
from app.booking.week_page import Week, first_week, week_page
from app.booking.zone_choice import chosen_zone, clock_change
from app.settings.values import ServiceWindow
from tests.booking.made_up import NOW, PAVEL, SAM, SUPPORT, VERA, at, slot

FULL = "Fully booked"
WEEK = Week(
    first=date(2026, 11, 23),
    now=NOW,
    reader=PAVEL,
    specialist=SAM,
    presence=None,
    call_type=SUPPORT,
    call_types=[SUPPORT],
    slots=[slot(24, 10, 30), slot(24, 13), slot(24, 13, 30), slot(25, 13)],
    closed_days={date(2026, 11, day): FULL for day in range(23, 28)},
    last_day=date(2027, 1, 19),
    home_zone="Asia/Yekaterinburg",
    action="/book/hold",
    address=lambda **query: "/book?" + urlencode(query),
)
EMPTY = replace(WEEK, first=date(2026, 12, 7), slots=[slot(14, 8, 30, month=12)], closed_days={})


def test_days_that_are_over_are_left_out() -> None:
    assert [day.date for day in week_page(WEEK).days] == ["24 Nov", "25 Nov", "26 Nov", "27 Nov"]


def test_the_weeks_title_names_the_days_that_are_shown() -> None:
    page = week_page(WEEK)
    assert (page.title, page.badge) == ("24 Nov – 27 Nov", "This week")


def test_slots_stand_in_bands_of_the_readers_day() -> None:
    tuesday = week_page(WEEK).days[0]
    assert tuesday.free == "3 free"
    assert [(band.key, [slot.time for slot in band.slots]) for band in tuesday.bands] == [
        ("afternoon", ["15:30"]),
        ("evening", ["18:00", "18:30"]),
    ]


def test_a_slot_posts_its_start_in_utc() -> None:
    first = week_page(WEEK).days[0].bands[0].slots[0]
    assert (first.start, first.service) == ("2026-11-24T10:30:00Z", "11:30 CET")


def test_a_day_without_times_says_why() -> None:
    thursday = week_page(WEEK).days[2]
    assert (thursday.reason, thursday.free, thursday.bands) == (FULL, "", ())


def test_night_is_a_band_of_its_own() -> None:
    auckland = replace(WEEK, reader=Reader("en", "Pacific/Auckland", "Europe/Bratislava"))
    page = week_page(replace(auckland, slots=[slot(24, 13)]))
    wednesday = next(day for day in page.days if day.bands)
    assert (wednesday.iso, wednesday.bands[0].key) == ("2026-11-25", "night")
    assert wednesday.bands[0].slots[0].service == "Tue 14:00 CET"


def test_a_day_of_the_weekend_is_shown_when_it_has_times() -> None:
    auckland = replace(WEEK, reader=Reader("en", "Pacific/Auckland", "Europe/Bratislava"))
    page = week_page(replace(auckland, slots=[slot(27, 13)], closed_days={}))
    assert [day.weekday for day in page.days] == ["Sat"]


def test_there_is_no_way_into_the_past_or_beyond_the_horizon() -> None:
    assert week_page(WEEK).previous_url == ""
    assert week_page(WEEK).next_url == "/book?call_type=product-support&week=2026-11-30"
    last = replace(WEEK, first=date(2027, 1, 18), slots=[])
    assert week_page(last).next_url == ""
    assert "week=2027-01-11" in week_page(last).previous_url


def test_the_page_opens_on_the_first_week_with_times() -> None:
    assert first_week([slot(9, 8, month=12)], NOW, PAVEL) == date(2026, 12, 7)
    assert first_week([], NOW, PAVEL) == date(2026, 11, 23)


def test_an_empty_week_leads_to_the_next_free_time() -> None:
    empty = week_page(EMPTY).empty
    assert empty is not None
    assert empty.title == "No free times from 7 December to 13 December"
    assert empty.reason == "The next free time is Monday 14 December, 13:30."
    assert empty.next_label == "Go to Mon 14 Dec"
    assert empty.next_url == "/book?call_type=product-support&week=2026-12-14"


def test_an_empty_week_with_one_reason_says_it() -> None:
    away = {date(2026, 12, day): "Sam is away" for day in range(7, 12)}
    empty = week_page(replace(EMPTY, closed_days=away)).empty
    assert empty is not None
    assert empty.title == "No free times from 7 December to 11 December"
    assert empty.reason.startswith("Sam is away. The next")


def test_without_any_time_the_page_says_up_to_when() -> None:
    empty = week_page(replace(EMPTY, slots=[])).empty
    assert empty is not None
    assert "up to 19 January" in empty.reason
    assert empty.next_url == ""


def test_a_closed_calendar_shows_no_times_at_all() -> None:
    closed = Closed("Times cannot be shown", "…", Reach("sam@attache.example"))
    page = week_page(replace(WEEK, closed=closed))
    assert (page.days, page.empty, page.closed) == ((), None, closed)


def test_the_age_of_an_old_copy_is_told() -> None:
    assert "Times are as of 14:00" in week_page(replace(WEEK, as_of=at(24, 9))).as_of
    assert week_page(WEEK).as_of == ""


def test_the_zone_line_shows_the_services_letters_only_elsewhere() -> None:
    zone = week_page(WEEK).zone
    assert (zone.city, zone.offset, zone.now, zone.service) == ("Yekaterinburg", "UTC+5", "14:12", "CET")
    vera = replace(WEEK, reader=VERA, home_zone="Europe/Berlin")
    assert week_page(vera).zone.service == ""


def test_another_zone_stays_in_the_address_and_the_week_stays() -> None:
    page = week_page(replace(WEEK, home_zone="Europe/Berlin"))
    assert page.zone_changed
    assert "zone=Asia%2FYekaterinburg" in page.next_url
    home = next(choice for choice in page.zone.choices if choice.name == "Europe/Berlin")
    assert home.url == "/book?call_type=product-support&week=2026-11-23"
    assert home.why == "your profile"


def test_all_zones_are_listed_only_when_asked_for() -> None:
    assert week_page(WEEK).zone.all_zones == ()
    assert "Europe/Berlin" in week_page(replace(WEEK, lists_zones=True)).zone.all_zones


def test_an_unknown_zone_falls_back_to_the_profile() -> None:
    assert chosen_zone("Mars/Base", "Europe/Berlin") == "Europe/Berlin"
    assert chosen_zone("", "Europe/Berlin") == "Europe/Berlin"
    assert chosen_zone("Asia/Almaty", "Europe/Berlin") == "Asia/Almaty"


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (date(2026, 3, 23), "Clocks in Berlin go forward on 29 March."),
        (date(2026, 10, 19), "Clocks in Berlin go back on 25 October."),
        (date(2026, 11, 23), ""),
    ],
)
def test_a_week_with_a_change_of_clocks_says_so(first: date, words: str) -> None:
    assert clock_change(VERA, first) == words


def test_a_change_in_the_services_zone_alone_is_told_too() -> None:
    assert clock_change(PAVEL, date(2026, 3, 23)) == "Clocks in Bratislava go forward on 29 March."


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ([Reason.HOLIDAY, Reason.HOLIDAY], "Public holiday: St. Martin"),
        ([Reason.HOURS, Reason.HOURS], "Sam does not work"),
        ([Reason.TIME_OFF, Reason.HOURS], "Sam is away"),
        ([Reason.BUSY, Reason.TAKEN], FULL),
        ([Reason.BUSY, Reason.HOURS], FULL),
        ([Reason.CAP], FULL),
        ([Reason.PAST, Reason.NOTICE], "No more times that day"),
        ([Reason.HORIZON], "Not open for booking yet"),
        ([Reason.OPTION_ENDS], "The option ends before that day"),
        ([Reason.OPTION_ENDS, Reason.HORIZON], "The option ends before that day"),
        ([None, Reason.BUSY], FULL),
    ],
)
def test_why_a_day_is_closed_tells_nothing_of_the_calendar(reasons: list[Reason | None], words: str) -> None:
    day = date(2026, 11, 25)
    judged = [(at(25, 9 + hour), reason) for hour, reason in enumerate(reasons)]
    assert closed_days(judged, {day: "St. Martin"}, VERA, "Sam", ServiceWindow()) == {day: words}


@pytest.mark.parametrize("reason", [Reason.WINDOW, Reason.PAST, Reason.HORIZON])
def test_starts_outside_the_service_window_make_no_day(reason: Reason) -> None:
    assert closed_days([(at(28, 9), reason), (at(25, 20), reason)], {}, VERA, "Sam", ServiceWindow()) == {}
