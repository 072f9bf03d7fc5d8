"""Seniors are asked one after the other, until one takes it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.availability.queries import own_days
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.service import serving
from app.desk import service as desk
from app.desk.escalations import queries, service_letters
from app.desk.escalations.models import Escalation, EscalationAsk
from app.desk.escalations.order import has_time, in_order, next_turn
from app.desk.escalations.values import Cause, EscalationValue
from app.desk.hours import BusinessHours, is_open, next_opening
from app.desk.models import Conversation
from app.desk.sla import business, policy_of
from app.desk.values import Happening
from app.lib.zones import local

_QUIET = timedelta(hours=1)


def ask_when_due(session: Session, now: datetime, settings: Settings, escalation_id: int) -> bool:
    """Ask the next senior if that is due; whether it was. Two workers ask once.

    It is due as well when whoever took it is no senior any more: nobody has it then.
    """
    conversation_id = session.get_one(Escalation, escalation_id).conversation_id
    session.get_one(Conversation, conversation_id, populate_existing=True, with_for_update=True)
    row = session.get_one(Escalation, escalation_id, populate_existing=True)
    if queries.is_left(session, row.id):
        _let_go(session, now, settings, row)
    if row.next_ask_at is None or row.next_ask_at > now:
        return False
    ask_next(session, now, settings, row)
    found = queries.escalation(session, row.id)
    if found.cause is Cause.SEVERITY and found.is_urgent:
        service_letters.alert_administrators(session, now, settings, found)
    return True


def ask_next(session: Session, now: datetime, settings: Settings, row: Escalation) -> None:
    """Ask whoever's turn it is; needs the lock of its conversation.

    When all were asked in vain the administrators are told, and the round begins anew: for a severity that
    wakes people at once, for others an hour later, in service hours.
    """
    found = queries.escalation(session, row.id)
    hours = business(policy_of(settings, own_days(session)))
    order = _order(session, now, settings, found, row.asked_by_id, hours)
    asks = queries.asks_of(session, row.id)
    not_before = now if found.is_urgent else next_opening(hours, now + _QUIET)
    turn = next_turn(now, order, asks, row.round_at, not_before)
    if turn.is_over:
        service_letters.tell_unanswered(session, now, settings, found)
    row.round_at, row.next_ask_at = turn.round_at, turn.next_at
    session.flush()
    if turn.senior_id is not None:
        _ask(session, now, settings, row, turn.senior_id)


def hasten(session: Session, now: datetime, row: Escalation) -> bool:
    """It has become urgent: whether somebody is to be asked at once, as nobody has it or is about to say."""
    if row.taken_at is not None or has_time(now, queries.asks_of(session, row.id), row.round_at):
        return False
    row.round_at = min(row.round_at, now)
    session.flush()
    return True


def _order(
    session: Session,
    now: datetime,
    settings: Settings,
    found: EscalationValue,
    asked_by_id: int | None,
    hours: BusinessHours,
) -> list[int]:
    """All seniors but whoever asks, or serves the company: they are there already."""
    there = {asked_by_id}
    try:
        today = local(now, settings.service_time_zone).date()
        there.add(serving(session, found.company_id, today).person.user_id)
    except NoSpecialist:
        pass
    people = [one for one in queries.senior_profiles(session) if one.user_id not in there]
    return in_order(queries.seniors(session, now, settings, people), is_open=is_open(hours, now))


def _let_go(session: Session, now: datetime, settings: Settings, row: Escalation) -> None:
    """Whoever took it has left: the asking begins anew."""
    taken_by = queries.escalation(session, row.id).taken_by
    facts = {"senior": taken_by.name} if taken_by else {}
    row.taken_by_id = row.taken_at = None
    row.round_at = row.next_ask_at = now
    session.flush()
    desk.note_happening(session, now, settings, row.conversation_id, Happening.SENIOR_LEFT, facts=facts)


def _ask(session: Session, now: datetime, settings: Settings, row: Escalation, senior_id: int) -> None:
    ask = session.get(EscalationAsk, (row.id, senior_id), populate_existing=True)
    if ask is None:
        ask = EscalationAsk(escalation_id=row.id, senior_id=senior_id)
        session.add(ask)
    ask.asked_at, ask.declined_at = now, None
    session.flush()
    found = queries.escalation(session, row.id)
    name = next(item.name for item in found.asks if item.ask.senior_id == senior_id)
    desk.note_happening(
        session,
        now,
        settings,
        row.conversation_id,
        Happening.SENIOR_ASKED,
        facts={"senior": name},
        is_internal=True,
    )
    service_letters.ask_senior(session, now, settings, found, senior_id)
