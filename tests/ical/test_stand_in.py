"""Whom an event names as stand-in, by whatever client it was made."""

from datetime import UTC, date, datetime

import pytest

from app.ical.hours import read_hours, write_time_off
from app.ical.people import Person
from app.ical.stand_in import NamedStandIn, read_stand_in


def event(*lines: str) -> str:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:off", "DTSTART;VALUE=DATE:20261207")
    return "\r\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""])


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("SUMMARY:Holidays. Stand-in: Rita", "Rita"),
        ("SUMMARY:Отпуск (замена: Рита Новак)", "Рита Новак"),
        ("DESCRIPTION:Skiing\\nStand-in: rita@attache.example\\nBack soon", "rita@attache.example"),
        ("DESCRIPTION:STAND IN : Rita.", "Rita"),
        ("DESCRIPTION:standin:Rita\\, please", "Rita"),
        ("DESCRIPTION:Stand-\r\n in: Ri\r\n ta", "Rita"),
        ("SUMMARY:Grandstand-in: nobody's name", ""),
        ("SUMMARY:Stand-in: ", ""),
        ("SUMMARY:Holidays", ""),
    ],
)
def test_a_name_in_title_or_description_is_found(line: str, typed: str) -> None:
    assert read_stand_in(event(line)).typed == typed


def test_our_property_and_attendees_are_addresses() -> None:
    text = event("X-ATTACHE-STAND-IN:MAILTO:Rita@Attache.example", "ATTENDEE;CN=L:mailto:Lev@attache.example")
    assert read_stand_in(text) == NamedStandIn("", "rita@attache.example", ("lev@attache.example",))


def test_hostile_texts_name_nobody_and_cost_nothing() -> None:
    assert read_stand_in("no calendar") == NamedStandIn()
    many = event(*(f"ATTENDEE:mailto:{number}@a.example" for number in range(5000)))
    assert len(read_stand_in(many).guests) == 20
    long = event("DESCRIPTION:" + "stand-in:" * 20_000 + "Stand-in" + " " * 50_000 + ": x")
    assert len(read_stand_in(long).typed) <= 120
    assert read_stand_in(event("SUMMARY:Stand-in: a\u202eb\x07c")).typed == "abc"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_the_editor_writes_reads_back(language: str) -> None:
    stamp = datetime(2026, 11, 1, tzinfo=UTC)
    rita = Person("rita@attache.example", "Rita; Novák, the\nsecond")
    days = date(2026, 12, 7), date(2026, 12, 11)
    text = write_time_off("off", *days, "Leave", stamp, rita, language)
    assert read_stand_in(text).address == "rita@attache.example"
    hours = read_hours(text, "UTC")
    assert hours is not None and hours.is_time_off and (hours.first_day, hours.last_day) == days


def test_an_event_without_a_stand_in_names_none() -> None:
    text = write_time_off(
        "off", date(2026, 12, 7), date(2026, 12, 7), "Leave", datetime(2026, 11, 1, tzinfo=UTC)
    )
    assert read_stand_in(text) == NamedStandIn()
