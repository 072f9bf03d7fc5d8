"""What the contact card shows: plain values, every text already in the reader's words."""

from dataclasses import dataclass

from app.availability.pages import Person
from app.booking.pages import StandingLine


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach us: what to expect ``now``, and ``otherwise``, which begins with when that is.

    ``key`` is call, chat, mail, phone, callback, request, senior or standard. ``address`` is one to write to,
    ``number`` one to ring, ``lines`` are more of what is expected.
    """

    key: str
    title: str
    now: str
    otherwise: str = ""
    address: str = ""
    number: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardPage:
    """Everything; ``label`` says what the person is to the customer, ``hours`` when business time is.

    ``is_open``: it is business time now.
    """

    person: Person
    label: str
    about: str
    hours: str
    is_open: bool
    ways: tuple[Way, ...]
    standing: StandingLine | None = None
    standard_chat_url: str = ""
    standard_email: str = ""
