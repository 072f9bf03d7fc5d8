"""Contexts for what pages show of answers to invitations: Pavel's call with Sam, and his colleague."""

from collections.abc import Iterator
from dataclasses import replace

from app.booking.answers.pages import AnswersPage, GuestLine, ProposalLine
from tests.pages.booking_samples import BOOKING
from tests.pages.shared_samples import Sample
from tests.pages.staff_samples import SCHEDULE, VIEWER

PROPOSALS = (
    ProposalLine(
        "p1", "b1", "Pavel Belov, Sever", "Thu 26 Nov, 10:00–10:30", "Wed 25 Nov, 14:00–14:30", "After lunch?"
    ),
)
ANSWERS = AnswersPage(
    (
        GuestLine("Pavel Belov", "pavel@sever.example", "tentative", "Maybe", "I have to ask first"),
        GuestLine("olga@sever.example", "olga@sever.example", "declined", "Declined"),
        GuestLine("Ivan Petrov", "ivan@sever.example", "accepted", "Accepted"),
        GuestLine("Anna Orlova", "anna@sever.example", "none", "No answer yet"),
    ),
    PROPOSALS,
    "The specialist is not free at that time.",
)


def samples() -> Iterator[Sample]:
    """The call's page with answers, and the schedule with a proposal."""
    theirs = replace(BOOKING, viewer="specialist", with_name="Pavel Belov", with_detail="Sever")
    yield "answers-sam", "booking/booking.html", {"page": theirs, "answers": ANSWERS}
    seen = replace(ANSWERS, proposals=(), problem="")
    yield (
        "answers-pavel",
        "booking/booking.html",
        {"page": replace(BOOKING, can_invite=True), "answers": seen},
    )
    booked = replace(BOOKING, can_invite=True, is_new=True)
    yield "booked-answers", "booking/booking.html", {"page": booked, "answers": seen}
    yield (
        "schedule-proposals",
        "availability/schedule.html",
        {"page": SCHEDULE, "viewer": VIEWER, "proposals": PROPOSALS},
    )
