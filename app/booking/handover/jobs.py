"""The periodic pass over hand-overs: are the contacts told, and which calls pass on."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.booking.handover import queries
from app.booking.handover.service import look_whether_told
from app.booking.handover.service_calls import note_stuck, pass_on, take_stock, word_for
from app.booking.handover.values import HandOverValue
from app.booking.reassigning.service import people_to_lock
from app.config import Settings
from app.customers.models import HandOver
from app.customers.profiles import SpecialistProfile
from app.lib.crashpoints import reached
from app.lib.db import write
from app.lib.errors import DomainError

log = logging.getLogger(__name__)


def hand_over_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Bring every confirmed hand-over on; it may be killed anywhere and made by several workers at once."""
    under_way = queries.hand_overs(session, queries.is_open(), HandOver.confirmed_at.is_not(None))
    session.rollback()
    for hand_over in under_way:
        try:
            _bring_on(session, settings, now, hand_over)
        except Exception:
            # One company's surprise must not hold up the others.
            log.exception("the hand-over %s failed", hand_over.id)
            session.rollback()


def _bring_on(session: Session, settings: Settings, now: datetime, hand_over: HandOverValue) -> None:
    number = hand_over.public_id
    if hand_over.told_at is None:
        write(session, [], lambda s: look_whether_told(s, now, settings, number))
    due = write(session, [], lambda s: take_stock(s, now, settings, number))
    stuck = {
        booking_id: word
        for booking_id, to in due.items()
        if (word := _pass_on(session, settings, now, number, booking_id, to))
    }
    if stuck:
        write(session, [], lambda s: note_stuck(s, now, settings, number, stuck))


def _pass_on(
    session: Session,
    settings: Settings,
    now: datetime,
    public_id: str,
    booking_id: int,
    to: SpecialistProfile,
) -> str | None:
    """What keeps the call from passing on; None when nothing does, or it is only not the moment."""
    people = people_to_lock(session, booking_id, to)
    session.rollback()
    try:
        write(session, people, lambda s: pass_on(s, now, settings, public_id, booking_id, to))
    except DomainError as error:
        return word_for(error)
    reached("passed_on")
    return None
