"""Contexts for the waiting list: Pavel waits for a time with Sam."""

from collections.abc import Iterator
from dataclasses import replace

from wtforms import Form, SelectField

from app.availability.pages import Problem
from app.booking.pages import CallsPage, Moving
from app.booking.waiting.pages import JoinPage, PlacePage, PlaceRow
from app.mail.pages import OfferMail
from tests.pages.shared_samples import ALTERNATIVES, CALLS, LATER, RITA, SAM, WHEN, Sample

DAYS = [("2026-11-24", "Tue 24 Nov"), ("2026-11-25", "Wed 25 Nov")]
ROWS = (
    PlaceRow("w1", "Product support with Sam", "24 Nov – 27 Nov", offer="Wed 25 Nov, 18:00 is kept for you"),
    PlaceRow("w2", "Feature training with Sam", "27 Nov", before="earlier than Fri 27 Nov, 14:00"),
)
JOIN = JoinPage(SAM, "product-support", "/book/hold", zone_hint="Days are those of Sam (CET).")
PLACE = PlacePage(
    "w1", "waiting", SAM, "product-support", "Product support", "24 Nov – 27 Nov", "/book/hold"
)  # fmt: skip
MAIL = OfferMail(
    "Attaché", "Sam Okafor", "Dedicated support specialist", "Product support", "30 minutes",
    WHEN.day, WHEN.span, WHEN.zone, WHEN.service, "Tuesday 24 November, 14:42", "https://calls.example/waiting/w1",
)  # fmt: skip


STAND_IN = {"with_whom": "with Rita, who stands in for Sam", "specialist": "rita"}
NOBODY = "Wed 25 Nov, 18:00 is not kept for you any more. Sam is away until 11 December. Nobody stands in."
LOST = "Wed 25 Nov, 18:00 is not kept for you any more. Rita Novak takes calls on that day now."


class JoinForm(Form):
    """As the form of the waiting list."""

    call_type = SelectField("Call type", choices=[("product-support", "Product support")])
    first = SelectField("First day", choices=DAYS)
    last = SelectField("Last day", choices=DAYS)


def waiting_samples() -> Iterator[Sample]:
    """Every state of every page, and the mail."""
    yield "calls-waiting", "booking/calls.html", {"page": CallsPage(CALLS[:2], ()), "waiting": ROWS}
    moving = Moving("b1", "Product support", LATER)
    problem = (Problem("first", "Choose days before your call"),)
    for name, page in (
        ("join", JOIN),
        ("join-moving", replace(JOIN, moving=moving, zone_hint="")),
        ("join-free", replace(JOIN, free=ALTERNATIVES)),
        ("join-free-stand-in", replace(JOIN, free=tuple(replace(item, **STAND_IN) for item in ALTERNATIVES))),
        ("join-error", replace(JOIN, problems=problem)),
    ):
        yield name, "booking/join.html", {"page": page, "form": JoinForm()}
    offered = replace(PLACE, state="offered", offer=WHEN, kept_until="14:42", specialist_id="sam")
    passed = "We kept Wed 25 Nov, 18:00 for you until 24 November, 14:42."
    for name, place in (
        ("place", PLACE),
        ("place-free", replace(PLACE, passed=passed, free=ALTERNATIVES, problem="It is kept no longer")),
        ("place-moving", replace(PLACE, old=LATER, moving_id="b1")),
        ("place-offered", offered),
        ("place-offered-moving", replace(offered, old=LATER, moving_id="b1")),
        (
            "place-stand-in",
            replace(offered, specialist=RITA, specialist_id="rita", with_whom=STAND_IN["with_whom"]),
        ),
        ("place-other-serves", replace(PLACE, passed=LOST, free=ALTERNATIVES)),
        ("place-nobody", replace(PLACE, passed=NOBODY)),
        ("place-taken", replace(PLACE, state="taken")),
        ("place-ended", replace(PLACE, state="ended")),
    ):
        yield name, "booking/place.html", {"page": place}
    for part in ("txt", "html"):
        yield f"mail-offer-{part}", f"mail/offer.{part}", {"mail": MAIL}
        moved = replace(MAIL, old_day="Fri 27 Nov", old_span="14:00–14:30")
        yield f"mail-offer-moving-{part}", f"mail/offer.{part}", {"mail": moved}
