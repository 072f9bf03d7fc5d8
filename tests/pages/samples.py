"""Contexts for every template, as real as a day of the cast: Vera and Pavel, with Sam and Rita."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from wtforms import BooleanField, Form, SelectField, StringField

from app.accounts.devices.letter import NewDeviceMail
from app.admin.pages import ClockCount, ConcernList, ErasePage, FailedJob, OverviewPage, SpecialistRow
from app.availability.pages import CalendarState
from app.booking.exporting.values import ContactItem
from app.booking.offers.quick_page import QuickSlot
from app.mail.pages import CallMail, MailPage, MailRow, MailText, SignInMail
from app.portal.pages import FeedKind, FeedRow, FeedsPage, HomePage, NewFeed, RequestLine
from tests.pages import (
    answer_samples,
    audit_samples,
    calendar_samples,
    call_type_samples,
    callback_samples,
    chat_samples,
    guest_samples,
    hand_over_samples,
    mailbox_samples,
    phone_samples,
    proof_samples,
    report_samples,
    request_samples,
    senior_samples,
    settings_samples,
    staff_samples,
)
from tests.pages.booking_samples import booking_samples
from tests.pages.call_samples import one_call_samples
from tests.pages.company_samples import company_samples
from tests.pages.escalation_samples import escalation_samples
from tests.pages.series_samples import series_samples
from tests.pages.shared_samples import CALLS, CLOSED, SAM, WHEN, Sample
from tests.pages.stand_in_samples import NOBODY, stand_in_samples
from tests.pages.waiting_samples import waiting_samples


class EmailForm(Form):
    """As the sign-in form."""

    email = StringField("Work e-mail")


class ProfileForm(Form):
    """As the profile's form."""

    language = SelectField("Language", choices=["en", "ru"])
    time_zone = SelectField("Time zone", choices=["Europe/Berlin", "Asia/Yekaterinburg"])
    wants_reminders = BooleanField("Remind me of calls by e-mail", default=True)


LINKS = FeedsPage(
    (FeedRow("f1", "Phone", "My calls", "Made on 12 November"),),
    (FeedKind("calls", "My calls", True), FeedKind("presence", "When my specialist is in", False)),
)
HOME = HomePage(
    SAM,
    "product-support",
    30,
    tuple(QuickSlot(f"2026-11-24T{h}:30Z", "Today", f"{h}:30", f"{h - 4}:30 CET") for h in (15, 16, 17)),
    "Works Monday to Friday, 13:00 to 21:00 your time. Speaks English and Slovak. When Sam is "
    "away, Rita Novák stands in.",
    CALLS[:2],
    LINKS,
    "sam@attache.example",
    "+421 2 123 4567",
    requests=(RequestLine("r1", "Two warehouses show the same stock", "R-1031 · First answer by 21:00"),),
)
MAIL = MailPage(
    "Sign in to Attaché",
    "calls@attache.example",
    "vera@nordwind.example",
    "Tue 24 Nov, 14:12",
    (
        MailText("Hello,\n\nopen this link to sign in:\n"),
        MailText("https://x.example/in/abc", "/sign-in/abc"),
    ),
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n",
    "REQUEST",
)
OVERVIEW = OverviewPage(
    (
        SpecialistRow("Sam Okafor", "SO", "Nordwind, Sever", CalendarState("ok", "In step, 10:11")),
        SpecialistRow(
            "Rita Novák",
            "RN",
            "Lynx",
            CalendarState("bad", "Not reached since 08:40"),
            "Check that it is up.",
        ),
    ),
    (settings_samples.CALL,),
    jobs=(
        FailedJob("Mail to vera@nordwind.example was not sent: Your call", "550 no such user", "mail", "7"),
        FailedJob("Sign-in mail to otto@krause.example was not sent", "The link has ended"),
    ),
    concerns=(ConcernList("Companies without a specialist", ("Lynx",), "and 3 more"),),
    today=(("Booked", "3"), ("Waiting for a calendar, all days", "0")),
    clocks=(
        ClockCount("Overdue", 2, "overdue", is_bad=True),
        ClockCount("Missed today", 1, None, is_bad=True),
        ClockCount("Kept today", 14, None),
        ClockCount("Open requests", 23, ""),
    ),
    mailbox="The mailbox for answers to invitations has not been readable since Tue 24 Nov, 14:12",
    mailbox_said="mailbox: TimeoutError",
    next_call="2026-11-25T13:00:00Z_7",
)


def contact_samples() -> Iterator[Sample]:
    """The administrator's page that asks before a contact is erased."""
    vera = ContactItem(1, "c1", "Vera Lindqvist", "vera@nordwind.example", "Nordwind")
    viewer = SimpleNamespace(role="administrator")
    for name, calls in (("erase", ()), ("erase-ahead", ("K7M-254", "K7M-255"))):
        yield name, "admin/erase.html", {"page": ErasePage(vera, calls), "viewer": viewer}


def feed_samples() -> Iterator[Sample]:
    """The page of private calendar links."""
    address = "calls.example/feeds/3kf93kf.ics"
    feed = NewFeed(
        "Laptop",
        f"https://{address}",
        f"webcal://{address}",
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fcalls.example",
    )
    for name, links in (
        ("feeds", LINKS),
        ("feeds-new", replace(LINKS, new=feed)),
        ("feeds-error", replace(LINKS, rows=(), problem="Enter a name")),
    ):
        yield name, "portal/feeds.html", {"page": links}


