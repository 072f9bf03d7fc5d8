"""What the pages of the waiting list show: plain values, every text already in the reader's words."""

from dataclasses import dataclass
from typing import Literal

from app.availability.pages import Person, Problem, When
from app.booking.pages import Alternative, Moving


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place in its owner's list.

    ``title`` "Product support with Sam", ``days`` "24 Nov – 27 Nov", ``before`` the call that an earlier time
    would move, ``offer`` the time that is kept, with until when; both may be empty.
    """

    id: str
    title: str
    days: str
    before: str = ""
    offer: str = ""


@dataclass(frozen=True, slots=True)
class JoinPage:
    """The form for a place in the line.

    ``moving`` is the call that an earlier time would move (then the call type is fixed), ``zone_hint`` says
    whose days they are where clocks differ. ``free`` are times to book at once, when there is nothing to wait
    for; ``action`` is where one of them is posted.
    """

    specialist: Person
    slug: str
    action: str
    moving: Moving | None = None
    zone_hint: str = ""
    free: tuple[Alternative, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A place in whatever state.

    ``offer`` is the time that is kept until ``kept_until`` (clock time), ``old`` the call that it would move,
    ``passed`` what became of the last offer. While nothing is kept, ``free`` are times of its days that are
    open to everybody; ``action`` is where one of them is posted. ``specialist_id`` is who takes what is
    offered (field ``specialist``), ``with_whom`` says so where it is not plain.
    """

    id: str
    state: Literal["waiting", "offered", "taken", "ended"]
    specialist: Person
    slug: str
    call_type: str
    days: str
    action: str
    moving_id: str = ""
    offer: When | None = None
    old: When | None = None
    kept_until: str = ""
    passed: str = ""
    problem: str = ""
    free: tuple[Alternative, ...] = ()
    specialist_id: str = ""
    with_whom: str = ""
