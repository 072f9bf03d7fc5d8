"""The customer's home in the reader's words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.availability.presence import Presence
from app.booking.call_page import call_row
from app.booking.in_words import Reader, person
from app.booking.offers.quick_page import quick_slots
from app.booking.pages import Closed, Reach
from app.booking.rules import minutes
from app.booking.standing_page import standing_line
from app.booking.values import CallTypeValue, CallValue, OpenTimes
from app.customers.profiles import SpecialistProfile
from app.customers.roster import Served
from app.desk.requests.clock_page import first_answer_by, moment, next_step_by
from app.desk.requests.open_request import OpenRequest
from app.desk.requests.values import RequestState
from app.lib import wording
from app.portal.pages import FeedsPage, HomePage, RequestLine

NEXT_CALLS = 5
OPEN_REQUESTS = 5


@dataclass(frozen=True, slots=True)
class Home:
    """What the page is made of; ``coming`` in order of start.

    ``standing`` is who serves from today on, ``reach`` how to reach who serves, and the standard support,
    ``week_address`` makes the address of a ``week`` of times.
    """

    now: datetime
    reader: Reader
    specialist: SpecialistProfile
    presence: Presence | None
    call_type: CallTypeValue
    found: OpenTimes
    standing: Sequence[Served | None]
    reach: Reach
    week_address: Callable[..., str]
    closed: Closed | None
    coming: Sequence[CallValue]
    feeds: FeedsPage
    requests: Sequence[OpenRequest] = ()


def home_page(home: Home) -> HomePage:
    """The page."""
    reader, today = home.reader, home.standing[0]
    is_nobodys = today is not None and today.by is None
    return HomePage(
        specialist=person(home.specialist, reader, home.now, home.presence),
        call_type=home.call_type.slug,
        length=minutes(home.call_type.rules.length),
        quick=quick_slots(home.found, reader, home.now),
        about=about_words(home.specialist, home.reader.language),
        upcoming=tuple(call_row(call, reader, home.now) for call in home.coming[:NEXT_CALLS]),
        feeds=home.feeds,
        email=home.reach.email,
        phone=home.reach.phone,
        closed=home.closed,
        standing=standing_line(home.standing, home.found.offer.slots, home.now, reader, home.week_address),
        label=label_words(today),
        standard_chat_url=home.reach.standard_chat_url if is_nobodys else "",
        standard_email=home.reach.standard_email if is_nobodys else "",
        requests=tuple(_request_line(item, reader, home.now) for item in home.requests),
    )


def _request_line(item: OpenRequest, reader: Reader, now: datetime) -> RequestLine:
    return RequestLine(
        id=item.conversation,
        title=item.subject or _("Without a subject"),
        detail=f"{item.reference} · {_due(item, reader, now)}",
    )


def _due(item: OpenRequest, reader: Reader, now: datetime) -> str:
    """What is promised next."""
    if item.first_due_at is not None:
        return first_answer_by(moment(item.first_due_at, reader, now))
    if item.state is RequestState.WAITING:
        return _("We wait for your answer")
    if item.runs_out_at is not None:
        return next_step_by(moment(item.runs_out_at, reader, now))
    return _("We keep you informed")


def label_words(today: Served | None) -> str:
    """What the page's person is to the customer."""
    if today is None or today.by is None or not today.is_away:
        return _("Your specialist")
    return _("Stands in for %(name)s", name=today.dedicated.name)


def about_words(specialist: SpecialistProfile, language: str) -> str:
    """Which languages they speak; empty when nobody knows."""
    spoken = wording.languages_in_words(specialist.spoken_languages, language)
    return _("Speaks %(languages)s.", languages=spoken) if spoken else ""
