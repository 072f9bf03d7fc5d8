"""The home page's values."""

from dataclasses import replace

from app.availability.offer import Offer
from app.booking.pages import Reach
from app.booking.values import CALLS, OpenTimes
from app.portal.feeds.feeds_page import feeds_page
from app.portal.home_page import Home, home_page
from tests.booking.made_up import NOW, PAVEL, SAM, SUPPORT, call, slot

SLOTS = (slot(24, 12), slot(25, 9), slot(27, 9), slot(27, 10))
HOME = Home(
    now=NOW,
    reader=PAVEL,
    specialist=SAM,
    presence=None,
    call_type=SUPPORT,
    found=OpenTimes(SAM, SUPPORT.rules, Offer(SLOTS, None, None), None),
    standing=[None],
    reach=Reach(),
    week_address=lambda week: f"/book?week={week}",
    closed=None,
    coming=[call()],
    feeds=feeds_page([], [CALLS], PAVEL),
)


def test_three_near_times_name_their_day_and_both_clocks() -> None:
    quick = home_page(HOME).quick
    assert [(item.day, item.time, item.service) for item in quick] == [
        ("Today", "17:00", "13:00 CET"),
        ("Tomorrow", "14:00", "10:00 CET"),
        ("Fri 27 Nov", "14:00", "10:00 CET"),
    ]


def test_spoken_languages_are_left_out_when_unknown() -> None:
    assert home_page(HOME).about == "Speaks English, Slovak."
    assert home_page(replace(HOME, specialist=replace(SAM, spoken_languages=""))).about == ""
