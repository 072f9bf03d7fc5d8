"""Feeds that clients fetch again and again."""

from dataclasses import replace
from datetime import timedelta

import icalendar
from ical.calendar_stream import IcsCalendarStream

from app.ical.feed import compose_feed
from tests.ical.values import NINE, NOW, an_event, lines_of


def test_same_events_in_any_order_give_the_same_bytes() -> None:
    first = an_event(uid="a")
    second = an_event(uid="b", starts_at=NINE - timedelta(days=1))
    assert compose_feed("Calls", [first, second]) == compose_feed("Calls", [second, first])


def test_a_change_gives_other_bytes() -> None:
    changed = replace(an_event(), stamped_at=NOW + timedelta(minutes=1), sequence=1)
    assert compose_feed("Calls", [changed]) != compose_feed("Calls", [an_event()])


def test_feed_is_no_message_and_names_no_guest() -> None:
    text = compose_feed("Calls", [an_event()]).decode()
    assert not any(
        word in text for word in ("METHOD", "ATTENDEE", "ORGANIZER", "CONTACT", "X-ATTACHE", "X-WR-TIMEZONE")
    )


def test_feed_says_its_title_and_how_often_to_look() -> None:
    lines = lines_of(compose_feed("Calls with Sam", []))
    assert {"NAME:Calls with Sam", "X-WR-CALNAME:Calls with Sam"} <= set(lines)
    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"} <= set(lines)


def test_title_cannot_add_lines() -> None:
    lines = lines_of(compose_feed("Calls\r\nX-EVIL:1", []))
    assert "X-WR-CALNAME:Calls X-EVIL:1" in lines


def test_empty_feed_is_a_valid_calendar() -> None:
    data = compose_feed("Calls", [])
    assert len(icalendar.Calendar.from_ical(data).subcomponents) == 1
    assert IcsCalendarStream.calendar_from_ics(data.decode()).events == []


def test_independent_parser_reads_the_feed() -> None:
    events = [
        an_event(uid=f"u{n}", starts_at=NINE + timedelta(days=n), ends_at=NINE + timedelta(days=n, hours=1))
        for n in range(3)
    ]
    read = IcsCalendarStream.calendar_from_ics(compose_feed("Calls", events).decode()).events
    assert [(item.uid, item.dtstart) for item in read] == [(item.uid, item.starts_at) for item in events]
    assert all(item.last_modified == NOW and item.dtstamp == NOW for item in read)
