"""What the contact card says to expect, in hours and out of them, for readers in several zones."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.availability.presence import Presence, State, Why
from app.booking.in_words import Reader
from app.customers.roster import Served
from app.desk.hours import BusinessHours
from app.desk.sla import Policy
from app.portal.contact_card.card_page import CardFacts, Channels, card_page
from app.settings.values import RESPONSE_TIMES, ServiceWindow
from tests.booking.made_up import PAVEL, SAM, VERA

# Friday 27 November 2026 in Bratislava: 10:00, and 18:30.
MORNING, EVENING = datetime(2026, 11, 27, 9, tzinfo=UTC), datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
HALF_PAST = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
MONDAY_11 = datetime(2026, 11, 30, 10, tzinfo=UTC)
ZONE = "Europe/Bratislava"
ALL = Channels(
    "desk@x.example", "+421 2 12345678", True, True, True, "https://chat.example", "help@x.example"
)
RITA = replace(SAM, user_id=6, public_id="rita", name="Rita Novak")
IN = Presence(State.IN, datetime(2026, 11, 27, 16, tzinfo=UTC))
FACTS = CardFacts(
    now=MORNING,
    reader=VERA,
    served=Served(SAM, SAM),
    presence=IN,
    hours=BusinessHours(ServiceWindow(), ZONE, "SK"),
    policy=Policy(RESPONSE_TIMES, ServiceWindow(), ZONE, "SK", "", ()),
    callback_due=datetime(2026, 11, 27, 11, tzinfo=UTC),
    callback_hours=2,
    next_free=datetime(2026, 11, 27, 12, tzinfo=UTC),
    channels=ALL,
)
AWAY = Presence(State.AWAY, datetime(2026, 11, 30, 8, tzinfo=UTC), Why.HOURS)
CLOSED = replace(FACTS, now=EVENING, presence=AWAY, callback_due=MONDAY_11)


def texts(facts: CardFacts) -> dict[str, tuple[str, str]]:
    return {way.key: (way.now, way.otherwise) for way in card_page(facts).ways}


def test_in_hours_each_way_says_who_answers_and_by_when() -> None:
    found, page = texts(FACTS), card_page(FACTS)
    assert page.is_open and page.person.presence is not None
    assert page.person.presence.text == "In now, until 17:00"
    assert list(found) == ["call", "chat", "mail", "phone", "callback", "request", "senior", "standard"]
    assert found["call"][0] == "The next free time: Today, 13:00"
    assert found["chat"][0] == found["phone"][0] == "Sam is in now and answers."
    assert found["callback"] == (
        "Ask now, and we ring you by 12:00.",
        "Out of hours: within 2 business hours of the next opening.",
    )


def test_out_of_hours_nobody_promises_anything_before_the_next_opening() -> None:
    found = texts(CLOSED)
    assert not card_page(CLOSED).is_open
    assert found["chat"][0] == "Nobody is here until Mon 30 Nov, 09:00. Your message waits until then."
    assert found["mail"][0] == "You get a receipt, and nobody promises an answer before Mon 30 Nov, 09:00."
    assert found["phone"][0] == "Leave a voicemail now, and we ring you back by Mon 30 Nov, 11:00."
    assert found["callback"][0] == "Ask now, and we ring you by Mon 30 Nov, 11:00."


def test_times_are_on_the_readers_clock_with_ours_beside() -> None:
    found = texts(replace(CLOSED, reader=PAVEL))
    assert "Mon 30 Nov, 13:00 (09:00 CET)" in found["chat"][0]
    assert card_page(replace(CLOSED, reader=PAVEL)).hours == (
        "Our hours on business days: 13:00–21:00 your time (09:00–17:00 CET)."
    )


def test_each_severity_says_by_when_it_is_answered_if_opened_now() -> None:
    request = next(way for way in card_page(CLOSED).ways if way.key == "request")
    assert request.lines == (
        "1 Critical: first answer by 19:30",
        "2 High: first answer by 19:30",
        "3 Standard: first answer by Mon 30 Nov, 11:00",
        "4 Bug: first answer by Mon 30 Nov, 17:00",
        "5 Question: first answer by Mon 30 Nov, 17:00",
    )


@pytest.mark.parametrize(
    ("presence", "words"),
    [
        (
            Presence(State.ON_CALL, HALF_PAST),
            "Sam is on a call and free at 10:30.",
        ),
        (Presence(State.ON_CALL, None), "Sam is on a call and answers afterwards."),
        (Presence(State.AWAY, datetime(2026, 11, 27, 12, tzinfo=UTC), Why.BUSY), "Sam is back at 13:00."),
        (Presence(State.AWAY, None, Why.TIME_OFF), "Sam is away."),
        (Presence(State.UNKNOWN, None), "We cannot see Sam's calendar right now"),
    ],
)
def test_chat_and_phone_say_the_same_of_who_serves(presence: Presence, words: str) -> None:
    found = texts(replace(FACTS, presence=presence))
    assert found["chat"][0] == found["phone"][0] == words


def test_a_stand_in_is_on_the_card_with_whom_they_stand_in_for() -> None:
    page = card_page(replace(FACTS, served=Served(SAM, RITA)))
    assert page.person.first_name == "Rita"
    assert page.label == f"Stands in for {SAM.name}"
    assert page.standing is not None and "Rita stands in for Sam" in page.standing.text


def test_ways_that_there_are_not_are_not_named() -> None:
    few = Channels("", "", False, False, False, "", "")
    assert list(texts(replace(FACTS, channels=few))) == ["call", "request", "senior"]
    no_line = replace(CLOSED, channels=replace(ALL, takes_voicemail=False))
    assert texts(no_line)["phone"][0] == "Nobody picks up until Mon 30 Nov, 09:00."


def test_without_a_free_time_that_is_said() -> None:
    assert texts(replace(FACTS, next_free=None))["call"][0] == "There are no free times in the coming weeks."


def test_the_card_reads_in_a_zone_where_our_hours_are_at_night() -> None:
    tokyo = Reader("en", "Asia/Tokyo", ZONE)
    assert "17:00–01:00 your time (09:00–17:00 CET)" in card_page(replace(FACTS, reader=tokyo)).hours
