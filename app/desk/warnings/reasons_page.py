"""The reasons of a request's breaches, as our people write them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.desk.requests.values import ClockName, RequestValue
from app.desk.warnings.values import SentReason


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A clock that was not met in time: what is asked, what was written, and what is wrong with it."""

    clock: str
    question: str
    text: str
    is_given: bool
    problem: str


def reason_lines(request: RequestValue, sent: SentReason | None = None) -> tuple[ReasonLine, ...]:
    """The clocks of a request whose breach was noted; ``sent`` is a reason that cannot be taken."""
    return tuple(
        ReasonLine(
            clock=name.value,
            question=_question(name),
            text=sent.text if sent and sent.clock == name else clock.reason,
            is_given=clock.reason != "",
            problem=sent.problem if sent and sent.clock == name else "",
        )
        for name in ClockName
        if (clock := request.clocks.get(name)) is not None and clock.breached_at is not None
    )


def _question(name: ClockName) -> str:
    if name is ClockName.FIRST_RESPONSE:
        return _("Why was the first answer late?")
    return _("Why was the next step late?")
