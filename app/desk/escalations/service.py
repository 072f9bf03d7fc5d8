"""Level 2: a senior is wanted, takes it or cannot, and is done; each with a line in the conversation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import SENIOR, SignedIn
from app.config import Settings
from app.desk import service as desk
from app.desk.escalations import queries, service_letters
from app.desk.escalations.errors import AlreadyTaken, EscalationOver
from app.desk.escalations.models import Escalation, EscalationAsk
from app.desk.escalations.order import has_time
from app.desk.escalations.service_asking import ask_next, hasten
from app.desk.escalations.values import MOST_NOTE, Cause, EscalationValue
from app.desk.models import Conversation
from app.desk.requests.errors import CannotChange
from app.desk.requests.models import Request
from app.desk.requests.values import CALL_SENIOR
from app.desk.values import Channel, Happening, Side, Written
from app.lib.text import UncleanText, many_lines
from app.lib.tokens import new_public_id


def escalate(
    session: Session,
    now: datetime,
    settings: Settings,
    conversation_id: int,
    cause: Cause,
    asked_by: SignedIn | None,
    note: str = "",
) -> EscalationValue:
    """Bring a senior into a conversation: one is asked at once.

    While one is asked for or there already, it adds the note, and an urgent severity hastens it. Raises
    UncleanText (a specialist says why), and CannotChange for a request that is solved.
    """
    said = many_lines(note, MOST_NOTE)
    if cause is Cause.SPECIALIST and not said:
        raise UncleanText("empty", MOST_NOTE)
    severity = _locked_severity(session, conversation_id)
    row = queries.open_row(session, conversation_id)
    is_new = row is None
    if row is None:
        row = _open(session, now, conversation_id, cause, asked_by, said)
    elif row.note == said or row.note.endswith(f"\n\n{said}"):
        # A form that was sent twice.
        said = ""
    else:
        row.note = f"{row.note}\n\n{said}".strip()[:MOST_NOTE]
    if is_new or (said and cause is Cause.CUSTOMER):
        facts = {"cause": cause} | ({"note": said} if said and cause is Cause.CUSTOMER else {})
        _note(session, now, settings, row, Happening.SENIOR_ASKED, asked_by, facts)
    if said and cause is not Cause.CUSTOMER:
        _hand_over(session, now, settings, row, asked_by, said)
    is_urgent = cause is Cause.SEVERITY and severity in CALL_SENIOR
    if is_new or (is_urgent and hasten(session, now, row)):
        ask_next(session, now, settings, row)
    found = queries.escalation(session, row.id)
    if is_urgent:
        service_letters.alert_administrators(session, now, settings, found)
    if cause is Cause.CUSTOMER and asked_by is not None and (is_new or said):
        told = replace(found, asked_by=asked_by.name)
        service_letters.tell_wanted(session, now, settings, told, again=not is_new)
    return found


def escalate_severity(
    session: Session, now: datetime, settings: Settings, conversation_id: int, severity: int
) -> None:
    """Severities 1 and 2 bring a senior in by themselves; others do nothing."""
    if severity in CALL_SENIOR:
        escalate(session, now, settings, conversation_id, Cause.SEVERITY, None)


def take(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> EscalationValue:
    """A senior who was asked takes it, in their turn or later; what they have already, they have.

    Raises AlreadyTaken by another, EscalationOver, NotFound.
    """
    row = _locked(session, now, settings, user, public_id)
    if row.ended_at is not None:
        raise EscalationOver("no senior is wanted any more")
    found = queries.escalation(session, row.id)
    if found.taken_by is not None and found.taken_by.user_id == user.id:
        return found
    if found.taken_by is not None:
        raise AlreadyTaken(found.taken_by.name)
    if user.role != SENIOR:
        raise NotFound("only seniors take escalations")
    row.taken_by_id, row.taken_at, row.next_ask_at = user.id, now, None
    session.flush()
    _note(session, now, settings, row, Happening.SENIOR_TOOK, user, {"senior": user.name})
    found = queries.escalation(session, row.id)
    service_letters.tell_taken(session, now, settings, found)
    return found


def decline(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> EscalationValue:
    """A senior who was asked cannot take it; the next is asked at once, unless somebody else has time yet.

    Of no meaning for whoever is not asked. Raises NotFound.
    """
    row = _locked(session, now, settings, user, public_id)
    if not queries.escalation(session, row.id).asked_now(user.id):
        return queries.escalation(session, row.id)
    ask = session.get_one(EscalationAsk, (row.id, user.id), populate_existing=True)
    ask.declined_at = now
    session.flush()
    facts = {"senior": user.name}
    _note(session, now, settings, row, Happening.SENIOR_DECLINED, user, facts, is_internal=True)
    if not has_time(now, queries.asks_of(session, row.id), row.round_at):
        ask_next(session, now, settings, row)
    return queries.escalation(session, row.id)


def end(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> EscalationValue:
    """A senior is not wanted any more: said by who has it, who serves the company, or an administrator.

    Raises NotFound for others.
    """
    row = _locked(session, now, settings, user, public_id)
    if user.role == SENIOR and row.taken_by_id != user.id:
        raise NotFound("it is not theirs to end")
    if row.ended_at is None:
        found = queries.escalation(session, row.id)
        _close(session, now, row, found)
        facts = {"senior": found.taken_by.name} if found.taken_by else {}
        _note(session, now, settings, row, Happening.SENIOR_LEFT, user, facts)
    return queries.escalation(session, row.id)


def end_with_request(session: Session, now: datetime, conversation_id: int) -> None:
    """The request is solved, and level 2 with it; needs its conversation's lock."""
    row = queries.open_row(session, conversation_id)
    if row is not None:
        _close(session, now, row, queries.escalation(session, row.id))


