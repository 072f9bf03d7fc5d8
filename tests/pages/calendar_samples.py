"""Contexts for the calendar pages of a specialist."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from wtforms import Form, PasswordField, StringField

from app.calendars.pages.page_values import (
    AccountCard,
    AccountsPage,
    CalendarLine,
    ChoosePage,
    ConnectPage,
    FilePage,
    GuestSwitch,
    Option,
    PasswordPage,
    Pill,
    Problem,
    RemovePage,
    ResultPage,
    ServiceHint,
    SubscribePage,
    UnreadLine,
    WaitingPage,
)
from tests.pages.shared_samples import Sample

VIEWER = SimpleNamespace(role="specialist")


class ConnectForm(Form):
    """As the form of an account."""

    address = StringField("Address of the calendar")
    username = StringField("User name")
    password = PasswordField("App password")


class SubscribeForm(Form):
    """As the form of a calendar file."""

    address = StringField("Address of the file")


class SecretForm(Form):
    """As the form of a new password."""

    secret = PasswordField("New app password")


BUSY, HOURS, IGNORED = (Pill("info", text) for text in ("Blocks your time", "Working hours", "Ignored"))
IN_STEP = AccountCard(
    1,
    "cloud.example.com",
    "sam at cloud.example.com",
    Pill("ok", "In step, 10:11"),
    "",
    "",
    (
        CalendarLine("Work", (BUSY, Pill("ok", "Booked calls")), False, "2 entries could not be read wholly"),
        CalendarLine("Working hours", (HOURS,), False, ""),
        CalendarLine("Birthdays of everybody in the whole company", (IGNORED,), True, ""),
    ),
    (
        UnreadLine("Standup", "Work", "its repetition cannot be read"),
        UnreadLine("Without a title", "Work", "its time zone is unknown; it is read in yours"),
    ),
    False,
    GuestSwitch(False, "Entries name the customer in their notes and list nobody as a guest."),
)
AWAY = replace(
    IN_STEP,
    guests=None,
    id=2,
    name="Private",
    detail="Calendar file at calendar.example.net",
    pill=Pill("bad", "Not reachable since 14:02"),
    trouble="The server does not answer. We try again by ourselves. "
    "If that lasts, customers see no times after 14:17.",
    calendars=(CalendarLine("Private", (BUSY,), False, ""),),
    unread=(),
    is_file=True,
)
REFUSED = replace(
    IN_STEP,
    pill=Pill("bad", "Sign-in refused since 08:40"),
    trouble="The server does not take the user name and password any more. We do not try again, so that your "
    "account is not locked. Customers have seen no times since 08:55.",
    remedy="password",
    unread=(),
)
ACCOUNTS = AccountsPage(
    "Bratislava time, UTC+1",
    (IN_STEP, AWAY),
    "Work (cloud.example.com)",
    "Working hours (cloud.example.com)",
    (),
    False,
    "The calendar is connected. We are reading it now.",
)
SERVICES = tuple(
    ServiceHint(
        key=key,
        name=name,
        address=address,
        is_example=key == "nextcloud",
        hints=(hint,),
        url=f"/calendars/connect?service={key}",
        is_chosen=key == chosen,
        is_closed=key == "google",
    )
    for chosen in ("fastmail",)
    for key, name, address, hint in (
        (
            "nextcloud",
            "Nextcloud, ownCloud",
            "https://cloud.example/remote.php/dav/",
            "The address of your cloud is enough, like https://cloud.example. Make an app password under "
            "Settings, Security, “Devices & sessions”.",
        ),
        ("fastmail", "Fastmail", "https://caldav.fastmail.com/", "Your e-mail address and an app password."),
        (
            "google",
            "Google",
            "",
            "Google lets no program in by password, only by OAuth, which this service does not offer. "
            "Subscribe to the secret address of your calendar: it blocks your time.",
        ),
    )
)
PROBLEM = Problem("password", "Enter the password. For safety it is not kept when a page comes back.")
CHOOSE = ChoosePage(
    "sam, cloud.example.com",
    "/calendars/lookups/l1",
    True,
    (
        Option("0", "Work", "", True),
        Option("1", "Team", "shared with you, we can only read it", False),
        Option("2", "Public holidays", "subscribed", False),
    ),
    (
        Option("0", "Work", "", True),
        Option("new", "A new calendar “Booked calls”", "We make it there.", False),
    ),
    (
        Option("property", "In the availability of this account", "Other programs show it, too.", True),
        Option("calendar:0", "Work", "Its entries are your hours, all-day ones your time off.", False),
        Option("kept", "Here", "You change them on the Availability page alone.", False),
    ),
    ("Football",),
)


def _forms() -> Iterator[Sample]:
    form = ConnectForm(data={"address": "cloud.example.com", "username": "sam"})
    yield "connect", "calendars/connect.html", {"page": ConnectPage(SERVICES), "form": form}
    wrong = ConnectForm(data={"address": "cloud.example.com", "username": "sam"})
    wrong.password.errors = [PROBLEM.text]
    page = ConnectPage(SERVICES, (PROBLEM,))
    yield "connect-error", "calendars/connect.html", {"page": page, "form": wrong}
    page = ConnectPage(SERVICES, (), "The server does not take this user name and password", "Check both.")
    yield "connect-refused", "calendars/connect.html", {"page": page, "form": form}
    yield "subscribe", "calendars/subscribe.html", {"page": SubscribePage(), "form": SubscribeForm()}
    page = SubscribePage((), "This is no calendar file", "Enter the address again.")
    yield "subscribe-refused", "calendars/subscribe.html", {"page": page, "form": SubscribeForm()}
    page = PasswordPage(1, "cloud.example.com", "sam at cloud.example.com")
    yield "calendar-password", "calendars/password.html", {"page": page, "form": SecretForm()}
    page = replace(page, why="The stored password cannot be used any more.")
    yield "calendar-password-needed", "calendars/password.html", {"page": page, "form": SecretForm()}


def samples() -> Iterator[Sample]:
    """Every calendar page in its states."""
    for name, template, context in (*_pages(), *_forms()):
        yield name, template, {**context, "viewer": VIEWER}


def _pages() -> Iterator[Sample]:
    yield "calendars", "calendars/accounts.html", {"page": ACCOUNTS}
    trouble = replace(
        ACCOUNTS,
        accounts=(REFUSED,),
        outcome="",
        hours_in="",
        missing=("Choose where your working hours live.",),
    )
    yield "calendars-trouble", "calendars/accounts.html", {"page": trouble}
    first = replace(ACCOUNTS, is_waiting=True)
    yield "calendars-first", "calendars/accounts.html", {"page": first}
    yield "calendars-part", "calendars/_accounts.html", {"page": first}
    empty = replace(ACCOUNTS, accounts=(), outcome="The account is removed.")
    yield "calendars-empty", "calendars/accounts.html", {"page": empty}
    waiting = WaitingPage("l1", "cloud.example.com", False)
    yield "calendar-asking", "calendars/lookup.html", {"page": waiting}
    moved = replace(waiting, address="https://dav.hosting.example/caldav/sam/")
    yield "calendar-moved", "calendars/lookup.html", {"page": moved}
    yield "calendar-choose", "calendars/choose.html", {"page": CHOOSE}
    problem = Problem("receives", "Choose where we write booked calls.")
    page = replace(CHOOSE, problems=(problem,))
    yield "calendar-choose-error", "calendars/choose.html", {"page": page}
    page = replace(CHOOSE, is_new=False, look_again=1)
    yield "calendar-choose-again", "calendars/choose.html", {"page": page}
    page = replace(page, trouble="You have asked 10 servers within an hour", advice="Nothing was sent.")
    yield "calendar-choose-limit", "calendars/choose.html", {"page": page}
    page = replace(CHOOSE, is_new=False, gone=("Private",))
    yield "calendar-choose-gone", "calendars/choose.html", {"page": page}
    lines = ("The account is connected.", "The server did not make “Working hours”.")
    result = ResultPage("The calendar could not be made", "cloud.example.com", lines, 1)
    yield "calendar-unmade", "calendars/result.html", {"page": result}
    file = FilePage("l2", "calendar.example.net", "120 entries", "Football")
    yield "calendar-file", "calendars/file.html", {"page": file}
    texts = ("We forget the password and everything that we have read.", "2 coming calls stand in it.")
    page = RemovePage(1, "cloud.example.com", "sam at cloud.example.com", texts)
    yield "calendar-remove", "calendars/remove.html", {"page": page}
