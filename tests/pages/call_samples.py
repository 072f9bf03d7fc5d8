"""One call in every state, as its page shows it."""

from collections.abc import Iterator
from dataclasses import replace

from wtforms import Form, TextAreaField

from app.booking.questions import Answer
from app.desk.calls.calls_page import RequestsPart
from app.desk.calls.values import NamedRequest
from tests.pages.booking_samples import BOOKING
from tests.pages.shared_samples import ALTERNATIVES, LATER, PROBLEM, Sample


class OutcomeForm(Form):
    """As the form that says what became of a call."""

    note = TextAreaField("Note for the customer")
    private_note = TextAreaField("Note for your side")


def one_call_samples() -> Iterator[Sample]:
    states = {
        "manage": BOOKING,
        "booked": replace(BOOKING, is_new=True),
        "reserved": replace(BOOKING, status="pending", is_new=True, can_move=False, history=()),
        "moving": replace(BOOKING, new_time=LATER, can_move=False),
        "cancelled": replace(BOOKING, status="cancelled", ended="Cancelled by you on Tue 24 Nov, 15:00."),
        "clash": replace(
            BOOKING, status="clash", alternatives=ALTERNATIVES, alternatives_type="product-support"
        ),
        "answered": replace(BOOKING, answers=(Answer("Which module?", "Billing"), Answer("Version", "4.2"))),
        "late": replace(BOOKING, can_move=False, can_cancel=False, change_words="", join_opens="17:50"),
        "seen-by-sam": replace(
            BOOKING,
            viewer="specialist",
            with_name="Pavel Belov",
            with_first_name="Pavel",
            with_detail="Sever",
        ),
    }
    for name, page in states.items():
        yield name, "booking/booking.html", {"page": page}
    over = replace(states["seen-by-sam"], is_over=True, can_move=False, can_cancel=False, can_mark=True)
    yield (
        "over",
        "booking/booking.html",
        {"page": over, "form": OutcomeForm(), "problems": (replace(PROBLEM, field="note"),)},
    )
    took_place = replace(
        BOOKING, status="took_place", is_over=True, can_move=False, can_cancel=False, note="Try 4.2"
    )
    named = NamedRequest("c1", "R-1042", "Export stops", is_solved=True)
    linked = RequestsPart(took_place.id, (named,), (replace(named, id="c2", reference="R-1043"),))
    page = {"page": took_place, "requests_of_call": lambda _id: linked}
    yield "took-place", "booking/booking.html", page
    yield "state", "booking/_state.html", {"page": states["reserved"]}
