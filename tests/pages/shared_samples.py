"""Values that several sample pages share."""

from typing import Any

from app.availability.pages import DateLeaf, Person, Presence, Problem, When
from app.booking.pages import Alternative, CallRow, Closed, Reach

Sample = tuple[str, str, dict[str, Any]]

SAM = Person(
    "Sam Okafor",
    "Sam",
    "SO",
    "Dedicated support specialist",
    Presence("in", "In now, until 21:00 (17:00 CET)"),
)
RITA = Person("Rita Novák", "Rita", "RN", "Product engineer", SAM.presence)
WHEN = When(
    "Wednesday 25 November",
    "18:00–18:30",
    "Yekaterinburg time, UTC+5",
    "14:00–14:30 CET",
    "2026-11-25T13:00Z",
)
LATER = When(
    "Friday 27 November",
    "15:30–16:00",
    "Yekaterinburg time, UTC+5",
    "11:30–12:00 CET",
    "2026-11-27T10:30Z",
)
REACH = Reach(
    "sam@attache.example",
    "+421 2 123 4567",
    "https://chat.attache.example",
    "support@attache.example",
)
ALTERNATIVES = tuple(
    Alternative(f"2026-11-25T{13 + n}:30Z", "Wednesday 25 November", f"{18 + n}:30", f"{14 + n}:30 CET")
    for n in range(3)
)
PROBLEM = Problem("phone", "Enter a phone number with country code, like +49 30 1234567")
CLOSED = Closed(
    "No times can be shown right now",
    "We have not reached Sam’s calendar since 10:05, so we do not know what is free.",
    REACH,
)
CALLS = tuple(
    CallRow(f"b{n}", DateLeaf(*leaf), title, day, time, service, length, status, status == "confirmed")
    for n, (leaf, title, day, time, service, length, status) in enumerate(
        [
            (("Tue", "24", "Nov"), "Product support with Sam", "Today", "19:00", "15:00 CET", "30 minutes",
             "confirmed"),
            (("Fri", "27", "Nov"), "Feature training with Sam", "Fri 27 Nov", "14:00", "10:00 CET",
             "60 minutes", "pending"),
            (("Mon", "16", "Nov"), "Feature request with Sam", "Mon 16 Nov", "14:00", "10:00 CET",
             "30 minutes", "cancelled"),
        ]
    )
)  # fmt: skip