def other_samples() -> Iterator[Sample]:
    yield "home", "portal/home.html", {"page": HOME}
    away = replace(HOME, standing=NOBODY, label="Stands in for Sam", standard_chat_url="https://chat.example")
    yield "home-away", "portal/home.html", {"page": away}
    yield (
        "home-closed",
        "portal/home.html",
        {"page": replace(HOME, closed=CLOSED, quick=(), upcoming=())},
    )
    for name, provider in (("sign-in", ""), ("sign-in-openid", "Keycloak")):
        context = {"form": EmailForm(), "notice": "", "next": "", "provider": provider}
        yield name, "accounts/sign_in.html", context
    yield "link-sent", "accounts/link_sent.html", {
        "email": "vera@nordwind.example", "code": "123 456", "minutes": 10, "mail_url": "/demo/mail",
    }  # fmt: skip
    for name, needs, problem, dead in (
        ("open", False, "", False), ("code", True, "That is not the code.", False), ("dead", False, "", True)
    ):  # fmt: skip
        yield f"link-{name}", "accounts/open_link.html", {
            "token": "abc", "needs_code": needs, "problem": problem, "is_dead": dead,
        }  # fmt: skip
    yield (
        "profile",
        "portal/profile.html",
        {"form": ProfileForm(), "email": "vera@nordwind.example", "saved": True},
    )
    yield "error", "errors/error.html", {
        "title": "Something went wrong on our side", "text": "Nothing was saved.", "reference": "E-4711",
    }  # fmt: skip
    yield "no-option", "errors/no_option.html", {
        "company": "Krause", "contact": "sales@attache.example", "calls": CALLS[:1],
        "standard_chat_url": "https://chat.attache.example", "standard_email": "support@attache.example",
    }  # fmt: skip
    yield (
        "mail-list",
        "demo/mail_list.html",
        {"mails": (MailRow("1", MAIL.subject, MAIL.recipient, MAIL.at),)},
    )
    yield "mail-message", "demo/mail_message.html", {"mail": MAIL}
    yield (
        "overview",
        "admin/overview.html",
        {"page": OVERVIEW, "viewer": SimpleNamespace(role="administrator")},
    )


CALL_MAIL = CallMail(
    "Attaché", "Pavel Belov", "Sam Okafor", "Dedicated support specialist", "Product support", "30 minutes",
    WHEN.day, WHEN.span, WHEN.zone, WHEN.service, "Video link", "https://meet.attache.example/k7m-211",
    "Import of price lists", "K7M-211", "https://calls.example/calls/b1", "https://calls.example/book",
    old_day="Fri 27 Nov", old_span="14:00–14:30",
    change_words="You can move or cancel until 25 November, 16:00.", reason="On leave",
    answers=(("Which module?", "Billing"),), booked_by="Pavel Belov, Sever",
    reminders="24 hours before and 1 hour before", profile_url="https://calls.example/profile",
)  # fmt: skip


def mail_samples() -> Iterator[Sample]:
    """Both parts of every mail."""
    kinds = ("invitation", "updated", "cancelled", "clash_declined", "not_booked", "not_moved", "settled")
    for kind in (
        *kinds,
        "clash",
        "clash_at_home",
        "moved_many_at_home",
        "expired",
        "expired_at_home",
        "followed",
        "called_off",
        "reminder",
        "misplaced_at_home",
        "made_recurring_at_home",
        "unreadable_at_home",
        "vanished_at_home",
        "guest_invitation",
        "guest_updated",
        "guest_cancelled",
        "guest_removed",
        "decline_asked",
        "proposed_at_home",
        "proposal_declined",
        "senior_joined",
        "senior_gone",
        "senior_gone_at_home",
        "senior_kept_at_home",
        "taken_over",
        "kept",
        "taken_over_at_home",
        "handed_on_at_home",
        "guest_taken_over",
    ):
        for part in ("txt", "html"):
            yield f"mail-{kind}-{part}", f"mail/{kind}.{part}", {"mail": CALL_MAIL}
    for part in ("txt", "html"):
        link = SignInMail("Attaché", "https://calls.example/sign-in/abc", 10)
        yield f"mail-sign-in-{part}", f"mail/sign_in.{part}", {"mail": link}


def device_samples() -> Iterator[Sample]:
    """Both parts of the mail about a new browser."""
    agents = (("Firefox", "Linux", "192.0.2.7"), ("", "", ""))
    for name, (browser, system, address) in zip(("new-device", "new-device-bare"), agents, strict=True):
        when, page = "Tuesday 24 November, 10:02, Berlin time", "https://calls.example/profile/sessions"
        told = NewDeviceMail(
            "Attaché", "Sam Okafor", when, browser, system, address, page, "support@attache.example"
        )
        for part in ("txt", "html"):
            yield f"mail-{name}-{part}", f"mail/new_device.{part}", {"mail": told}


def samples() -> list[Sample]:
    """Name, template and context of every page in every state."""
    return [
        *booking_samples(),
        *senior_samples.senior_samples(),
        *one_call_samples(),
        *guest_samples.samples(),
        *series_samples(),
        *waiting_samples(),
        *stand_in_samples(),
        *other_samples(),
        *feed_samples(),
        *contact_samples(),
        *company_samples(),
        *mail_samples(),
        *device_samples(),
        *staff_samples.samples(),
        *calendar_samples.samples(),
        *call_type_samples.samples(),
        *answer_samples.samples(),
        *proof_samples.samples(),
        *settings_samples.samples(),
        *hand_over_samples.samples(),
        *mailbox_samples.samples(),
        *audit_samples.samples(),
        *phone_samples.samples(),
        *request_samples.samples(),
        *chat_samples.chat_samples(),
        *callback_samples.samples(),
        *escalation_samples(),
        *report_samples.report_samples(),
    ]
