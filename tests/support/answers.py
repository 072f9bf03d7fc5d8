"""Made-up answers to invitations, as mail programs write them and as they do not."""

from base64 import encodebytes
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import icalendar

STAMP = datetime(2026, 11, 20, 12, tzinfo=UTC)
START = datetime(2026, 11, 25, 13, tzinfo=UTC)
END = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)


def stamp(moment: datetime) -> str:
    """A moment as iCalendar writes it."""
    return f"{moment:%Y%m%dT%H%M%SZ}"


def event(
    partstat: str = "ACCEPTED",
    *,
    uid: str = "attache-7",
    guest: str = "vera@nordwind.example",
    sequence: int | None = 2,
    stamped_at: datetime | None = STAMP,
    start: str = f"DTSTART:{stamp(START)}",
    end: str = f"DTEND:{stamp(END)}",
    parameters: str = "",
    more: tuple[str, ...] = (),
) -> str:
    """A VEVENT as it comes back in an answer; None leaves a line out."""
    lines = ["BEGIN:VEVENT", f"UID:{uid}", start, end, "SUMMARY:Product support"]
    if stamped_at is not None:
        lines.append(f"DTSTAMP:{stamp(stamped_at)}")
    if sequence is not None:
        lines.append(f"SEQUENCE:{sequence}")
    if guest:
        lines.append(f"ATTENDEE;PARTSTAT={partstat}{parameters}:mailto:{guest}")
    return "\r\n".join([*lines, *more, "END:VEVENT", ""])


def message(*events: str, method: str = "REPLY") -> str:
    """The calendar around them."""
    said = f"METHOD:{method}\r\n" if method else ""
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{said}{''.join(events)}END:VCALENDAR\r\n"


def calendar_part(
    text: str, *, method: str = "REPLY", charset: str = "UTF-8", encoding: str = "base64", kind: str = "text"
) -> bytes:
    """The MIME part that carries it; ``kind`` is ``text`` (text/calendar) or ``file`` (application/ics)."""
    codec = charset or "utf-8"
    content = encodebytes(text.encode(codec)) if encoding == "base64" else text.encode(codec)
    parameters = (f"; charset={charset}" if charset else "") + (f"; method={method}" if method else "")
    name = "text/calendar" if kind == "text" else "application/ics"
    return (
        f"Content-Type: {name}{parameters}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + content
    )


def mail(
    *parts: bytes,
    sender: str = "Vera Lindqvist <vera@nordwind.example>",
    to: str = "Sam <calls@attache.example>",
    kind: str = "multipart/alternative",
    headers: tuple[str, ...] = (),
    message_id: str = "<answer-1@nordwind.example>",
) -> bytes:
    """A mail of a text and these parts."""
    own = [*headers, f"From: {sender}", f"To: {to}", "Subject: Accepted: Product support"]
    if message_id:
        own.append(f"Message-ID: {message_id}")
    own += ["MIME-Version: 1.0", f'Content-Type: {kind}; boundary="part"', "", ""]
    words = b"Content-Type: text/plain; charset=utf-8\r\n\r\nVera has answered.\r\n"
    body = b"".join(b"--part\r\n" + part + b"\r\n" for part in (words, *parts))
    return "\r\n".join(own).encode() + body + b"--part--\r\n"


def reply(partstat: str = "ACCEPTED", *, sender: str = "", **changes: object) -> bytes:
    """A whole REPLY of the usual form; the changes are those of ``event``."""
    text = message(event(partstat, **changes))  # type: ignore[arg-type]
    return mail(calendar_part(text), **({"sender": sender} if sender else {}))


def answer_to(invitation: EmailMessage, partstat: str, **changes: Any) -> bytes:
    """What the invited person's program sends back for an invitation; the changes are those of ``event``.

    ``method`` (REPLY, COUNTER), ``sender`` and ``to`` may be others than the guest and the ORGANIZER.
    """
    (part,) = [part for part in invitation.walk() if part.get_content_type() == "text/calendar"]
    (asked,) = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    guest = asked["ATTENDEE"].removeprefix("mailto:")
    method, sender = changes.pop("method", "REPLY"), changes.pop("sender", guest)
    to = changes.pop("to", asked["ORGANIZER"].removeprefix("mailto:"))
    known = {"uid": str(asked["UID"]), "guest": guest, "sequence": int(asked["SEQUENCE"])}
    text = message(event(partstat, **(known | changes)), method=method)
    return mail(calendar_part(text, method=method), sender=sender, to=to, message_id=f"<{uuid4()}@x.example>")


def bounce(
    message_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = "message/rfc822",
    report: str = "delivery-status",
) -> bytes:
    """What a mail server reports of a message that it could not deliver (RFC 3464)."""
    parts = [
        "Content-Type: text/plain\r\n\r\nI could not deliver your message.",
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.nordwind.example\r\n\r\n"
        f"Final-Recipient: rfc822; vera@nordwind.example\r\nAction: {action}\r\nStatus: {status}\r\n",
        f"Content-Type: {returned}\r\n\r\nMessage-ID: {message_id}\r\nSubject: Invitation\r\n",
    ]
    head = [
        "From: MAILER-DAEMON@mx.nordwind.example",
        "To: calls@attache.example",
        "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: <{uuid4()}@mx.nordwind.example>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={report}; boundary="part"',
    ]
    body = "".join(f"--part\r\n{part}\r\n" for part in parts)
    return ("\r\n".join([*head, "", ""]) + body + "--part--\r\n").encode()
