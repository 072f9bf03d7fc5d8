"""What the customer's home shows: plain values, every text already in the reader's words."""

from dataclasses import dataclass

from app.availability.pages import Person
from app.booking.offers.quick_page import QuickSlot
from app.booking.pages import CallRow, Closed, StandingLine


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A private calendar link as its owner sees it later: its name, what it shows, when it was made."""

    id: str
    name: str
    shows: str
    created: str


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A link that was made just now; shown this once.

    ``webcal_url`` opens a calendar program, ``google_url`` asks Google's calendar to subscribe.
    """

    name: str
    url: str
    webcal_url: str
    google_url: str


@dataclass(frozen=True, slots=True)
class FeedKind:
    """What a link can show, as a choice."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FeedsPage:
    """A person's private calendar links; ``kinds`` is empty where there is nothing to choose."""

    rows: tuple[FeedRow, ...]
    kinds: tuple[FeedKind, ...] = ()
    new: NewFeed | None = None
    problem: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An open request: "R-1031 · First answer by 21:00"."""

    id: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The customer's home; ``length`` is that of the quick times' call type in minutes.

    ``label`` says what the person is to the customer, ``standing`` who stands in and until when; the standard
    support is named where nobody does. ``email`` and ``phone`` reach who serves.
    """

    specialist: Person
    call_type: str
    length: int
    quick: tuple[QuickSlot, ...]
    about: str
    upcoming: tuple[CallRow, ...]
    feeds: FeedsPage
    email: str = ""
    phone: str = ""
    closed: Closed | None = None
    standing: StandingLine | None = None
    label: str = ""
    standard_chat_url: str = ""
    standard_email: str = ""
    requests: tuple[RequestLine, ...] = ()
