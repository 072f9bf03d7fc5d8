"""Plans without a server: what is fetched, what is removed, and what is not believed."""

from datetime import UTC, datetime, timedelta

import pytest

from app.calendars.errors import Doubtful
from app.calendars.syncing.looking import (
    BELIEVE_EMPTY_AFTER,
    COMPARE_CTAG_EVERY,
    COMPARE_EVERY,
    WRITTEN,
    Look,
    Mark,
    check_file,
    file_mark,
    file_validators,
    is_backwards,
    is_quiet,
    next_look,
    plan_changes,
    plan_listing,
)
from app.calendars.values import Listing, SyncPage

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MARK = Mark("sync/5", "c5", NOW - timedelta(minutes=1))
KNOWN = {f"/c/{name}": f'"{name}"' for name in "abcdef"}


def page(changed: dict[str, str], *removed: str, token: str = "sync/6") -> SyncPage:
    return SyncPage(tuple(changed.items()), removed, token)


def listing(etags: dict[str, str], *, is_calendar: bool = True) -> Listing:
    return Listing(etags, is_calendar, "sync/9", "c9")


@pytest.mark.parametrize(
    ("mark", "look"),
    [
        (Mark(None, None, None), Look.FULL),
        (MARK, Look.CHANGES),
        (Mark(None, "c", NOW), Look.CTAG),
        (Mark(None, None, NOW), Look.FULL),
        (Mark("t", "c", NOW - COMPARE_EVERY), Look.FULL),
        (Mark("t", "c", NOW + timedelta(hours=1)), Look.FULL),
        (Mark("t", "c", NOW + timedelta(seconds=1)), Look.CHANGES),
    ],
)
def test_the_cheapest_look_that_is_still_honest(mark: Mark, look: Look) -> None:
    assert next_look(mark, NOW) is look


def test_an_empty_page_is_quiet_unless_the_token_went_back() -> None:
    assert is_quiet(MARK, page({}))
    assert not is_quiet(MARK, page({}, token="sync/4"))


def test_only_what_is_news_is_fetched() -> None:
    plan = plan_changes(
        KNOWN, len(KNOWN), MARK, page({"/c/a": '"a"', "/c/b": '"b2"', "/c/new": '"n"'}, "/c/c", "/c/x")
    )
    assert plan is not None
    assert (plan.fetch, plan.remove) == (("/c/b", "/c/new"), ("/c/c",))
    assert plan.mark == Mark("sync/6", "c5", MARK.compared_at)


def test_an_object_without_etag_is_always_fetched() -> None:
    plan = plan_changes(KNOWN, len(KNOWN), MARK, page({"/c/a": ""}))
    assert plan is not None
    assert plan.fetch == ("/c/a",)


@pytest.mark.parametrize(
    "odd",
    [
        page({}, "/c/a", token="sync/4"),
        page(dict(KNOWN)),
        page({}, *KNOWN),
        page({}, "/c/a", "/c/b", "/c/c", "/c/d"),
    ],
    ids=["token backwards", "list of everything", "all removed", "most removed"],
)
def test_an_odd_page_asks_for_a_full_comparison(odd: SyncPage) -> None:
    assert plan_changes(KNOWN, len(KNOWN), MARK, odd) is None


def test_a_few_removals_are_believed() -> None:
    assert plan_changes({"/c/a": "1", "/c/b": "2"}, 2, MARK, page({}, "/c/a", "/c/b")) is not None


def test_a_comparison_removes_what_is_not_listed() -> None:
    etags = {href: etag for href, etag in KNOWN.items() if href != "/c/a"} | {"/c/b": '"b2"'}
    plan = plan_listing(KNOWN, MARK, listing(etags), NOW)
    assert (plan.fetch, plan.remove) == (("/c/b",), ("/c/a",))
    assert plan.mark == Mark("sync/9", "c9", NOW)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (listing({}), "emptied"),
        (listing({"/c/x": "1"}), "another"),
        (listing(dict(KNOWN), is_calendar=False), "no_calendar"),
    ],
)
def test_emptiness_is_distrusted(seen: Listing, reason: str) -> None:
    with pytest.raises(Doubtful) as caught:
        plan_listing(KNOWN, MARK, seen, NOW)
    assert caught.value.reason == reason


def test_the_first_look_believes_an_empty_calendar() -> None:
    assert plan_listing({}, Mark(None, None, None), listing({}), NOW).fetch == ()


def test_the_last_two_events_may_go_at_once() -> None:
    plan = plan_listing({"/c/a": "1", "/c/b": "2"}, MARK, listing({}), NOW)
    assert plan.remove == ("/c/a", "/c/b")


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ("http://s/sync/12", "http://s/sync/9", True),
        ("http://s/sync/9", "http://s/sync/12", False),
        ("http://s/sync/9", "http://s/sync/9", False),
        ("12", "9", True),
        ("a9f12", "a9f9", False),
        ("x/12", "y/9", False),
    ],
)
def test_only_counters_run_backwards(before: str, after: str, answer: bool) -> None:
    assert is_backwards(before, after) is answer


def test_with_a_ctag_alone_everything_is_compared_every_ten_minutes() -> None:
    # SOGo's ctag stays where it was after a DELETE (measured).
    mark = Mark(None, "c5", NOW)
    assert next_look(mark, NOW + COMPARE_CTAG_EVERY - timedelta(seconds=1)) is Look.CTAG
    assert next_look(mark, NOW + COMPARE_CTAG_EVERY) is Look.FULL


FULL_FILE, EMPTY_FILE = "BEGIN:VEVENT\n" * 3, "BEGIN:VCALENDAR\nEND:VCALENDAR\n"


def test_an_emptied_file_is_believed_only_after_ten_minutes() -> None:
    for since in (None, NOW, NOW - BELIEVE_EMPTY_AFTER + timedelta(seconds=1)):
        with pytest.raises(Doubtful):
            check_file(FULL_FILE, EMPTY_FILE, since, NOW)
    check_file(FULL_FILE, EMPTY_FILE, NOW - BELIEVE_EMPTY_AFTER, NOW)
    check_file("BEGIN:VEVENT\n" * 2, EMPTY_FILE, None, NOW)
    check_file(FULL_FILE, "BEGIN:VEVENT\n", None, NOW)


def test_a_files_validators_are_kept_in_its_mark() -> None:
    mark = file_mark('"e"', "Mon, 23 Nov 2026 08:00:00 GMT", "abc", NOW)
    assert file_validators(mark) == ('"e"', "Mon, 23 Nov 2026 08:00:00 GMT", "abc")
    assert file_validators(Mark(None, None, None)) == ("", "", "")


def test_a_token_that_stands_still_after_our_own_write_is_odd() -> None:
    # Xandikos: somebody took our change back, and the calendar is what it was, token and all.
    mark = Mark("tree-a", WRITTEN, NOW)
    still, moved = page({}, token="tree-a"), page({}, token="tree-b")
    assert not is_quiet(mark, still)
    assert plan_changes(KNOWN, len(KNOWN), mark, still) is None
    assert is_quiet(mark, moved)
    assert is_quiet(Mark("tree-a", "c5", NOW), still)
