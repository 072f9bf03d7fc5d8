"""Contexts for the pages of requests: Pavel's own, and the desk as Sam sees it."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField

from app.availability.pages import Problem
from app.desk.calls.calls_page import CallLine, CallsPart
from app.desk.escalations.pages import EscalationPanel
from app.desk.message_page import FileLine, MessageLine, TextPart
from app.desk.requests.clock_page import ClockLine
from app.desk.requests.new_page import NewPage, SeverityCard
from app.desk.requests.queue_page import FilterLink, QueuePage, RequestRow
from app.desk.requests.request_page import RequestPage, SeverityChoice, StateLine
from app.desk.requests.values import RequestState
from app.desk.warnings.alerts_page import AlertsPage, ReasonLink
from app.desk.warnings.reasons_page import ReasonLine
from tests.pages.shared_samples import Sample

STAFF = SimpleNamespace(role="specialist")
NUMBERS = [(str(number), str(number)) for number in range(1, 6)]
NAMES = ("", "Critical", "High", "Standard", "Bug", "Question")
EMPTY, LONG = "Write something here", "A very long subject " * 9


class NewForm(Form):
    """As the form of a new request."""

    contact = SelectField("For whom?", choices=["Vera Lindqvist, Nordwind"])
    severity = RadioField("How bad is it?", choices=NUMBERS)
    subject = StringField("What is it about?")
    text = TextAreaField("What happens?")
    key = HiddenField(default="key")


class AnswerForm(Form):
    """As the form of a message."""

    text = TextAreaField("Your message")
    is_next_step = BooleanField("This gives the next step")
    waits = BooleanField("We now wait for the customer")
    key = HiddenField(default="key")


class NoteForm(Form):
    """As the form of an internal note."""

    note = TextAreaField("Internal note")
    key = HiddenField(default="key")


class SeverityForm(Form):
    """As the form of another severity."""

    severity = RadioField("New severity", choices=NUMBERS)
    reason = StringField("What changed?")


OVERDUE = ClockLine("first_response", "overdue", "18 min overdue", "First answer was due 09:54")
SOON = ClockLine("first_response", "soon", "26 min left", "First answer by 10:38", 22)
RUNNING = ClockLine("next_step", "running", "1 h 47 min left", "Next step by 11:59", 55)
PAUSED = ClockLine("next_step", "paused", "Paused, 6 h 52 min left", "Since Mon 23 Nov, 14:12")
MET = ClockLine("first_response", "met", "Answered in 34 min", "First answer by 17:00")
MISSED = ClockLine("first_response", "missed", "Answered 7 min late", "First answer was due 09:54")
ENDED = ClockLine("next_step", "ended", "Ended when it was solved", "Next step by 11:59")
TRACKED = ClockLine("next_step", "tracked", "We keep you informed", "No fixed time for the next step")


def row(
    number: int, subject: str, severity: int, clock: ClockLine, state: str, owner: str = ""
) -> RequestRow:
    return RequestRow(
        f"c{number}", f"R-{number}", subject, "Nordwind", "Vera Lindqvist", severity, NAMES[severity], clock,
        state, owner,
    )  # fmt: skip


ROWS = (
    row(1042, "Nobody can sign in since 9:40", 1, OVERDUE, "New", "Rita Novák"),
    replace(row(1039, "Invoices print without VAT number", 2, SOON, "New"), warned="Warned: 09:54"),
    row(1040, LONG, 3, RUNNING, "In work"),
    row(1036, "Cannot add a second delivery address", 3, PAUSED, "Waiting for customer"),
    row(1028, "Wrong logo on the Polish letterhead", 4, MISSED, "In work"),
    row(1041, "How do we archive last year?", 5, MET, "Solved"),
)
FILTERS = (
    FilterLink("All open", "6", "/requests", True),
    FilterLink("Overdue", "1", "/requests?show=overdue", False),
    FilterLink("Solved", "", "/requests?show=solved", False),
)
QUEUE = QueuePage(ROWS, FILTERS, "Mon–Fri, 09:00–17:00 CET", "", "/requests/rows", "/before", "/after")
MINE = replace(QUEUE, filters=(), hours="", before="", after="")

CARDS = tuple(
    SeverityCard(
        number,
        NAMES[number],
        "A part does not work; the rest does.",
        "An integration fails. Mail is not fetched.",
        "First answer by 12:00 (09:00 CET). Next step by Thu 26 Nov, 10:00 (07:00 CET).",
        "A senior engineer is called in by itself, at night too." if number < 3 else "",
    )
    for number in range(1, 6)
)
NEW = NewPage(CARDS)


def message(number: int, kind: str, author: str, text: str, **more: object) -> MessageLine:
    line = MessageLine(
        number, kind, "staff", author, "PB", "Today, 10:12", "2026-11-24T09:12:00Z", "", "",  # type: ignore[arg-type]
        (TextPart(text),), "", "", (),
    )  # fmt: skip
    return replace(line, **more)  # type: ignore[arg-type]


MESSAGES = (
    message(
        1,
        "mine",
        "You",
        "It stops.\n\nSee ",
        side="customer",
        parts=(TextPart("See "), TextPart("https://sever.example/x", "https://sever.example/x")),
        files=(FileLine("export.log", "12 KB", "/files/f1"),),
    ),
    message(
        2, "event", "", "", event="You changed the severity: 3 Standard → 1 Critical: “All of it”", parts=()
    ),
    message(3, "other", "Sam Okafor", "Which version?", channel="by e-mail", quoted="> It stops."),
    message(4, "other", "Sam Okafor", "", html="<p>Fixed in <b>12.5</b></p>", parts=()),
)
INTERNAL = message(5, "internal", "Rita Novák", "They are still on version 11.")
STATE = StateLine("c1042", RequestState.NEW, "New", 3, "Standard", (SOON, RUNNING), "", (), "")
CHOICES = (
    SeverityChoice(1, "1 Critical", "The service is down."),
    SeverityChoice(2, "2 High", "It works badly."),
)
PAGE = RequestPage(
    id="c1042",
    reference="R-1042",
    subject="Export stops at 10,000 rows",
    company="Sever",
    contact="Pavel Belov",
    opened="Today, 10:12",
    served="Sam Okafor answers",
    state=STATE,
    messages=MESSAGES,
    hidden=0,
    severities=CHOICES,
    is_solved=False,
    is_waiting=False,
    has_step=True,
    can_write=True,
    can_run=False,
)
AT_DESK = replace(
    PAGE,
    state=replace(
        STATE,
        state=RequestState.WAITING,
        state_name="Waiting for customer",
        clocks=(MET, PAUSED),
        news="News for the customer by Wed 25 Nov, 10:00",
        pauses=("Waited for the customer: Mon 23 Nov, 11:00 – Mon 23 Nov, 13:00",),
    ),
    messages=(*MESSAGES, INTERNAL),
    hidden=20,
    can_run=True,
    is_waiting=True,
)
SOLVED = replace(
    PAGE,
    state=replace(STATE, state=RequestState.SOLVED, state_name="Solved", clocks=(MET, ENDED)),
    is_solved=True,
    subject=LONG,
)


PANEL = EscalationPanel(
    "taken",
    "Lev Orlov (Senior support engineer) is on it since 02:04.",
    book_url="/book?senior=lev",
    book_text="Book a call with Lev",
)

REASONS = (
    ReasonLine("first_response", "Why was the first answer late?", "Two outages at once", True, ""),
    ReasonLine("next_step", "Why was the next step late?", "", False, EMPTY),
)
ALERTS = AlertsPage(2, (ReasonLink("R-1028", "/requests/c1028"), ReasonLink("R-1031", "/requests/c1031")), 3)
CALLS = CallsPart(
    "c1",
    (
        CallLine("b1", "Wed 25 Nov, 14:00, Product support, Vera Lindqvist", True, True, True),
        CallLine("b2", "Mon 2 Nov, 14:00, Product support, Vera Lindqvist", False, False),
    ),
    (CallLine("b3", "Fri 27 Nov, 15:30, Feature training, Vera Lindqvist", True, True),),
)


def page_context(page: RequestPage, **more: object) -> dict[str, object]:
    """What desk/request.html needs."""
    return {
        "page": page,
        "escalation": PANEL,
        "answer": AnswerForm(),
        "note": NoteForm(),
        "severity": SeverityForm(),
        "problems": (),
        "file_problem": "",
        "refused": "",
        "reasons": (),
        "calls": CallsPart("c1", (), ()),
        **more,
    }


def samples() -> Iterator[Sample]:
    """The lists, a new request, and one in its states."""
    for name, page, role in (
        ("requests", MINE, "contact"),
        ("requests-none", replace(MINE, rows=()), "contact"),
        ("requests-queue", QUEUE, "specialist"),
        ("requests-queue-none", replace(QUEUE, rows=(), empty="Nothing is overdue."), "specialist"),
    ):
        viewer = SimpleNamespace(role=role)
        context = {"page": page, "can_open": True, "viewer": viewer}
        yield name, "desk/requests.html", context | {"alerts": None if role == "contact" else ALERTS}
    wrong, problems = NewForm(), (Problem("subject", EMPTY), Problem("files", "a.svg: Send pictures."))
    wrong.subject.errors = (EMPTY,)
    wrong.severity.errors = ("Choose a severity",)
    whom = (SimpleNamespace(public_id="v1", name="Vera Lindqvist"),)
    yield "request-new", "desk/new_request.html", {"page": NEW, "form": NewForm(), "whom": ()}
    faulty = replace(NEW, problems=problems, file_problem="a.svg: Send pictures.")
    yield (
        "request-new-error",
        "desk/new_request.html",
        {"page": faulty, "form": wrong, "whom": whom, "viewer": STAFF},
    )
    yield "request-new-nobody", "desk/new_request.html", {
        "page": NEW, "form": NewForm(), "whom": (), "viewer": STAFF,
    }  # fmt: skip
    who = SimpleNamespace(contact_name="Vera Lindqvist", company_name="Nordwind")
    yield (
        "request-make",
        "desk/make_request.html",
        {"page": NEW, "form": NewForm(), "who": who, "viewer": STAFF},
    )
    yield from _of_one()


def _of_one() -> Iterator[Sample]:
    yield "request", "desk/request.html", page_context(PAGE)
    yield "request-desk", "desk/request.html", page_context(AT_DESK, viewer=STAFF, calls=CALLS)
    yield "request-solved", "desk/request.html", page_context(SOLVED)
    watching = replace(AT_DESK, can_write=False, is_waiting=False)
    ada = SimpleNamespace(role="administrator")
    late = replace(
        watching, state=replace(STATE, clocks=(OVERDUE, TRACKED), alarm="The first answer is overdue")
    )
    yield "request-overdue", "desk/request.html", page_context(late, viewer=ada, reasons=REASONS)
    refused, answer = SeverityForm(), AnswerForm()
    refused.severity.errors, answer.text.errors = ("Choose a severity",), (EMPTY,)
    yield "request-error", "desk/request.html", page_context(
        PAGE,
        severity=refused,
        answer=answer,
        problems=(Problem("severity", "Choose a severity"), Problem("text", EMPTY)),
        refused="The request is solved",
    )  # fmt: skip
