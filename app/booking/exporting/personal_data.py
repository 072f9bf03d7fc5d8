"""What a contact's data look like when they are handed out, and what stays when they are erased."""

import io
import json
import zipfile
from collections.abc import Collection, Mapping
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

ERASED_NAME = "Erased contact"
# What the audit log may keep of a fact about somebody who was erased: times and our own words.
_KEPT = frozenset({"start", "there", "wanted", "via", "why", "kind", "role"})


def as_json(document: Mapping[str, Any]) -> bytes:
    """The document as UTF-8; moments as RFC 3339, days as ISO 8601."""
    return (
        json.dumps(document, ensure_ascii=False, indent=2, default=_text).encode("utf-8", "replace") + b"\n"
    )


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")


def archive(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """The files in one ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            whole.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def subject_of(content: bytes) -> str:
    """The subject of a message; empty for one that was emptied."""
    return str(message_from_bytes(content, policy=default).get("Subject", ""))


def mentions(content: bytes, texts: Collection[str]) -> bool:
    """Whether a message says one of the texts, in its head or any part, however it is encoded."""
    message = message_from_bytes(content, policy=default)
    said = [str(value) for value in message.values()]
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            # Calendar parts fold their lines (RFC 5545, 3.1).
            said.append(payload.decode("utf-8", "replace").replace("\r\n ", ""))
    return any(text in whole for text in texts for whole in said)


def kept_detail(detail: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of the details of an audit fact: nothing that a person wrote, no name, no address."""
    return {key: value for key, value in detail.items() if key in _KEPT}


def erased_address(mark: str) -> str:
    """The address that stands in place of one that was erased; nobody can have it (RFC 2606, 2)."""
    return f"erased-{mark.lower()}@invalid"
