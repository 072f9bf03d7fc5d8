"""What a customer is told of the chat: live while whoever serves is in, otherwise when they are back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.availability.presence import UNKNOWN, Presence, State
from app.booking.in_words import Reader
from app.customers.profiles import SpecialistProfile
from app.customers.roster import Served
from app.desk.chat.chat_page import Expected, standing_of
from app.desk.chat.live import browsers_key, is_known, message_key, tag_of
from app.desk.chat.pages import Standing
from app.desk.chat.values import Said, Tip
from app.desk.values import NewFile

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # 10:00 in Bratislava
FIVE = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
BERLIN = Reader("en", "Europe/Berlin", "Europe/Bratislava")
SAM = SpecialistProfile(
    1, "s", "Sam Okafor", "sam@x.example", "en", "Europe/Bratislava", {}, "SK", "", "en", ""
)
RITA = replace(SAM, user_id=2, name="Rita Novak")
SECRET, TIP = "for-tests", Tip(7, 3)


def told(app: Flask, served: Served, presence: Presence) -> Standing:
    with app.test_request_context():
        expected = Expected(served, presence, "https://chat.example", "help@example.com")
        return standing_of(expected, BERLIN, MONDAY)


def test_it_is_live_while_whoever_serves_is_in(app: Flask) -> None:
    found = told(app, Served(SAM, SAM), Presence(State.IN, FIVE))
    assert found.is_live and "17:00" in found.presence
    assert not found.standard_chat_url and not found.standard_email


def test_a_call_delays_an_answer_and_does_not_close_the_chat(app: Flask) -> None:
    found = told(app, Served(SAM, SAM), Presence(State.ON_CALL, MONDAY + timedelta(minutes=30)))
    assert found.is_live and "10:30" in found.presence


def test_out_of_hours_it_says_when_the_specialist_is_back_and_what_is_open_meanwhile(app: Flask) -> None:
    found = told(app, Served(SAM, SAM), Presence(State.AWAY, MONDAY + timedelta(days=1, hours=-1)))
    assert not found.is_live and found.title == "Sam is back Tuesday 09:00"
    assert (found.standard_chat_url, found.standard_email) == ("https://chat.example", "help@example.com")


def test_a_stand_in_is_named_and_counts(app: Flask) -> None:
    served = Served(SAM, RITA, until=date(2026, 12, 4), back=date(2026, 12, 5))
    found = told(app, served, Presence(State.IN, FIVE))
    assert found.is_live and found.stand_in.startswith("Rita stands in for Sam")


@pytest.mark.parametrize("served", [Served(SAM, SAM), Served(SAM, None, back=date(2026, 12, 5))])
def test_nobody_is_promised_when_nobody_serves_or_nobody_knows(app: Flask, served: Served) -> None:
    found = told(app, served, UNKNOWN)
    assert not found.is_live and found.presence == "" and found.text


def test_a_tag_changes_with_a_message_a_minute_and_a_person() -> None:
    tag = tag_of(SECRET, MONDAY, 1, TIP)
    others = {
        tag_of(SECRET, MONDAY, 1, Tip(7, 4)),
        tag_of(SECRET, MONDAY, 1, Tip(8, 3)),
        tag_of(SECRET, MONDAY + timedelta(minutes=1), 1, TIP),
        tag_of(SECRET, MONDAY, 2, TIP),
        tag_of(SECRET, MONDAY, 1, None),
        tag_of("another", MONDAY, 1, TIP),
    }
    assert tag not in others and len(others) == 6
    ahead = {tag_of(SECRET, MONDAY + timedelta(seconds=3 * number), 1, TIP) for number in range(20)}
    assert len(ahead) == 2


def test_nothing_is_known_to_a_browser_that_lacks_messages() -> None:
    assert is_known(["a", "b"], "b", 3, TIP)
    assert not is_known(["b"], "b", 2, TIP)
    assert not is_known([], "b", 3, TIP)
    assert is_known(["b"], "b", 0, None)


def test_a_key_is_of_the_person_the_browser_and_what_was_said() -> None:
    said = Said("Hello", "abc")
    key = message_key(1, said)
    assert (
        browsers_key(1, key) == "abc" and browsers_key(2, key) == "" and browsers_key(1, "mail:abc:1") == ""
    )
    file = NewFile("a.txt", "text/plain", b"a")
    others = [message_key(2, said), message_key(1, Said("Hello!", "abc")), message_key(1, Said("Hello", "b"))]
    others.append(message_key(1, Said("Hello", "abc", (file,))))
    assert key not in others and len(set(others)) == 4
    assert len(message_key(2**31, Said("", "k" * 64))) <= 100
