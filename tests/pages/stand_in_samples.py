"""Contexts for what is said of stand-ins, and the page of time off."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from app.availability.pages import DateLeaf
from app.booking.pages import StandingLine
from app.booking.standins.pages import CallInTimeOff, TimeOffEntry, TimeOffPage
from app.mail.pages import NobodyMail
from tests.pages.booking_samples import WEEK
from tests.pages.shared_samples import Sample

CALL = CallInTimeOff("b1", "Tue 8 Dec, 10:00–10:30", "Vera Lindqvist, Nordwind", "p2", "Rita")
CALLS = (
    CALL,
    replace(CALL, id="b2", note="It did not pass to Rita Novák, who turned out not to be free then."),
    replace(CALL, id="b3", problem="Rita Novák is not free at that time."),
    replace(CALL, id="b4", stand_in="", stand_in_name=""),
)
PASSING = (replace(CALL, id="b5", note="passes to Rita Novák as soon as the calendar has it"),)
ENTRY = TimeOffEntry(
    "t1",
    DateLeaf("Dec", "7", "Mon"),
    "Sam Okafor",
    "7 Dec – 11 Dec",
    ("7 Dec – 10 Dec: Rita Novák stands in", "11 Dec: Nobody stands in"),
    True,
    "The administrators know.",
    CALLS,
    PASSING,
)
QUIET = replace(ENTRY, served=("Rita Novák stands in",), is_bare=False, note="", calls=(), passing=())
STANDING = StandingLine("From 7 December until 11 December Rita stands in for Sam.")
NOBODY = StandingLine(
    "Sam is away until 11 December. Nobody stands in.", "Mon 14 Dec, 10:00", "/book?week=2026-12-14"
)
MAIL = NobodyMail(
    "Attaché", "Sam Okafor", "7 December", "11 December", ("Nordwind",), 3, "https://calls.example/time-off"
)
PERSON = "https://calls.example/people/x"
CLOSED = replace(MAIL, first="", last="", is_closed=True, url="https://calls.example/companies?show=unserved")


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
    for name, line in (("stand-in", STANDING), ("nobody", NOBODY)):
        yield f"book-{name}", "booking/week.html", {"page": replace(WEEK, standing=line, days=days)}
    for part in ("txt", "html"):
        for name, mail in (
            ("nobody", MAIL),
            ("nobody-one", replace(MAIL, more=0, last="7 December")),
            ("closed", CLOSED),
            ("closed-later", replace(CLOSED, first="12 December", url=PERSON)),
            ("closed-stand-in-away", replace(MAIL, stand_in="Lev Orlov", url=PERSON)),
        ):
            yield f"mail-{name}-{part}", f"mail/nobody_stands_in.{part}", {"mail": mail}
