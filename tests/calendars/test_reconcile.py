"""What became of an event that we wrote, for everything that calendar programs do to one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.reconcile import (
    BETWEEN_LOOKS,
    Change,
    Finding,
    Owner,
    Written,
    compare,
    is_certain,
    is_doubtful,
)
from app.calendars.values import Standing
from app.ical.edited import amended, holds, read_edited
from app.ical.event import CalendarEvent, write_event
from app.lib.intervals import Interval

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
END = START + timedelta(minutes=30)
HOUR = timedelta(hours=1)
WORK, HOME = "/sam/work/", "/sam/home/"
HREF = f"{WORK}attache-1.ics"
OWNER = Owner("Europe/Bratislava", frozenset({"sam@attache.example"}))
EVENT = CalendarEvent(
    uid="attache-1",
    starts_at=START,
    ends_at=END,
    summary="Product support: Vera, Nordwind",
    description="Price lists; import, export\n\nWith: Vera",
    sequence=2,
    stamped_at=START - 24 * HOUR,
    created_at=START - 48 * HOUR,
)
TEXT = write_event(EVENT)
WRITTEN = Written(EVENT.uid, HREF, WORK, START, END, EVENT.summary, EVENT.description, '"1"')


def standing(text: str = TEXT, href: str = HREF, *, receives: bool | None = None) -> Standing:
    calendar = href.rsplit("/", 1)[0] + "/"
    takes = calendar == WORK if receives is None else receives
    return Standing(1, 1 if calendar == WORK else 2, calendar, takes, href, '"2"', text)


def found(*standings: Standing) -> Finding:
    return compare(WRITTEN, standings, OWNER)


def with_lines(*lines: str, text: str = TEXT) -> str:
    return text.replace("END:VEVENT", "\r\n".join([*lines, "END:VEVENT"]))


def at(start: str, end: str, text: str = TEXT) -> str:
    """The event with these two lines for its times."""
    kept = [line for line in text.split("\r\n") if not line.startswith(("DTSTART", "DTEND", "DURATION"))]
    return with_lines(start, end, text="\r\n".join(kept))


def override(start: str, end: str, *lines: str, of: str = "20261124T090000Z") -> str:
    parts = (f"UID:{EVENT.uid}", f"RECURRENCE-ID:{of}", f"DTSTART:{start}", f"DTEND:{end}", *lines)
    vevent = "\r\n".join(["BEGIN:VEVENT", *parts, "END:VEVENT", "END:VCALENDAR"])
    return with_lines("RRULE:FREQ=WEEKLY").replace("END:VCALENDAR", vevent)


LATER = at("DTSTART:20261124T110000Z", "DTEND:20261124T113000Z")
UTC_HOUR = ("DTSTART:20261124T090000Z", "DTEND:20261124T093000Z")

CASES: list[tuple[str, str, set[Change], Interval | None]] = [
    ("untouched", TEXT, set(), Interval(START, END)),
    ("bytes written anew", TEXT.replace("\r\n", "\n"), set(), Interval(START, END)),
    ("an alarm and a colour", with_lines("COLOR:red", "X-APPLE-TRAVEL:1"), set(), Interval(START, END)),
    ("duration for the end", at(UTC_HOUR[0], "DURATION:PT30M"), set(), Interval(START, END)),
    (
        "the same moment on the owner's clock",
        at("DTSTART;TZID=Europe/Bratislava:20261124T100000", "DTEND;TZID=Europe/Bratislava:20261124T103000"),
        set(),
        Interval(START, END),
    ),
    (
        "floating, which is the owner's clock",
        at("DTSTART:20261124T100000", "DTEND:20261124T103000"),
        set(),
        Interval(START, END),
    ),
    ("moved", LATER, {Change.MOVED}, Interval(START + 2 * HOUR, END + 2 * HOUR)),
    (
        "made longer",
        at(UTC_HOUR[0], "DTEND:20261124T100000Z"),
        {Change.MOVED},
        Interval(START, START + HOUR),
    ),
    (
        "made a whole day",
        at("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261125"),
        {Change.MOVED},
        Interval(START - 10 * HOUR, START + 14 * HOUR),
    ),
    ("retitled", TEXT.replace("Product support", "Vera!"), {Change.CHANGED_TEXT}, Interval(START, END)),
    ("other notes", TEXT.replace("Price lists", "My notes"), {Change.CHANGED_TEXT}, Interval(START, END)),
    (
        "moved and retitled",
        LATER.replace("Product support", "Vera!"),
        {Change.MOVED, Change.CHANGED_TEXT},
        Interval(START + 2 * HOUR, END + 2 * HOUR),
    ),
    ("set free", TEXT.replace("OPAQUE", "TRANSPARENT"), {Change.MADE_FREE}, Interval(START, END)),
    (
        "set free and moved",
        LATER.replace("OPAQUE", "TRANSPARENT"),
        {Change.MADE_FREE, Change.MOVED},
        Interval(START + 2 * HOUR, END + 2 * HOUR),
    ),
    ("cancelled", TEXT.replace("CONFIRMED", "CANCELLED"), {Change.DECLINED}, Interval(START, END)),
    (
        "declined by the owner",
        with_lines("ATTENDEE;PARTSTAT=DECLINED:mailto:SAM@attache.example"),
        {Change.DECLINED},
        Interval(START, END),
    ),
    (
        "declined by somebody else",
        with_lines("ATTENDEE;PARTSTAT=DECLINED:mailto:eve@example.org"),
        set(),
        Interval(START, END),
    ),
    ("made recurring", with_lines("RRULE:FREQ=WEEKLY"), {Change.MADE_RECURRING}, Interval(START, END)),
    ("a second date", with_lines("RDATE:20261125T090000Z"), {Change.MADE_RECURRING}, Interval(START, END)),
    (
        "made recurring, the first one moved",
        override("20261124T120000Z", "20261124T123000Z", f"SUMMARY:{EVENT.summary}"),
        {Change.MADE_RECURRING, Change.MOVED, Change.CHANGED_TEXT},
        Interval(START + 3 * HOUR, END + 3 * HOUR),
    ),
    (
        "made recurring, a later one moved",
        override("20261201T120000Z", "20261201T123000Z", of="20261201T090000Z"),
        {Change.MADE_RECURRING},
        Interval(START, END),
    ),
    (
        "made recurring, the first one left out",
        with_lines("RRULE:FREQ=WEEKLY", "EXDATE:20261124T090000Z"),
        {Change.MADE_RECURRING, Change.DECLINED},
        Interval(START, END),
    ),
    (
        "made recurring, the first one cancelled",
        override(UTC_HOUR[0][8:], UTC_HOUR[1][6:], "STATUS:CANCELLED", f"SUMMARY:{EVENT.summary}"),
        {Change.MADE_RECURRING, Change.DECLINED, Change.CHANGED_TEXT},
        Interval(START, END),
    ),
    ("no calendar at all", "<html>", {Change.UNREADABLE}, None),
    ("cut off", TEXT[: len(TEXT) // 2], {Change.UNREADABLE}, None),
    ("without a start", at("X-A:1", "X-B:2"), {Change.UNREADABLE}, None),
    ("another event", TEXT.replace("UID:attache-1", "UID:other"), {Change.UNREADABLE}, None),
]


@pytest.mark.parametrize(("text", "changes", "span"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_what_was_done_to_an_event_is_told(text: str, changes: set[Change], span: Interval | None) -> None:
    finding = found(standing(text))
    assert (set(finding.changes), finding.span) == (changes, span)
    assert finding.is_same == (not changes)
    assert finding.is_off == bool(changes & {Change.DELETED, Change.DECLINED})


def test_an_event_that_stands_nowhere_is_deleted() -> None:
    assert found() == Finding(frozenset({Change.DELETED}))


def test_a_copy_beside_ours_is_ignored() -> None:
    copy = standing(LATER, f"{HOME}copy.ics")
    for order in ((standing(), copy), (copy, standing())):
        finding = found(*order)
        assert set(finding.changes) == {Change.COPIED}
        assert finding.place == standing() and finding.span == Interval(START, END)


@pytest.mark.parametrize("href", [f"{HOME}attache-1.ics", f"{WORK}renamed.ics"])
def test_an_event_at_another_href_is_adopted(href: str) -> None:
    finding = found(standing(LATER, href))
    assert set(finding.changes) == {Change.MOVED_CALENDAR, Change.MOVED}
    assert finding.place is not None and finding.place.href == href


def test_of_several_at_other_hrefs_our_own_calendar_comes_first_then_the_one_for_bookings() -> None:
    elsewhere = [
        standing(href="/sam/zoo/b.ics", receives=True),
        standing(href="/sam/art/a.ics", receives=False),
    ]
    best = found(*elsewhere).place
    assert best is not None and best.href == "/sam/zoo/b.ics"
    best = found(*elsewhere, standing(href=f"{WORK}renamed.ics", receives=False)).place
    assert best is not None and best.href == f"{WORK}renamed.ics"


texts = st.sampled_from([case[1] for case in CASES])
places = st.sampled_from([HREF, f"{WORK}x.ics", f"{HOME}a.ics", f"{HOME}b.ics"])


@given(st.lists(st.builds(standing, texts, places), max_size=4, unique_by=lambda item: item.href))
def test_the_order_in_which_objects_are_found_never_matters(standings: list[Standing]) -> None:
    assert found(*standings) == found(*reversed(standings))
    if not standings:
        return
    assert Change.DELETED not in found(*standings).changes
    assert (Change.COPIED in found(*standings).changes) == (len(standings) > 1)


@given(
    st.integers(-10_000, 10_000).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes)),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=40),
    st.integers(0, 9),
)
def test_what_is_amended_reads_as_it_was_meant_and_keeps_the_owners_words(
    shift: timedelta, length: timedelta, title: str, sequence: int
) -> None:
    theirs = write_event(
        CalendarEvent(
            uid=EVENT.uid,
            starts_at=START,
            ends_at=END,
            summary=title,
            stamped_at=START,
            created_at=START,
        )
    )
    theirs = with_lines("BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT5M", "END:VALARM", text=theirs)
    wanted = CalendarEvent(
        uid=EVENT.uid,
        starts_at=START + shift,
        ends_at=START + shift + length,
        summary=title,
        sequence=sequence,
        stamped_at=START,
        created_at=START,
    )
    text = amended(theirs, wanted, OWNER.zone)
    assert holds(text, wanted, OWNER.zone)
    assert text.count("BEGIN:VALARM") == 1 and text.count("\r\n") == text.count("\n")
    assert read_edited(text, EVENT.uid, OWNER.zone).span == Interval(wanted.starts_at, wanted.ends_at)


def test_moving_a_call_that_was_made_recurring_moves_the_first_occurrence_alone() -> None:
    wanted = CalendarEvent(
        uid=EVENT.uid,
        starts_at=START + HOUR,
        ends_at=END + HOUR,
        summary=EVENT.summary,
        sequence=3,
        stamped_at=START,
        created_at=START,
    )
    series = with_lines("RRULE:FREQ=WEEKLY")
    text = amended(series, wanted, OWNER.zone)
    assert "RRULE:FREQ=WEEKLY" in text and text.count("BEGIN:VEVENT") == 2
    assert holds(text, wanted, OWNER.zone)
    again = amended(text, EVENT, OWNER.zone)
    assert again.count("BEGIN:VEVENT") == 2 and read_edited(again, EVENT.uid, OWNER.zone).span.start == START


def test_a_deletion_is_certain_after_two_complete_looks_a_minute_apart() -> None:
    assert not is_certain(None, START)
    assert not is_certain(START, START + BETWEEN_LOOKS - timedelta(seconds=1))
    assert is_certain(START, START + BETWEEN_LOOKS)


@pytest.mark.parametrize(
    ("gone", "ahead", "doubted"),
    [
        (0, 0, False),
        (1, 1, False),
        (1, 9, False),
        (2, 2, True),
        (2, 3, True),
        (2, 4, False),
        (3, 5, True),
        (3, 6, False),
        (3, 100, False),
        (4, 100, True),
        (4, 4, True),
    ],
)
def test_a_look_that_would_call_off_many_is_doubted(gone: int, ahead: int, doubted: bool) -> None:
    assert is_doubtful(gone, ahead) is doubted


@given(st.integers(0, 30), st.integers(0, 30))
def test_never_more_than_three_nor_the_larger_part_is_called_off_unasked(gone: int, rest: int) -> None:
    if not is_doubtful(gone, gone + rest):
        assert gone <= 1 or (gone <= 3 and gone <= rest)
