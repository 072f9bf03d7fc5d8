"""What the page of accounts says of each state, and what removing means."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.calendars.pages.accounts_page import Reading, accounts_page, remove_page
from app.calendars.pages.page_values import AccountCard
from app.calendars.values import AccountView, CalendarChoice, ObjectProblem

NOW = datetime(2026, 11, 23, 13, 10, tzinfo=UTC)
READING = Reading("en", "Europe/Bratislava", NOW, timedelta(minutes=15))
WORK = CalendarChoice(1, "/sam/work/", "Work", "collection", "busy", True, 0)
HOURS = CalendarChoice(2, "kept:hours", "", "kept", "working_hours", False, 0)
ACCOUNT = AccountView(
    7,
    "caldav",
    "",
    "https://cloud.example.com/dav/",
    "sam",
    "ok",
    "",
    NOW - timedelta(hours=3),
    NOW - timedelta(minutes=1),
    (WORK, HOURS),
)


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def card(account: AccountView) -> AccountCard:
    return accounts_page([account], [], READING).accounts[0]


def away(since: timedelta, read: timedelta, state: str = "unreachable") -> AccountCard:
    return card(
        replace(ACCOUNT, state=state, state_detail="x", state_since=NOW - since, in_step_at=NOW - read)
    )


def test_in_step_is_told_in_the_readers_zone() -> None:
    assert card(ACCOUNT).pill.text == "In step, 14:09"
    assert card(ACCOUNT).trouble == ""


def test_an_account_that_does_not_answer_closes_the_slots_later() -> None:
    told = away(timedelta(minutes=8), timedelta(minutes=8))
    assert told.pill.text == "Not reachable since 14:02"
    assert told.trouble.endswith("If that lasts, customers see no times after 14:17.")


def test_an_account_that_has_not_answered_for_long_has_closed_them() -> None:
    told = away(timedelta(days=1), timedelta(days=1))
    assert told.pill.text == "Not reachable since 22 November, 14:10"
    assert told.trouble.endswith("Customers have seen no times since 22 November, 14:25.")


@pytest.mark.parametrize(
    ("state", "words", "remedy"),
    [
        ("refused", "Sign-in refused since", "password"),
        ("broken", "Not readable since", ""),
        ("missing", "In doubt since", "choose"),
    ],
)
def test_each_trouble_has_its_words_and_its_way_out(state: str, words: str, remedy: str) -> None:
    told = away(timedelta(minutes=8), timedelta(minutes=8), state)
    assert told.pill.text.startswith(words)
    assert told.remedy == remedy


def test_a_copy_that_is_too_old_is_told_even_when_nothing_is_known_to_be_wrong() -> None:
    told = card(replace(ACCOUNT, in_step_at=NOW - timedelta(minutes=20)))
    assert told.pill.state == "bad"
    assert told.pill.text == "Not read since 13:50"
    assert "no times since 14:05" in told.trouble


def test_a_new_account_is_being_read_and_one_without_a_choice_is_not_used() -> None:
    new = replace(ACCOUNT, state="unreachable", in_step_at=None)
    assert accounts_page([new], [], READING).is_waiting
    assert card(replace(new, calendars=())).pill.text == "Not used"


def test_a_page_without_calls_or_hours_says_what_to_choose() -> None:
    bare = replace(ACCOUNT, calendars=(replace(WORK, receives_bookings=False),))
    assert len(accounts_page([bare], [], READING).missing) == 2
    page = accounts_page([ACCOUNT], [], READING)
    assert (page.booked_into, page.missing) == ("Work (cloud.example.com)", ())
    assert page.hours_in == "this service alone, in no calendar"


def test_unread_entries_stand_at_their_own_account() -> None:
    problems = [ObjectProblem(7, "Work", "", "unknown-zone"), ObjectProblem(8, "Other", "Standup", "x")]
    unread = accounts_page([ACCOUNT], problems, READING).accounts[0].unread
    assert [(line.title, line.calendar) for line in unread] == [("Without a title", "Work")]
    assert "time zone is unknown" in unread[0].reason


def test_removing_counts_the_calls_that_stay() -> None:
    texts = " ".join(remove_page(ACCOUNT, [], 2).consequences)
    assert "2 coming calls stand in it" in texts
    assert "Your working hours go with it" in texts
    other = replace(ACCOUNT, id=8)
    assert "Your working hours" not in " ".join(remove_page(ACCOUNT, [other], 2).consequences)
    file = replace(ACCOUNT, kind="subscription", calendars=(replace(WORK, receives_bookings=False),))
    assert "coming calls" not in " ".join(remove_page(file, [], 2).consequences)
