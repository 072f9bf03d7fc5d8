"""Open requests in lines, for who takes a company over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.booking.in_words import Reader
from app.desk.requests.clock_page import ClockLine, first_clock
from app.desk.requests.severity_page import severity_name
from app.desk.requests.values import Listed


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An open request with the clock that counts; ``id`` is empty for who may not open it yet."""

    id: str
    reference: str
    subject: str
    severity: str
    contact: str
    clock: ClockLine


def request_lines(
    found: Iterable[tuple[Listed, bool]], now: datetime, reader: Reader
) -> tuple[RequestLine, ...]:
    """The requests in their order, each with whether the reader may open it."""
    return tuple(_line(listed, now, reader, may_open=may_open) for listed, may_open in found)


def _line(listed: Listed, now: datetime, reader: Reader, *, may_open: bool) -> RequestLine:
    request, conversation = listed.request, listed.request.conversation
    return RequestLine(
        id=conversation.public_id if may_open else "",
        reference=request.reference,
        subject=conversation.subject,
        severity=severity_name(request.severity),
        contact=conversation.contact_name,
        clock=first_clock(request, listed.policy, now, reader),
    )
