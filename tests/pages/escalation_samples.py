"""Contexts for the pages of level 2, and of who is on call."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from app.admin.on_call.on_call_page import OnCallPage
from app.admin.settings.pages import Input
from app.desk.escalations.pages import (
    AskLine,
    AskPage,
    EscalationPage,
    EscalationPanel,
    EscalationRow,
    EscalationsPage,
    Filter,
)
from tests.pages.shared_samples import Sample

LONG = "A very long subject " * 9
SENIOR = SimpleNamespace(role="senior")
SPECIALIST = SimpleNamespace(role="specialist")
ADA = SimpleNamespace(role="administrator")
ASKS = (AskLine("Mia Falk", "asked at 02:00, cannot take it"), AskLine("Lev Orlov", "asked at 02:03"))
ROW = EscalationRow(
    "e1", "Nordwind", "Nobody can sign in", "R-1042", 1, "Critical", "02:00", "asked", "Asked: Lev Orlov"
)
CHAT = replace(
    ROW, id="e2", subject=LONG, reference="", severity=0, severity_name="", state="taken",
    state_text="Mia Falk has it since 23 Nov, 14:10",
)  # fmt: skip
FILTERS = (Filter("mine", "For me", "1"), Filter("open", "All open", "2"), Filter("over", "Over", ""))
LIST = EscalationsPage((ROW, CHAT), "mine", FILTERS, "/escalations?before=1", ("30 Nov – 6 Dec",), True)
PAGE = EscalationPage(
    ROW, "Vera Lindqvist", "The severity brings a senior in by itself", "Third time.\n\nIt is the proxy.",
    ASKS, "/requests/c1", can_take=True, can_decline=True, can_end=False, is_mine=False,
)  # fmt: skip
ASK = AskPage("c1", needs_note=False, is_wanted_already=False, back_url="/requests/c1")
CHOICES = (("", "Nobody"), ("lev", "Lev Orlov"))
WEEKS = (
    Input("week-2026-11-30", "30 Nov – 6 Dec", "lev", "choice", choices=CHOICES),
    Input("week-2026-12-07", "7 Dec – 13 Dec", "", "choice", choices=CHOICES),
)
GAP = "Nobody is on call in 1 week: seniors are asked by name then."
STAFF_PANEL = EscalationPanel(
    "asked", "Asked: Lev Orlov", "/conversations/c1/senior", "Add to the note",
    note="It is the proxy.", asks=ASKS, url="/escalations/e1",
)  # fmt: skip


def escalation_samples() -> Iterator[Sample]:
    """The pages in their states."""
    yield "escalations", "desk/escalations.html", {"page": LIST, "viewer": SENIOR}
    for show in ("mine", "open", "over"):
        none = replace(LIST, rows=(), show=show, older="", on_call=())
        yield f"escalations-none-{show}", "desk/escalations.html", {"page": none, "viewer": SENIOR}
    yield "escalation", "desk/escalation.html", {"page": PAGE, "viewer": SENIOR}
    mine = replace(PAGE, row=replace(ROW, state="taken"), can_take=False, can_decline=False)
    mine = replace(mine, can_end=True, is_mine=True)
    yield "escalation-mine", "desk/escalation.html", {"page": mine, "viewer": SENIOR}
    late = replace(PAGE, can_take=False, can_decline=False, problem="Mia Falk has it since 02:04")
    yield "escalation-late", "desk/escalation.html", {"page": late, "viewer": SENIOR}
    yield "ask-senior", "desk/ask_senior.html", {"page": ASK}
    note = replace(ASK, needs_note=True, problem="Write something here")
    yield "ask-senior-error", "desk/ask_senior.html", {"page": note, "viewer": SPECIALIST}
    more = replace(ASK, needs_note=True, is_wanted_already=True)
    yield "ask-senior-more", "desk/ask_senior.html", {"page": more, "viewer": SPECIALIST}
    for name, page in (
        ("on-call", OnCallPage(WEEKS, GAP, "Saved.")),
        ("on-call-nobody", OnCallPage((), "", "")),
    ):
        yield name, "admin/settings/on_call.html", {"page": page, "viewer": ADA}
