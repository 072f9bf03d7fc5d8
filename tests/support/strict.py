"""What every mail and every calendar that we write must be, whoever in the tests made it.

Three independent parsers read each calendar (icalendar in its strict form, ical, vobject), and the rules that
mail clients made us learn are looked at by hand on the bytes.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_METHODS = {"REQUEST", "CANCEL", "DECLINECOUNTER"}
_NEEDED = {"UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "ATTENDEE", "SUMMARY", "SEQUENCE"}
_NEVER = ("X-MICROSOFT-CDO", "SCHEDULE-", "ATTACH", "X-ATTACHE-")


def faults_of_mail(content: bytes) -> list[str]:
    """What is wrong with a mail as it goes out, one sentence each."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return [*_faults_of_bytes(content), *_faults_of_headers(message), *_faults_of_parts(message)]


def faults_of_calendar(data: bytes) -> list[str]:
    """What is wrong with calendar text that leaves us, be it a feed, a file or a part of a mail."""
    return [*_faults_of_text(data), *_faults_found_by_parsers(data)]


def faults_of_feed(data: bytes) -> list[str]:
    """What is wrong with a calendar for subscribers or for a download."""
    text = data.decode()
    faults = faults_of_calendar(data)
    faults += [f"{name} in a feed" for name in ("METHOD:", "ATTENDEE", "ORGANIZER") if f"\r\n{name}" in text]
    if len(data) > 1_000_000:
        faults.append("larger than a megabyte")
    return faults


def _faults_of_bytes(content: bytes) -> Iterator[str]:
    if b"\r\r\n" in content or re.search(rb"(?<!\r)\n", content):
        yield "a line does not end with CR LF"
    if not content.isascii():
        yield "eight-bit bytes, which need a relay with 8BITMIME"
    if max(len(line) for line in content.split(b"\r\n")) > 998:
        yield "a line of more than 998 bytes"


def _faults_of_headers(message: EmailMessage) -> Iterator[str]:
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"):
        if len(message.get_all(name, [])) != 1:
            yield f"{len(message.get_all(name, []))} × {name}"
    if len(message["To"].addresses) != 1 or message["Cc"] or message["Bcc"]:
        yield "not to one recipient alone"
    if bool(message["References"]) != bool(message["In-Reply-To"]):
        yield "References without In-Reply-To, or the other way round"


def _faults_of_parts(message: EmailMessage) -> Iterator[str]:
    kinds = [part.get_content_type() for part in message.walk()]
    if "text/calendar" not in kinds:
        if kinds != ["multipart/alternative", "text/plain", "text/html"]:
            yield f"parts {kinds}"
        return
    if kinds != [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]:
        yield f"parts {kinds}"
        return
    inline, attached = list(message.walk())[-2:]
    yield from _faults_of_invitation(message, inline, attached)


def _faults_of_invitation(message: EmailMessage, inline: Message, attached: Message) -> Iterator[str]:
    data: Any = inline.get_payload(decode=True)
    if inline.get_content_disposition() is not None:
        yield "the calendar part is marked as a file"
    if attached.get_content_disposition() != "attachment" or attached.get_param("name") != "invite.ics":
        yield "the file is not invite.ics, attached"
    if attached.get_payload(decode=True) != data:
        yield "the file differs from the calendar part"
    if str(inline.get_param("charset")).upper() != "UTF-8":
        yield "no charset"
    method = inline.get_param("method")
    if method not in _METHODS or data.count(f"\r\nMETHOD:{method}\r\n".encode()) != 1:
        yield f"method {method} beside and inside"
    yield from faults_of_calendar(data)
    yield from _faults_of_message(data.decode(), str(message["To"].addresses[0].addr_spec), str(method))


def _faults_of_message(text: str, recipient: str, method: str) -> Iterator[str]:
    lines = text.replace("\r\n ", "").splitlines()
    names = [re.split("[:;]", line, maxsplit=1)[0] for line in lines]
    missing = _NEEDED - set(names) if method != "DECLINECOUNTER" else set()
    if missing:
        yield f"without {sorted(missing)}"
    if lines.count("BEGIN:VEVENT") != 1 or "BEGIN:VALARM" in lines:
        yield "not one event without an alarm"
    if names.index("METHOD") > lines.index("BEGIN:VEVENT"):
        yield "METHOD after the event"
    attendees = [line for line in lines if line.startswith("ATTENDEE")]
    if [line.rpartition("mailto:")[2].lower() for line in attendees] != [recipient.lower()]:
        yield f"attendees {attendees} in a mail to {recipient}"
    if not any(line.startswith("ORGANIZER") and ":mailto:" in line for line in lines):
        yield "an organizer without mailto:"
    yield from (f"{line}" for line in lines if line.startswith(_NEVER))


def _faults_of_text(data: bytes) -> Iterator[str]:
    text = data.decode()
    lines = data.split(b"\r\n")
    if any(len(line) > 75 for line in lines):
        yield "a line of more than 75 octets"
    if lines[-1] != b"" or b"" in lines[:-1]:
        yield "a blank line, or no end of line at the end"
    if any(b"\n" in line or b"\r" in line for line in lines):
        yield "a line does not end with CR LF"
    if _FORBIDDEN.search(text.replace("\r\n", "")):
        yield f"a control character: {_FORBIDDEN.search(text.replace(chr(13) + chr(10), ''))!r}"
    for line in text.replace("\r\n ", "").split("\r\n"):
        if re.match("(DTSTART|DTEND|DTSTAMP|CREATED|LAST-MODIFIED)[:;]", line) and not _is_right_time(line):
            yield f"not in UTC: {line}"
        if re.match("UID[:;].*@", line):
            yield f"an address in {line}"


def _is_right_time(line: str) -> bool:
    # The beginning of a VTIMEZONE's rule is in local time (RFC 5545, 3.6.5).
    return line.endswith("Z") or line.startswith("DTSTART:19700101T") or "VALUE=DATE" in line


def _faults_found_by_parsers(data: bytes) -> Iterator[str]:
    # They are heavy, and most tests write no calendar.
    import icalendar
    import vobject
    from ical.calendar_stream import IcsCalendarStream

    text = data.decode()
    for calendar in icalendar.Calendar.from_ical(data, multiple=True):
        for component in calendar.walk():
            yield from (f"icalendar: {error}" for error in component.errors)
    try:
        IcsCalendarStream.from_ics(text)
    except Exception as error:
        yield f"ical: {error}"
    try:
        for component in vobject.readComponents(text):
            component.validate(raiseException=True)
    except Exception as error:
        yield f"vobject: {error}"
