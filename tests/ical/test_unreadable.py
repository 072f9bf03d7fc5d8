"""A text that nobody can read must never mean "free"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ical.expand import UnreadableCalendar, expand
from tests.ical.values import WEEK, event

_SOUND = event("DTSTART:20260324T090000Z", "DTEND:20260324T100000Z", "SUMMARY:Grüße")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \r\n\r\n",
        "<!doctype html><html><title>Sign in</title></html>",
        '["vcalendar",[],[]]',
        "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260324T090000Z\r\nEND:VEVENT\r\n",
        "BEGIN:VCALENDAR\r\n BEGIN:VEVENT\r\n UID:a\r\n END:VEVENT\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n BEGIN:VEVENT\r\n UID:a\r\n END:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n BEGIN:VEVENT\r\n UID:a\r\n END:VEVENT\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n UID:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
        b"\xff" * 40,
    ],
)
def test_what_is_no_calendar_is_refused(text: str | bytes) -> None:
    with pytest.raises(UnreadableCalendar):
        expand(text, WEEK, "UTC")


@given(st.integers(min_value=0, max_value=len(_SOUND) - len("R\r\n")))
def test_download_cut_off_anywhere_is_refused(length: int) -> None:
    with pytest.raises(UnreadableCalendar):
        expand(_SOUND[:length], WEEK, "UTC")


@pytest.mark.parametrize(
    "data",
    [
        _SOUND.encode(),
        _SOUND.encode("utf-8-sig"),
        _SOUND.encode("utf-16"),
        _SOUND.encode("cp1252"),
        _SOUND.replace("\r\n", "\n").encode(),
        _SOUND.replace("\r\n", "\r").encode(),
        _SOUND.replace("\r\n", "\r\r\n").encode(),
        _SOUND.replace("\r\nDTSTART", "\rDTSTART").replace("\r\nEND:VEVENT", "\rEND:VEVENT").encode(),
        _SOUND.lower().encode(),
        _SOUND.replace("Grüße", "x\x0b\x0c\x1c\x85\u2028y").encode(),
        _SOUND.encode().replace("ü".encode(), b"\xc3\r\n \xbc"),
        (_SOUND + "<!-- served by a proxy -->").encode(),
    ],
)
def test_odd_bytes_are_read_all_the_same(data: bytes) -> None:
    assert len(expand(data, WEEK, "UTC").spans) == 1


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_titles_keep_their_letters_in_any_charset(name: str) -> None:
    text = event("DTSTART:20260324T090000Z", "DTEND:x", "SUMMARY:Grüße")
    assert expand(text.encode(name), WEEK, "UTC").problems[0].summary == "Grüße"


@given(
    st.lists(
        st.sampled_from(_SOUND.split("\r\n") + ["RRULE:FREQ=DAILY", "DTSTART:x", "EXDATE:20260324T090000Z,,"])
    )
)
def test_lines_in_any_order_raise_nothing_else(lines: list[str]) -> None:
    _survives("\r\n".join(lines))


@given(st.text(alphabet="FREQ=;,BYDAOMNTHWKSECUILP0123456789-+TZ: \r\n\tMO", max_size=120))
def test_any_rule_raises_nothing_and_blocks_the_first_occurrence(rule: str) -> None:
    rule = rule.replace("\n", "").replace("\r", "")
    text = event("DTSTART:20260324T090000Z", "DTEND:20260324T100000Z", f"RRULE:{rule}")
    assert expand(text, WEEK, "UTC").spans


@given(st.binary(max_size=300))
def test_any_bytes_raise_nothing_else(data: bytes) -> None:
    _survives(data)
    _survives(_SOUND.encode().replace(b"SUMMARY", data))


@given(
    st.sampled_from(
        ["DTSTART", "DTEND", "DURATION", "RDATE", "EXDATE", "RECURRENCE-ID", "EXRULE", "SEQUENCE", "TZID"]
    ),
    st.text(alphabet="0123456789TZPDHMSW-+:;=,/ VALUETZID", max_size=40),
)
def test_any_value_raises_nothing(name: str, value: str) -> None:
    _survives(event(f"{name}:{value}", f"{name};{value}", "DTSTART:20260324T090000Z", "RRULE:FREQ=WEEKLY"))


@given(st.text(alphabet="0123456789+-TZ=;,FREQYALYBMONTHD:SU", max_size=40))
def test_any_zone_definition_raises_nothing(value: str) -> None:
    text = event("DTSTART;TZID=Odd:20260324T090000", "DURATION:PT1H").replace(
        "BEGIN:VEVENT",
        "BEGIN:VTIMEZONE\r\nTZID:Odd\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\nTZOFFSETFROM:+0100\r\n"
        f"TZOFFSETTO:{value}\r\nRRULE:{value}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT",
    )
    assert expand(text, WEEK, "UTC").spans


def _survives(text: str | bytes) -> None:
    try:
        expand(text, WEEK, "Europe/Berlin")
    except UnreadableCalendar:
        return
