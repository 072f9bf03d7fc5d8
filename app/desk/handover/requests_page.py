"""Open requests in lines, for who takes a company over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.booking.in_words import Reader
from app.desk.requests.clock_page import ClockLine, first_clock
from app.desk.requests.severity_page import severity_name
from app.desk.requests.values import RequestValue
from app.desk.sla import Policy


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
    requests: Iterable[RequestValue],
    policies: Mapping[int, Policy],
    seen: Iterable[int],
    now: datetime,
    reader: Reader,
) -> tuple[RequestLine, ...]:
    """The requests in their order; ``seen`` are the conversations that the reader may open."""
    may_open = set(seen)
    return tuple(
        RequestLine(
            id=item.conversation.public_id if item.conversation.id in may_open else "",
            reference=item.reference,
            subject=item.conversation.subject,
            severity=severity_name(item.severity),
            contact=item.conversation.contact_name,
            clock=first_clock(item, policies[item.policy_id], now, reader),
        )
        for item in requests
    )
