"""Reports of mail that could not be delivered (RFC 3462, RFC 3464); nothing of them is believed yet."""

import email
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32

_LONGEST_ID = 250


def returned_id(report: Message) -> str:
    """The Message-ID of the message that a report says has failed for good; empty for every other mail.

    A delay is no failure, and a report that does not carry the message or its headers names none.
    """
    kind = str(report.get_param("report-type", "")).lower()
    parts = report.get_payload()
    is_report = report.get_content_type() == "multipart/report" and kind == "delivery-status"
    if not is_report or not isinstance(parts, list):
        return ""
    if not any(_has_failed(fields) for part in parts for fields in _recipients(part)):
        return ""
    found = (_message_id(part) for part in parts)
    return next((text for text in found if text), "")


def _recipients(part: object) -> Iterator[Message]:
    """The groups of fields in the part that programs read: first of the message, then of each recipient."""
    if isinstance(part, Message) and part.get_content_type() == "message/delivery-status":
        groups = part.get_payload()
        yield from (group for group in groups if isinstance(group, Message))


def _has_failed(fields: Message) -> bool:
    action, status = (str(fields.get(name, "")).strip().lower() for name in ("Action", "Status"))
    return action == "failed" and status.startswith("5")


def _message_id(part: object) -> str:
    """That of the message that came back, whole or by its headers alone."""
    if not isinstance(part, Message):
        return ""
    original: object = None
    match part.get_content_type():
        case "message/rfc822":
            inner = part.get_payload()
            original = inner[0] if isinstance(inner, list) and inner else None
        case "text/rfc822-headers":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                original = email.message_from_bytes(content, policy=compat32)
    text = str(original.get("Message-ID", "")).strip() if isinstance(original, Message) else ""
    return text if len(text) <= _LONGEST_ID and text.isprintable() else ""
