"""Calls on a request's page, and requests on a call's page, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.accounts.values import ADMINISTRATOR, CONTACT, SignedIn
from app.booking.in_words import Reader, day_and_time
from app.booking.lifecycle import Event, is_possible, who_in
from app.booking.values import CallValue
from app.desk.calls.values import NamedRequest


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call that belongs to a request; only who takes part in it can open it."""

    id: str
    text: str
    can_open: bool
    can_take_off: bool
    can_bring_senior: bool = False


@dataclass(frozen=True, slots=True)
class CallsPart:
    """The calls of the request with this id, and those that can be linked."""

    id: str
    calls: tuple[CallLine, ...]
    choices: tuple[CallLine, ...]


@dataclass(frozen=True, slots=True)
class RequestsPart:
    """The requests of the call with this id, and those that it can be linked to."""

    id: str
    requests: tuple[NamedRequest, ...]
    choices: tuple[NamedRequest, ...]


def calls_part(
    request_id: str,
    linked: Iterable[CallValue],
    others: Iterable[CallValue],
    viewer: SignedIn,
    reader: Reader,
    now: datetime,
    *,
    can_link: bool,
) -> CallsPart:
    """The part of a request's page; contacts take off what is theirs, our people make a call a joint one."""

    def lines(calls: Iterable[CallValue]) -> tuple[CallLine, ...]:
        return tuple(_line(call, viewer, reader, now, can_link=can_link) for call in calls)

    return CallsPart(request_id, lines(linked), lines(others))


def _line(call: CallValue, viewer: SignedIn, reader: Reader, now: datetime, *, can_link: bool) -> CallLine:
    who = call.contact_name if viewer.role != CONTACT else call.specialist.name
    parts = (day_and_time(call.start, reader), call.call_type_name(reader.language), who)
    taking_part = {call.contact_id, *(person.user_id for person in call.people)}
    can_open = viewer.role == ADMINISTRATOR or viewer.id in taking_part
    is_theirs = viewer.role != CONTACT or call.contact_id == viewer.id
    can_join = call.senior is None and is_possible(call, Event.ADD_SENIOR, who_in(call, viewer), now)
    return CallLine(
        call.public_id,
        ", ".join(parts),
        can_open,
        can_link and is_theirs,
        can_bring_senior=viewer.is_staff and can_open and can_join,
    )
