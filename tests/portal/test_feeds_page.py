"""The values of the page of private calendar links."""

from app.booking.values import CALLS, PRESENCE, FeedLinkValue
from app.portal.feeds.feeds_page import feeds_page, new_feed
from tests.booking.made_up import NOW, PAVEL

LINKS = [FeedLinkValue("f1", "Phone", NOW), FeedLinkValue("f2", "Wall", NOW, PRESENCE)]


def test_a_link_tells_what_it_shows_and_when_it_was_made_and_no_secret() -> None:
    rows = feeds_page(LINKS, [CALLS, PRESENCE], PAVEL).rows
    assert [(row.name, row.shows) for row in rows] == [
        ("Phone", "My calls"),
        ("Wall", "When my specialist is in"),
    ]
    assert rows[0].created == "Made on 24 November"


def test_only_who_has_a_choice_is_asked() -> None:
    assert feeds_page([], [CALLS], PAVEL).kinds == ()
    kinds = feeds_page([], [CALLS, PRESENCE], PAVEL, kind=PRESENCE).kinds
    assert [(kind.value, kind.is_chosen) for kind in kinds] == [("calls", False), ("presence", True)]


def test_a_new_link_opens_calendar_programs_and_google() -> None:
    feed = new_feed("Phone", "https://calls.example/feeds/secret.ics")
    assert feed.webcal_url == "webcal://calls.example/feeds/secret.ics"
    assert feed.google_url == (
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fcalls.example%2Ffeeds%2Fsecret.ics"
    )
