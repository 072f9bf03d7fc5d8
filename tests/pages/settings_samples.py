"""Contexts for the administrator's pages of settings, holidays and mails, and of what lies ahead."""

from collections.abc import Iterator
from types import SimpleNamespace

from app.admin.holidays.pages import DayCall, HolidayRow, HolidaysPage
from app.admin.mails.pages import MailGroup, MailKind, PreviewPage
from app.admin.pages import ComingCall, ComingPage
from app.admin.settings.pages import Input, InputGroup, SettingsPage
from app.availability.pages import Problem
from tests.pages.shared_samples import Sample

VIEWER = SimpleNamespace(role="administrator")
CALL = ComingCall(
    "b1", "Wed 25 Nov", "14:00–14:30", "Sever", "Pavel Belov", "Sam Okafor", "Training", "pending", "K7M"
)  # fmt: skip
COUNTRY = Input("country", "Country", "SK", "choice", choices=(("DE", "Germany"), ("SK", "Slovakia")))
HOURS = SettingsPage(
    "hours",
    "Service hours",
    "Calls are offered inside these hours.",
    (
        InputGroup("Days", (Input("day-0", "Mon", "1", "tick"), Input("day-1", "Tue", "", "tick"))),
        InputGroup("Time of day", (Input("opens", "From", "09:00"),)),
        InputGroup("Public holidays", (COUNTRY,), "Business time leaves them out."),
    ),
)  # fmt: skip
BAD_HOURS = SettingsPage(
    "hours",
    "Service hours",
    "Calls are offered inside these hours.",
    (InputGroup("Time of day", (Input("closes", "To", "9", problem="Write a time like 09:00"),)),),
    (Problem("closes", "To: Write a time like 09:00"),),
)
OUTSIDE = SettingsPage(
    "hours",
    "Service hours",
    "Calls are offered inside these hours.",
    HOURS.groups,
    warning="2 booked calls would lie outside the new hours. They stay as they are.",
    confirms=2,
)
HOLIDAYS = HolidaysPage(
    "SK",
    "",
    2026,
    "Slovakia",
    (COUNTRY, Input("year", "Year", "2026", "choice", choices=(("2026", "2026"),))),
    (
        HolidayRow("Thu 1 Jan", "Day of the Slovak Republic", "", ""),
        HolidayRow("Mon 30 Nov", "Our day", "Наш день", "Everywhere", "h1", (DayCall("b1", "Sever"),)),
    ),
    (Input("day", "Day", "", "date"), Input("name-en", "Name in English", "")),
    outcome="Added.",
)  # fmt: skip
MAILS = (MailGroup("To contacts", (MailKind("invitation", "A call is booked"),)),)


def samples() -> Iterator[Sample]:
    """The pages in their states."""
    for name, page in (("settings", HOURS), ("settings-error", BAD_HOURS), ("settings-outside", OUTSIDE)):
        yield name, "admin/settings/page.html", {"page": page, "viewer": VIEWER}
    yield "holidays", "admin/settings/holidays.html", {"page": HOLIDAYS, "viewer": VIEWER}
    yield "mails", "admin/settings/mails.html", {"groups": MAILS, "viewer": VIEWER}
    preview = PreviewPage("invitation", "A call is booked", "en", "Hello,\n\nyour call is booked.\n")
    yield "mail-preview", "admin/settings/mail.html", {"page": preview, "viewer": VIEWER}
    for name, coming in (("coming", ComingPage((CALL,), "x", False)), ("coming-none", ComingPage(()))):
        yield name, "admin/coming_calls.html", {"page": coming, "viewer": VIEWER}
