"""What stands on top of our people's pages: what runs out soon, and which breaches have no reason yet."""

from collections.abc import Callable
from dataclasses import dataclass

from app.desk.requests.values import reference
from app.desk.warnings.values import Alerts

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ReasonLink:
    """A request that came too late without a reason, and where it is given."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """The notes: how many run out soon, and the first without a reason; ``more`` are not named."""

    soon: int
    reasons: tuple[ReasonLink, ...]
    more: int


def alerts_page(found: Alerts, url: Callable[[str], str]) -> AlertsPage:
    """The notes; ``url`` makes the address of a conversation's request."""
    links = [ReasonLink(reference(number), url(talk)) for number, talk in found.without_reason]
    return AlertsPage(found.soon, tuple(links[:_SHOWN]), max(0, len(links) - _SHOWN))
