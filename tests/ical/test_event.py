"""The plain copy on the calendar server, written and read back."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from app.ical.edited import holds
from app.ical.event import read_event, write_event
from tests.ical.values import NINE, an_event, calendar, event


def test_copy_reads_back_as_the_same_value() -> None:
    written = an_event(sequence=3)
    assert read_event(write_event(written), written.uid) == written


def test_copy_names_nobody_a_server_could_mail() -> None:
    text = write_event(an_event())
    assert not any(word in text for word in ("ORGANIZER", "ATTENDEE", "METHOD"))


def test_copy_always_says_its_sequence() -> None:
    assert "\r\nSEQUENCE:0\r\n" in write_event(an_event())


def test_copy_is_in_utc_without_any_zone() -> None:
    text = write_event(an_event(starts_at=NINE.astimezone(), ends_at=NINE.astimezone() + timedelta(hours=1)))
    assert "DTSTART:20261123T080000Z\r\nDTEND:20261123T090000Z\r\n" in text
    assert "TZID" not in text


def test_independent_parser_reads_the_copy() -> None:
    written = an_event()
    read = IcsCalendarStream.calendar_from_ics(write_event(written)).events[0]
    assert (read.dtstart, read.dtend, read.uid) == (written.starts_at, written.ends_at, written.uid)
    assert (read.summary, read.description) == (written.summary, written.description)
    assert (read.status, read.transparency, read.sequence) == ("CONFIRMED", "OPAQUE", 0)


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        write_event(an_event(starts_at=datetime(2026, 11, 23, 8)))  # noqa: DTZ001


def test_end_must_follow_the_start() -> None:
    with pytest.raises(ValueError, match="not after its start"):
        write_event(an_event(ends_at=NINE))


@given(st.text(max_size=200), st.text(max_size=80))
def test_no_text_of_a_guest_leaves_its_property(description: str, summary: str) -> None:
    plain = write_event(an_event(description="x", summary="x", reference="x"))
    text = write_event(
        an_event(description=f"x{description}", summary=f"x{summary}", reference=f"x{summary}")
    )
    names = [line.split(":")[0] for line in text.replace("\r\n ", "").split("\r\n")]
    assert names == [line.split(":")[0] for line in plain.replace("\r\n ", "").split("\r\n")]
    assert len(icalendar.Calendar.from_ical(text).events) == 1


@given(st.text(max_size=300))
def test_lines_have_at_most_75_octets_and_end_by_crlf(description: str) -> None:
    data = write_event(an_event(description=description)).encode()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert all(line.decode() is not None for line in data.split(b"\r\n"))


def test_reading_finds_the_master_with_that_uid() -> None:
    text = calendar(
        *("BEGIN:VEVENT", "UID:a", "DTSTART:20260323T090000Z", "DTEND:20260323T100000Z", "END:VEVENT"),
        *(
            "BEGIN:VEVENT",
            "UID:b",
            "RECURRENCE-ID:20260325T090000Z",
            "DTSTART:20260325T110000Z",
            "END:VEVENT",
        ),
        *("BEGIN:VEVENT", "UID:b", "DTSTART:20260324T090000Z", "DURATION:PT15M", "END:VEVENT"),
    )
    found = read_event(text, "b")
    assert found is not None
    assert found.starts_at == datetime(2026, 3, 24, 9, tzinfo=UTC)
    assert found.ends_at == datetime(2026, 3, 24, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "<html>sign in</html>", event("DTSTART:20260323T090000Z"), event("SUMMARY:x")]
)
def test_what_is_not_there_reads_as_absent(text: str) -> None:
    assert read_event(text, "6f0e7a1c") is None


def test_moved_in_a_client_with_a_zone_reads_in_utc() -> None:
    found = read_event(
        event("DTSTART;TZID=Europe/Berlin:20260323T100000", "DTEND;TZID=Europe/Berlin:20260323T103000"), "one"
    )
    assert found is not None
    assert (found.starts_at, found.ends_at) == (
        datetime(2026, 3, 23, 9, tzinfo=UTC),
        datetime(2026, 3, 23, 9, 30, tzinfo=UTC),
    )


def test_rewritten_bytes_are_the_same_write() -> None:
    written = an_event(summary="Call, with; Vera")
    rewritten = icalendar.Calendar.from_ical(write_event(written))
    rewritten.add("X-SERVER", "was here")
    assert holds(rewritten.to_ical(sorted=False).decode(), written, "UTC")


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": 1},
        {"uid": "another"},
        {"summary": "Another"},
        {"starts_at": NINE + timedelta(minutes=15)},
        {"ends_at": NINE + timedelta(minutes=45)},
    ],
)
def test_another_write_is_told_apart(changes: dict[str, object]) -> None:
    assert not holds(write_event(an_event(**changes)), an_event(), "UTC")
