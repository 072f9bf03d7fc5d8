"""Contexts for the pages of hand-overs, who serves a company, and mails that are not about one call."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from app.admin.serving.pages import HandOverAllPage, PassingLine, PersonChoice, ServingLine, ServingPage
from app.booking.handover.pages import CallLine, ContactLine, HandOverLine, HandOverPage
from app.booking.pages import HistoryLine
from app.desk.handover.requests_page import RequestLine
from app.mail.pages import NoteMail
from tests.pages.request_samples import OVERDUE, RUNNING
from tests.pages.shared_samples import Sample
from tests.pages.staff_samples import SCHEDULE

AHEAD = CallLine(
    "b1",
    "Wed 25 Nov, 14:00–14:30",
    "Product support",
    "Vera Lindqvist",
    "Sam Okafor",
    "K7M-254",
    "The import stops at line 1,000",
    (("Which version?", "12.4"),),
    "waits to be passed on",
)
STUCK = replace(
    AHEAD,
    id="b2",
    when="Thu 26 Nov, 10:00–10:30",
    state="cannot pass on: The specialist is not free at that time.",
    is_stuck=True,
    offers=("retry", "keep", "cancel"),
    can_open=True,
)
PAST = replace(
    AHEAD,
    id="b3",
    when="Mon 2 Nov, 14:00–14:30",
    state="",
    note="The import works again.",
    private_note="They still use version 11 in Lyon.",
    history=(HistoryLine("Mon 2 Nov, 14:40", "It took place"),),
)
PLANNED = HandOverPage(
    id="h1",
    company="Nordwind",
    leaving="Sam Okafor",
    coming="Rita Novák",
    day="Monday 7 December",
    stage="planned",
    stage_words="Waits to be confirmed",
    side="coming",
    note="Sam moves to another team.",
    leaving_note="They like to be rung in the morning.",
    ended_reason="",
    contacts=(ContactLine("Vera Lindqvist", "vera@nordwind.example", "+49 40 123 4567", ""),),
    coming_calls=(AHEAD,),
    past_calls=(PAST,),
    history=(HistoryLine("Mon 23 Nov, 09:00", "Planned by Ada Marsh"),),
)
MOVING = replace(
    PLANNED,
    stage="moving",
    stage_words="Everybody is told, the calls pass on",
    coming_calls=(AHEAD, STUCK),
    contacts=(replace(PLANNED.contacts[0], told="told by e-mail"),),
)
SERVING = ServingPage(
    "n1",
    "Nordwind",
    (
        ServingLine("Lev Orlov", "1 March 2025", "31 August 2026", False, ""),
        ServingLine("Sam Okafor", "1 September 2026", "6 December 2026", True, ""),
        ServingLine("Rita Novák", "7 December 2026", "", False, "2026-12-07"),
    ),
    (PersonChoice("rita", "Rita Novák", True), PersonChoice("lev", "Lev Orlov", False)),
    "hand_over",
    "2026-11-25",
    "2026-12-07",
)


ALL = HandOverAllPage(
    "sam",
    "Sam Okafor",
    ("Nordwind", "Sever"),
    3,
    (PassingLine("h1", "Lynx", "Hand-over to Rita Novák on 7 December: Done"),),
    SERVING.people,
    "2026-11-25",
    "2026-12-07",
    problem="Enter a day.",
)


OPEN_REQUESTS = (
    RequestLine("c1", "R-1042", "Export stops", "2 High", "Vera Lindqvist", OVERDUE),
    RequestLine("", "R-1043", "A very long subject " * 9, "3 Standard", "", RUNNING),
)


def samples() -> Iterator[Sample]:
    """Every state."""
    page, none = "hand_overs/hand_over.html", {"requests": ()}
    yield "hand-over-planned", page, {"page": PLANNED, "requests": OPEN_REQUESTS}
    yield "hand-over-moving", page, {"page": replace(MOVING, problem="That time is taken."), **none}
    leaving = replace(PLANNED, side="leaving", contacts=(), coming_calls=())
    yield "hand-over-leaving", page, {"page": leaving, **none}
    admin = {"viewer": SimpleNamespace(role="administrator")}
    theirs = replace(PLANNED, side="administrator", company_url="/companies/n1/serving", past_calls=())
    yield "hand-over-admin", page, {"page": theirs, "requests": OPEN_REQUESTS, **admin}
    untold = replace(
        theirs, stage="telling", stage_words="The contacts are being told", missed="Vera Lindqvist"
    )
    yield "hand-over-untold", page, {"page": untold, **none, **admin}
    ended = replace(theirs, stage="ended", stage_words="Called off", ended_reason="On leave then")
    yield "hand-over-ended", page, {"page": ended, **none, **admin}
    serving = "admin/companies/serving.html"
    yield "serving", serving, {"serving": SERVING, **admin}
    first = replace(SERVING, lines=(), form="first", problem="Enter a day.")
    yield "serving-first", serving, {"serving": first, **admin}
    passing = replace(SERVING, form="", hand_over_id="h1", hand_over="Hand-over to Rita Novák on 7 December")
    yield "serving-handed-over", serving, {"serving": passing, **admin}
    everything = "admin/companies/hand_over_all.html"
    for name, whole in (("all", ALL), ("all-left", replace(ALL, companies=(), planned="2 are planned."))):
        yield f"hand-over-{name}", everything, {"page": whole, **admin}
    lines = (
        HandOverLine("h1", "You are asked to take over Nordwind on 7 December", True),
        HandOverLine("h2", "Sever passes to Rita Novák on 9 December", False),
    )
    schedule = {"page": SCHEDULE, "hand_overs": lines, "viewer": SimpleNamespace(role="specialist")}
    yield "schedule-hand-overs", "availability/schedule.html", schedule
    mail = NoteMail("Attaché", "Please take over Nordwind", ("It counts once you confirm it.",))
    full = replace(
        mail, lines=("Rita Novák", "+421 2 123"), button="See and confirm", url="https://c.example/h"
    )
    for part in ("txt", "html"):
        yield f"mail-note-{part}", f"mail/note.{part}", {"mail": full}
        yield f"mail-note-plain-{part}", f"mail/note.{part}", {"mail": mail}
