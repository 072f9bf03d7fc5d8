"""Contexts for the page of the colleagues on a call: those that Pavel brings to Sam."""

from collections.abc import Iterator
from dataclasses import replace

from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField, validators

from app.availability.pages import Problem
from app.booking.guests.guests_page import GuestRow, GuestsPage
from tests.pages.shared_samples import Sample


class GuestForm(Form):
    """As the form that adds a colleague."""

    email = StringField("E-mail address", [validators.Email()])
    name = StringField("Name")


PAGE = GuestsPage(
    "b1",
    "contact",
    "Product support with Sam Okafor, Wed 25 Nov, 18:00",
    (GuestRow("olga@sever.example", "Olga Smirnova"), GuestRow("egor@sever.example", "egor@sever.example")),
    can_change=True,
    can_add=True,
    note="They get their own invitation at once.",
)


def samples() -> Iterator[Sample]:
    """The page with people, with none, and with a mistake."""
    wrong = GuestForm(MultiDict({"email": "olga"}))
    wrong.validate()
    problem = Problem("email", "Enter an e-mail address like name@company.com")
    for name, page, form in (
        ("guests", PAGE, GuestForm()),
        ("guests-error", replace(PAGE, problems=(problem,)), wrong),
        ("guests-none", replace(PAGE, guests=(), can_change=False, can_add=False), GuestForm()),
    ):
        yield name, "booking/guests.html", {"page": page, "form": form}
