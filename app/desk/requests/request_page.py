"""One request in the reader's words: where it stands, its clocks, what was said, what can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.rights import Right, may
from app.accounts.values import CONTACT, SignedIn
from app.booking.in_words import Reader, day_name
from app.customers.roster import Served
from app.desk.message_page import MessageLine, message_lines
from app.desk.requests.clock_page import ClockLine, clock_lines, moment
from app.desk.requests.queue_page import state_words, subject_words
from app.desk.requests.severity_page import SEVERITIES, severity_words
from app.desk.requests.values import ClockName, RequestState, RequestValue
from app.desk.sla import Policy
from app.desk.values import MessageValue
from app.lib import wording


@dataclass(frozen=True, slots=True)
class StateLine:
    """What of a request changes with the minute; ``alarm`` says that something is overdue."""

    id: str
    state: RequestState
    state_name: str
    severity: int
    severity_name: str
    clocks: tuple[ClockLine, ...]
    news: str
    alarm: str

    @property
    def digest(self) -> str:
        """Differs when anything that is shown does."""
        return "|".join([self.state_name, self.news, *(f"{line.large} {line.small}" for line in self.clocks)])


@dataclass(frozen=True, slots=True)
class SeverityChoice:
    """A severity to choose: ``name`` "3 Standard"."""

    number: int
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A request; ``served`` says who answers, ``hidden`` how many earlier messages are not shown."""

    id: str
    reference: str
    subject: str
    company: str
    contact: str
    opened: str
    served: str
    state: StateLine
    messages: tuple[MessageLine, ...]
    hidden: int
    severities: tuple[SeverityChoice, ...]
    is_solved: bool
    is_waiting: bool
    has_step: bool
    can_write: bool
    can_run: bool


def state_line(
    request: RequestValue, policy: Policy, viewer: SignedIn, now: datetime, reader: Reader
) -> StateLine:
    """Where it stands now."""
    clocks = clock_lines(request, policy, now, reader)
    overdue = [line for line in clocks if line.state == "overdue"]
    news = ""
    if request.news_due_at and viewer.is_staff:
        news = _("News for the customer by %(time)s", time=moment(request.news_due_at, reader, now))
    alarm = ""
    if overdue:
        is_first = overdue[0].name == ClockName.FIRST_RESPONSE
        alarm = _("The first answer is overdue") if is_first else _("The next step is overdue")
    return StateLine(
        id=request.conversation.public_id,
        state=request.state,
        state_name=state_words(request.state, viewer),
        severity=request.severity,
        severity_name=severity_words(request.severity).name,
        clocks=clocks,
        news=news,
        alarm=alarm,
    )


def request_page(
    request: RequestValue,
    state: StateLine,
    messages: Sequence[MessageValue],
    served: Served | None,
    viewer: SignedIn,
    now: datetime,
    reader: Reader,
    file_url: Callable[[str], str],
) -> RequestPage:
    """The whole page; ``served`` is None where the reader serves themselves, or nobody does."""
    conversation = request.conversation
    step = request.clocks.get(ClockName.NEXT_STEP)
    clock = wording.clock(request.opened_at, reader.zone)
    return RequestPage(
        id=conversation.public_id,
        reference=request.reference,
        subject=subject_words(request),
        company=conversation.company_name,
        contact=conversation.contact_name,
        opened=f"{day_name(request.opened_at, reader, now)}, {clock}",
        served=_served(served),
        state=state,
        messages=message_lines(messages, viewer, reader, now, file_url),
        hidden=messages[0].number - 1 if messages else 0,
        severities=_choices(request, viewer),
        is_solved=request.solved_at is not None,
        is_waiting=request.waiting_since is not None,
        has_step=step is not None and step.met_at is None,
        can_write=may(viewer.role, Right.WRITE_DESK),
        can_run=may(viewer.role, Right.RUN_DESK),
    )


def severities_for(request: RequestValue, viewer: SignedIn) -> tuple[int, ...]:
    """What somebody may change the severity to: customers to a worse one."""
    return tuple(
        number
        for number in SEVERITIES
        if number != request.severity and (viewer.role != CONTACT or number < request.severity)
    )


def _choices(request: RequestValue, viewer: SignedIn) -> tuple[SeverityChoice, ...]:
    found = [severity_words(number) for number in severities_for(request, viewer)]
    return tuple(SeverityChoice(item.number, f"{item.number} {item.name}", item.meaning) for item in found)


def _served(served: Served | None) -> str:
    if served is None:
        return ""
    if served.by is None:
        return _("%(name)s is away, and nobody stands in", name=served.dedicated.name)
    if served.is_away:
        names = {"name": served.by.name, "other": served.dedicated.name}
        return _("%(name)s answers, standing in for %(other)s", **names)
    return _("%(name)s answers", name=served.by.name)
