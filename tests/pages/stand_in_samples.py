"""Contexts for what is said of stand-ins, and the page of time off."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from app.availability.pages import DateLeaf
from app.booking.standins.pages import CallInTimeOff, TimeOffEntry, TimeOffPage
from app.mail.pages import NobodyMail
from tests.pages.booking_samples import WEEK
from tests.pages.shared_samples import Sample

CALLS = (CallInTimeOff("b1", "Tue 8 Dec, 10:00–10:30", "Vera Lindqvist, Nordwind"),) * 2
ENTRY = TimeOffEntry(
    "t1",
    DateLeaf("Dec", "7", "Mon"),
    "Sam Okafor",
    "7 Dec – 11 Dec",
    ("7 Dec – 10 Dec: Rita Novák stands in", "11 Dec: Nobody stands in"),
    True,
    "The administrators know.",
    CALLS,
)
QUIET = replace(ENTRY, served=("Rita Novák stands in",), is_bare=False, note="", calls=())
STANDING = "From 7 December until 11 December Rita stands in for Sam."
MAIL = NobodyMail(
    "Attaché", "Sam Okafor", "7 December", "11 December", ("Nordwind",), 3, "https://calls.example/time-off"
)


def stand_in_samples() -> Iterator[Sample]:
    """Every state of the page, the week's note, and the mail."""
    pages = (
        ("time-off", "administrator", TimeOffPage((ENTRY, QUIET), False, "/time-off?after=2026-12-07.1")),
        ("time-off-own", "specialist", TimeOffPage((replace(ENTRY, name=""),), True)),
        ("time-off-none", "administrator", TimeOffPage((), False)),
    )
    for name, role, page in pages:
        yield name, "booking/time_off.html", {"page": page, "viewer": SimpleNamespace(role=role)}
    days = (replace(WEEK.days[0], with_whom="with Rita"), *WEEK.days[1:])
    yield "book-stand-in", "booking/week.html", {"page": replace(WEEK, standing=STANDING, days=days)}
    for part in ("txt", "html"):
        for name, mail in (("nobody", MAIL), ("nobody-one", replace(MAIL, more=0, last="7 December"))):
            yield f"mail-{name}-{part}", f"mail/nobody_stands_in.{part}", {"mail": mail}
