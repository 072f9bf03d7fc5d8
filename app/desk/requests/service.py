"""Requests: opened, changed, solved; each time with a line in the conversation that says so."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.models import Company
from app.desk import service as desk
from app.desk.escalations.service import end_with_request, escalate_severity
from app.desk.models import Conversation, Message
from app.desk.requests import queries, service_clocks
from app.desk.requests.errors import CannotChange
from app.desk.requests.models import Request
from app.desk.requests.values import ClockName, NewRequest, RequestValue
from app.desk.values import Happening, Written


def open_request(session: Session, now: datetime, settings: Settings, asked: NewRequest) -> RequestValue:
    """Open a request with its first message, and start its clocks; the same key again gives that one.

    One that we open ourselves is answered by that: the customer knows that we know.
    """
    # Who opens the same one at the same moment waits for this row, and then finds it.
    session.get_one(Company, asked.company_id, with_for_update=True)
    if (known := _opened_before(session, asked)) is not None:
        return known
    conversation_id = desk.open_conversation(
        session, now, asked.company_id, asked.contact_id, asked.channel, asked.subject
    )
    _make(session, now, settings, conversation_id, asked.severity, asked.author_id)
    written = Written(
        side=asked.side,
        channel=asked.channel,
        text=asked.text,
        key=asked.key,
        author_id=asked.author_id,
        author_name=asked.author_name,
        quoted=asked.quoted,
        html=asked.html,
        mail_id=asked.mail_id,
        files=asked.files,
    )
    desk.write_message(session, now, settings, conversation_id, written)
    escalate_severity(session, now, settings, conversation_id, asked.severity)
    return queries.request_of(session, conversation_id)


def make_request(
    session: Session, now: datetime, settings: Settings, user: SignedIn, conversation_id: int, severity: int
) -> None:
    """Give a conversation a severity, and with it clocks that run from now on.

    As with a request that we open, the first is met when we do.
    """
    row = _make(session, now, settings, conversation_id, severity, user.id)
    if user.is_staff:
        service_clocks.meet(session, now, row, ClockName.FIRST_RESPONSE)
        service_clocks.settle(session, now, row, is_news=True)
    facts = {"severity": severity}
    desk.note_happening(session, now, settings, conversation_id, Happening.OPENED, user.id, user.name, facts)
    escalate_severity(session, now, settings, conversation_id, severity)


def _make(
    session: Session,
    now: datetime,
    settings: Settings,
    conversation_id: int,
    severity: int,
    opened_by_id: int | None,
) -> Request:
    policy_id, policy = service_clocks.current_policy(session, now, settings)
    row = Request(
        conversation_id=conversation_id,
        policy_id=policy_id,
        severity=severity,
        opened_at=now,
        opened_by_id=opened_by_id,
    )
    session.add(row)
    session.flush()
    service_clocks.start_clocks(session, row, policy)
    return row


def change_severity(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    conversation_id: int,
    severity: int,
    reason: str,
) -> RequestValue:
    """Another severity, with the reason; the same again changes nothing.

    Raises CannotChange when it is solved, and for a customer when it is as bad or worse meanwhile.
    """
    row = _locked(session, conversation_id)
    if row.solved_at is not None:
        raise CannotChange("the request is solved")
    before = row.severity
    if not user.is_staff and severity > before:
        raise CannotChange("customers say that it is worse")
    if severity != before:
        service_clocks.set_severity(session, now, row, severity)
        facts = {"before": before, "after": severity, "reason": reason}
        desk.note_happening(
            session, now, settings, conversation_id, Happening.SEVERITY_CHANGED, user.id, user.name, facts
        )
        escalate_severity(session, now, settings, conversation_id, severity)
    return queries.request_of(session, conversation_id)


def solve(
    session: Session, now: datetime, settings: Settings, user: SignedIn, conversation_id: int
) -> RequestValue:
    """The request is solved, which is its next step too; solved before, nothing changes."""
    row = _locked(session, conversation_id)
    if row.solved_at is None:
        service_clocks.resume(session, now, row, queries.policy(session, row.policy_id))
        service_clocks.meet(session, now, row, ClockName.NEXT_STEP)
        if user.is_staff:
            service_clocks.meet(session, now, row, ClockName.FIRST_RESPONSE)
        row.solved_at = now
        service_clocks.settle(session, now, row, is_news=True)
        desk.note_happening(session, now, settings, conversation_id, Happening.SOLVED, user.id, user.name)
        end_with_request(session, now, conversation_id)
    return queries.request_of(session, conversation_id)


def reopen(
    session: Session, now: datetime, settings: Settings, user: SignedIn, conversation_id: int
) -> RequestValue:
    """The request is not solved after all; what was met stays met."""
    row = _locked(session, conversation_id)
    if row.solved_at is not None:
        row.solved_at = None
        service_clocks.settle(session, now, row, is_news=False)
        desk.note_happening(session, now, settings, conversation_id, Happening.REOPENED, user.id, user.name)
        escalate_severity(session, now, settings, conversation_id, row.severity)
    return queries.request_of(session, conversation_id)


def wait_for_customer(
    session: Session, now: datetime, settings: Settings, user: SignedIn, conversation_id: int
) -> RequestValue:
    """We wait for the customer: the next step's clock stands still. Raises CannotChange when solved."""
    row = _locked(session, conversation_id)
    if row.solved_at is not None:
        raise CannotChange("the request is solved")
    if service_clocks.pause(session, now, row):
        service_clocks.settle(session, now, row, is_news=False)
        desk.note_happening(session, now, settings, conversation_id, Happening.WAITING, user.id, user.name)
    return queries.request_of(session, conversation_id)


def go_on(
    session: Session, now: datetime, settings: Settings, user: SignedIn, conversation_id: int
) -> RequestValue:
    """We wait no more."""
    row = _locked(session, conversation_id)
    if service_clocks.resume(session, now, row, queries.policy(session, row.policy_id)):
        service_clocks.settle(session, now, row, is_news=False)
        desk.note_happening(session, now, settings, conversation_id, Happening.RESUMED, user.id, user.name)
    return queries.request_of(session, conversation_id)


def _opened_before(session: Session, asked: NewRequest) -> RequestValue | None:
    wanted = (
        select(Message.conversation_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Request, Request.conversation_id == Conversation.id)
        .where(
            Conversation.company_id == asked.company_id,
            Message.key == asked.key,
            Message.number == 1,
        )
    )
    found = session.scalars(wanted).first()
    return None if found is None else queries.request_of(session, found)


def _locked(session: Session, conversation_id: int) -> Request:
    session.get_one(Conversation, conversation_id, populate_existing=True, with_for_update=True)
    row = queries.row_of(session, conversation_id)
    if row is None:
        raise CannotChange("the conversation is no request")
    return row
