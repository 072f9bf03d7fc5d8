"""Contexts for the list of phone calls."""

from collections.abc import Iterator
from types import SimpleNamespace

from app.desk.phone.calls_page import CallRow, CallsPage
from tests.pages.shared_samples import Sample

VIEWER = SimpleNamespace(role="specialist")
_UNKNOWN = ("Today, 18:30", "2026-11-30T17:30:00Z", "+420 222 333 444", "+420222333444", "Unknown caller", "")
ROWS = (
    CallRow("c1", *_UNKNOWN, "Voicemail, 34 s", "", True, False),
    CallRow(
        "c2", *_UNKNOWN, "Voicemail, 80 s", "The recording could not be fetched: status 404", False, False,
        "vera@nordwind.example", "No contact whom you look after has this address",
    ),
    CallRow(
        "c3", "Today, 10:02", "2026-11-30T09:02:00Z", "+49 30 55501010", "+493055501010", "Vera Lindqvist",
        "Nordwind", "Answered by Sam Okafor", "", False, True,
    ),
    CallRow(
        "c4", "Fri 27 Nov, 10:02", "2026-11-27T09:02:00Z", "Hidden number", "", "Unknown caller", "",
        "Missed", "", False, False,
    ),
)  # fmt: skip


def samples() -> Iterator[Sample]:
    """Name, template and context."""
    yield "phone-calls", "desk/phone_calls.html", {"page": CallsPage(ROWS, 7), "viewer": VIEWER}
    yield "phone-calls-none", "desk/phone_calls.html", {"page": CallsPage((), None), "viewer": VIEWER}
