"""Contexts for the pages of callbacks and the contact card: Pavel's own, and the queue as Sam sees it."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField

from app.availability.pages import Problem
from app.booking.offers.quick_page import QuickSlot
from app.desk.callbacks.pages import (
    AskPage,
    CallbackPage,
    CallbackRow,
    CallbacksPage,
    Fact,
    QueuePage,
    QueueRow,
    RingPage,
)
from app.desk.requests.clock_page import ClockLine
from app.portal.contact_card.pages import CardPage, Way
from tests.pages.shared_samples import SAM, Sample
from tests.pages.stand_in_samples import NOBODY

STAFF = SimpleNamespace(role="specialist")
LONG = "Import of price lists from our warehouse, which stops at a different line each time " * 3
QUICK = tuple(
    QuickSlot(f"2026-11-24T{h}:30:00Z", "Today", f"{h}:30", f"{h - 4}:30 CET", "with Rita")
    for h in (15, 16, 17)
)


class AskForm(Form):
    """As the form that asks to be rung."""

    number = StringField("Phone number", default="+7 343 350 00 00")
    topic = StringField("What is it about?")
    day = SelectField("Day", choices=[("", "As soon as possible"), ("2026-11-25", "Tomorrow")])
    time = StringField("Time")
    key = HiddenField()


class OutcomeForm(Form):
    """As the form for what came of ringing."""

    note = TextAreaField("Note for your side")


ASK = AskPage(
    "k1",
    "Ask now, and we ring you by 16:12 (12:12 CET).",
    "Our hours on business days: 13:00–21:00 your time (09:00–17:00 CET).",
)
OWN = CallbackPage(
    "c1",
    "We ring you by 16:12 (12:12 CET)",
    True,
    (Fact("Phone number", "+7 343 350-00-00"), Fact("What is it about?", LONG), Fact("Asked", "14:12")),
    ("14:40: no answer",),
    QUICK,
    30,
)
RUNNING = ClockLine("callback", "running", "48 min left", "promised by 11:00", 60)
SOON = ClockLine("callback", "soon", "19 min left", "promised by 10:30", 20)
NOT_YET = ClockLine("callback", "paused", "Not yet: it is 04:12 there", "promised by 15:00")
ROWS = (
    QueueRow(
        "c1", 1, "Farid Huseynov", "Caspian Tools", "+994 12 555 01 44", "+994125550144", "",
        ("13:12 there now, Baku", "asked 41 min ago"), SOON,
    ),
    QueueRow(
        "c2", 2, "Vera Lindqvist", "Nordwind", "+49 30 12345678", "+493012345678", LONG,
        ("10:12 there now, Berlin", "asked 25 min ago", "1 attempt, no answer"), RUNNING,
        shown="rita", taken="Rita Novák took it, 10:10",
    ),
    QueueRow("c3", 3, "Unknown caller", "", "hidden number", "", "", ("left a voicemail",), RUNNING),
    QueueRow(
        "c4", 4, "Sam Whitfield", "Brightline Freight", "+1 212 555 0142", "+12125550142", "",
        ("04:12 there now, New York", "asked 3 h 10 min ago"), NOT_YET, "Call after 14:00",
    ),
)  # fmt: skip
WAYS = (
    Way("call", "A booked call", "The next free time: Today, 15:30 (11:30 CET)", "You book at any time."),
    Way("chat", "Chat", "Sam is in now and answers.", "Out of hours: it takes your message."),
    Way(
        "mail",
        "E-mail",
        "It reaches Sam at once.",
        "Out of hours: a receipt.",
        address="desk@attache.example",
    ),
    Way(
        "phone", "Phone", "Sam is in now and answers.", "Out of hours: a voicemail.", number="+421 2 12345678"
    ),
    Way("callback", "Call back", "Ask now, and we ring you by 16:12 (12:12 CET)."),
    Way("request", "A request", "Opened now:", lines=("1 Critical: first answer by 15:12 (11:12 CET)",)),
    Way("senior", "A senior engineer", "A request of severity 1 or 2 brings one in."),
    Way("standard", "Standard support", "Open around the clock."),
)
CARD = CardPage(
    SAM, "Your specialist", "Speaks English.", "Our hours on business days: 09:00–17:00.", True, WAYS
)


def samples() -> Iterator[Sample]:
    """Every state of every page."""
    wrong = AskForm()
    wrong.number.errors = ("Enter a phone number with country code, like +7 912 345-67-89",)
    problems = (Problem("number", wrong.number.errors[0]),)
    yield "callback-new", "desk/callback_new.html", {"page": ASK, "form": AskForm()}
    shut = replace(
        ASK, problems=problems, standard_chat_url="https://chat.example", standard_email="help@x.example"
    )
    yield "callback-new-error", "desk/callback_new.html", {"page": shut, "form": wrong}
    rows = (CallbackRow("c1", OWN.title, LONG, True), CallbackRow("c2", "We rang and reached you", "", False))
    for name, listed in (("callbacks", CallbacksPage(rows, "/older")), ("callbacks-none", CallbacksPage(()))):
        yield name, "desk/callbacks.html", {"page": listed}
    for name, page in (
        ("callback", OWN),
        ("callback-error", replace(OWN, problem="That time was taken a moment ago")),
        (
            "callback-booked",
            replace(OWN, title="You booked a call instead", is_open=False, booking="b1", quick=()),
        ),
        ("callback-over", replace(OWN, title="The number was wrong", is_open=False, quick=())),
    ):
        yield name, "desk/callback.html", {"page": page}
    for name, queue in (
        ("queue", QueuePage(ROWS, "/after", "Noted: no answer. Vera Lindqvist stays in the queue.")),
        ("queue-empty", QueuePage(())),
    ):
        yield name, "desk/queue.html", {"page": queue, "viewer": STAFF}
    mine = replace(ROWS[1], is_mine=True, taken="You took it, 10:10")
    for name, ring in (
        ("ring", RingPage(ROWS[0], ())),
        ("ring-mine", RingPage(mine, ("10:02: no answer, Rita Novák. " + LONG,))),
        ("ring-late", RingPage(ROWS[1], (), problem="Rita took it a moment ago.")),
        ("ring-over", RingPage(ROWS[0], ("10:02: reached, Sam Okafor",), "Reached")),
    ):
        context = {"page": ring, "form": OutcomeForm(), "problems": (), "viewer": STAFF}
        yield name, "desk/ring.html", context
    yield "contact", "portal/contact.html", {"page": CARD}
    away = replace(CARD, standing=NOBODY, is_open=False, about="", standard_chat_url="https://chat.example")
    yield "contact-away", "portal/contact.html", {"page": away}