def _close(session: Session, now: datetime, row: Escalation, found: EscalationValue) -> None:
    service_letters.stop_asking(session, found)
    row.ended_at, row.next_ask_at = now, None
    session.flush()


def _open(
    session: Session,
    now: datetime,
    conversation_id: int,
    cause: Cause,
    asked_by: SignedIn | None,
    note: str,
) -> Escalation:
    row = Escalation(
        public_id=new_public_id(),
        conversation_id=conversation_id,
        cause=cause,
        asked_by_id=asked_by.id if asked_by else None,
        note=note,
        asked_at=now,
        round_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _note(
    session: Session,
    now: datetime,
    settings: Settings,
    row: Escalation,
    happening: Happening,
    who: SignedIn | None,
    facts: Mapping[str, object],
    *,
    is_internal: bool = False,
) -> None:
    desk.note_happening(
        session,
        now,
        settings,
        row.conversation_id,
        happening,
        who.id if who else None,
        who.name if who else "",
        facts,
        is_internal=is_internal,
    )


def _hand_over(
    session: Session, now: datetime, settings: Settings, row: Escalation, who: SignedIn | None, text: str
) -> None:
    """The specialist's note stands in the conversation too, for our people alone."""
    last = session.get_one(Conversation, row.conversation_id).last_number
    written = Written(
        side=Side.STAFF,
        channel=Channel.PAGE,
        text=text,
        key=f"escalation:{row.id}:{last}",
        author_id=who.id if who else None,
        author_name=who.name if who else "",
        is_internal=True,
    )
    desk.write_message(session, now, settings, row.conversation_id, written)


def _lock_conversation(session: Session, conversation_id: int) -> None:
    session.get_one(Conversation, conversation_id, populate_existing=True, with_for_update=True)


def _locked_severity(session: Session, conversation_id: int) -> int | None:
    """The conversation's severity, None where it is no request; raises CannotChange when it is solved."""
    _lock_conversation(session, conversation_id)
    wanted = select(Request.severity, Request.solved_at).where(Request.conversation_id == conversation_id)
    request = session.execute(wanted).first()
    if request is not None and request.solved_at is not None:
        raise CannotChange("the request is solved")
    return request.severity if request else None


def _locked(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> Escalation:
    found = queries.find(session, now, settings, user, public_id)
    _lock_conversation(session, found.conversation_id)
    return session.get_one(Escalation, found.id, populate_existing=True)
