"""What a specialist has to settle, in words."""

import pytest
from flask import Flask

from app.booking.asked_page import asked_page, note_on, trouble_words
from app.booking.following.question import Question
from tests.booking.made_up import NOW, VERA, call, slot


def test_a_call_is_named_by_its_time_and_customer(app: Flask) -> None:
    with app.test_request_context("/schedule"):
        coming = [call(), call(calendar_trouble="calendar_right locked")]
        page = asked_page([Question(call()), Question(call(), slot(26, 14))], coming, VERA)
    (asked,), (moved,) = page.calls, page.moved
    assert (asked.there, moved.there) == ("", "Thu 26 Nov, 15:00")
    assert (asked.id, asked.when) == ("call7", "Wed 25 Nov, 14:00–14:30")
    assert asked.who == "Vera Lindqvist, Nordwind"
    (line,) = page.troubles
    assert line.startswith("Wed 25 Nov, 14:00–14:30, Vera Lindqvist, Nordwind: The calendar is locked")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("calendar_right quota", "full"),
        ("calendar_right too_large", "this size"),
        ("calendar_right locked", "locked"),
        ("calendar_right no_right", "may not be written to"),
        ("calendar_changed keeps_changing", "changed again"),
        ("calendar_changed foreign_object", "in its place"),
        ("calendar_gone gone", "not there any more"),
        ("calendar_doubtful empty", "not there any more"),
        ("no_calendar no_booking_calendar", "No calendar is chosen"),
        ("calendar_credentials credentials", "user name or password"),
        ("calendar_moved moved", "another address"),
        ("calendar_not_reached status_503", "not reached"),
    ],
)
def test_every_trouble_says_what_happened_and_what_helps(app: Flask, trouble: str, words: str) -> None:
    with app.test_request_context("/schedule"):
        assert words in trouble_words(trouble)
        assert trouble_words("") == ""
        assert note_on(call(calendar_trouble=trouble)) == trouble_words(trouble)
        assert "asked" in note_on(call(calendar_trouble=trouble, asked_at=NOW))
