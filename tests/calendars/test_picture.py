"""What objects mean for whoever wants to book, by their calendar's purpose."""

from app.calendars.syncing.picture import (
    BUSY,
    TENTATIVE,
    TIME_OFF,
    WORKING,
    Placed,
    Reader,
    has_availability,
    place,
    place_all,
)
from tests.ical.values import WEEK, calendar, event

_BUSY = Reader("busy", "Europe/Berlin", frozenset({"sam@attache.example"}))
_HOURS = Reader("working_hours", "Europe/Berlin", frozenset())
_TIMES = ("DTSTART:20260324T090000Z", "DURATION:PT1H")


def _kinds(placed: Placed) -> list[str]:
    assert placed.spans is not None
    return [span.kind for span in placed.spans]


def _availability(*lines: str, priority: int = 0) -> str:
    return calendar(
        *("BEGIN:VAVAILABILITY", f"UID:v{priority}", f"PRIORITY:{priority}", "BEGIN:AVAILABLE", "UID:w"),
        *(*lines, "END:AVAILABLE", "END:VAVAILABILITY"),
    )


def test_busy_calendar_blocks_by_status_and_leaves_out_what_is_free() -> None:
    texts = [event(*_TIMES, line) for line in ("STATUS:CONFIRMED", "STATUS:TENTATIVE", "TRANSP:TRANSPARENT")]
    assert [_kinds(placed) for placed in place_all(texts, WEEK, _BUSY)] == [[BUSY], [TENTATIVE], []]


def test_declined_by_one_of_the_owners_addresses_is_left_out() -> None:
    text = event(*_TIMES, "ATTENDEE;PARTSTAT=DECLINED:mailto:sam@attache.example", "RRULE:FREQ=DAILY")
    assert place(text, WEEK, _BUSY) == Placed((), "")


def test_whole_days_that_the_hours_editor_wrote_are_time_off() -> None:
    text = event("DTSTART;VALUE=DATE:20260324", "DTEND;VALUE=DATE:20260326")
    assert _kinds(place(text.replace("UID:one", "UID:hours-7f"), WEEK, _BUSY)) == [TIME_OFF]
    assert _kinds(place(text, WEEK, _BUSY)) == [BUSY]
    timed = event(*_TIMES).replace("UID:one", "UID:hours-7f")
    assert _kinds(place(timed, WEEK, _BUSY)) == [BUSY]


def test_timed_events_of_a_calendar_of_hours_are_hours_and_whole_days_time_off() -> None:
    day = event("DTSTART;VALUE=DATE:20260324", "TRANSP:TRANSPARENT")
    assert [_kinds(placed) for placed in place_all([event(*_TIMES), day], WEEK, _HOURS)] == [
        [WORKING],
        [TIME_OFF],
    ]


def test_availabilities_are_hours_by_all_of_them_together() -> None:
    usual = _availability("DTSTART:20260323T080000Z", "DURATION:PT8H", "RRULE:FREQ=DAILY", priority=5)
    never = calendar(
        *("BEGIN:VAVAILABILITY", "UID:v1", "PRIORITY:1", "DTSTART:20260324T000000Z"),
        *("DTEND:20260325T000000Z", "END:VAVAILABILITY"),
    )
    alone = place_all([usual, event(*_TIMES)], WEEK, _HOURS)
    assert [_kinds(placed) for placed in alone] == [[WORKING] * 7, [WORKING]]
    assert [_kinds(placed) for placed in place_all([usual, never], WEEK, _HOURS)] == [[WORKING] * 6, []]


def test_availability_means_nothing_in_a_busy_calendar() -> None:
    assert place(_availability(*_TIMES), WEEK, _BUSY) == Placed((), "")


def test_availability_is_seen_however_it_is_folded() -> None:
    text = _availability(*_TIMES)
    assert has_availability(text)
    assert has_availability(text.replace("BEGIN:VAV", "begin:VA\r\n V"))
    assert not has_availability(event(*_TIMES, "SUMMARY:BEGIN:VAVAILABILITY"))


def test_unreadable_object_keeps_what_was_known_and_says_why() -> None:
    [unreadable, sound] = place_all(["<html>", event(*_TIMES)], WEEK, _BUSY)
    assert unreadable.spans is None
    assert unreadable.problem.startswith("unreadable: ")
    assert _kinds(sound) == [BUSY]


def test_event_over_its_budget_blocks_its_first_and_is_named_by_title() -> None:
    text = event(*_TIMES, "RRULE:FREQ=SECONDLY", "SUMMARY:Clock \u202e tick")
    placed = place(text, WEEK, _BUSY)
    assert _kinds(placed) == [BUSY]
    assert placed.problem == "Clock tick: too-many"


def test_every_problem_of_a_text_stands_on_a_line_of_its_own() -> None:
    first = event(*_TIMES, "RRULE:FREQ=SECONDLY", "SUMMARY:One; two: three")
    second = event(*_TIMES, "RRULE:FREQ=SECONDLY", "SUMMARY:Four")
    placed = place(_together(first, second), WEEK, _BUSY)
    assert placed.problem.splitlines() == ["One; two: three: too-many", "Four: too-many"]


def test_problems_beyond_what_is_kept_are_left_out_whole() -> None:
    title = f"SUMMARY:{'x' * 200}"
    events = [event(*_TIMES, "RRULE:FREQ=SECONDLY", title) for _ in range(9)]
    placed = place(_together(*events), WEEK, _BUSY)
    assert placed.problem.splitlines() == [f"{'x' * 100}: too-many"] * 4


def _together(*texts: str) -> str:
    """Events of one calendar, each with a UID of its own."""
    bodies = (text.replace("UID:", f"UID:{number}-", 1) for number, text in enumerate(texts))
    return calendar(*(line for body in bodies for line in body.splitlines()[2:-1]))
