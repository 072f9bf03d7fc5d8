"""Who is mailed about callbacks: whoever serves the company, administrators where nobody does."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.booking.handover.queries import administrators
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.profiles import SpecialistProfile
from app.customers.service import contact_profile, serving
from app.desk.callbacks import queries
from app.desk.callbacks.due import WARNED_BEFORE
from app.desk.callbacks.letter import Why, write_to_ring, write_wrong_number
from app.desk.callbacks.values import CallbackValue
from app.lib.zones import local
from app.mail.service import post

# What was due longer ago was told of then, or lay in a time in which nothing ran.
_TOLD_FOR = timedelta(days=1)


def tell_of_asked(session: Session, now: datetime, settings: Settings, value: CallbackValue) -> None:
    """Somebody asked to be rung."""
    for reader in _ringers(session, settings, value):
        _post(session, now, settings, value, Why.ASKED, reader)


def tell_of_due(session: Session, now: datetime, settings: Settings) -> None:
    """Warn of those that run out within 15 minutes, and of those that have; once each.

    Those who are told: whoever is to ring, and of a broken promise the administrators too.
    """
    for value in queries.running_out(session, now - _TOLD_FOR, now + WARNED_BEFORE):
        readers: dict[int, SignedIn | SpecialistProfile] = {}
        why = Why.BREACH if value.due_at <= now else Why.WARNING
        for ringer in _ringers(session, settings, value):
            readers[_id(ringer)] = ringer
        if why is Why.BREACH:
            readers |= {one.id: one for one in administrators(session) if one.id not in readers}
        for reader in readers.values():
            _post(session, now, settings, value, why, reader)


def tell_of_wrong_number(session: Session, now: datetime, settings: Settings, value: CallbackValue) -> None:
    """Nobody is there under the contact's number."""
    if value.contact_id is None or not value.number:
        # A stranger, or a contact who was erased meanwhile.
        return
    contact = contact_profile(session, value.contact_id)
    draft = write_wrong_number(value, contact, settings)
    post(session, now, f"callback:{value.public_id}:wrong", _thread(value, contact.user_id), draft)


def _ringers(
    session: Session, settings: Settings, value: CallbackValue
) -> Sequence[SignedIn | SpecialistProfile]:
    """Whoever serves the company on the day on which it is due; administrators for callers of no company."""
    if value.company_id is not None:
        try:
            day = local(value.due_at, settings.service_time_zone).date()
            served = serving(session, value.company_id, day)
            if served.by is not None:
                return (served.by,)
        except NoSpecialist:
            pass
    return administrators(session)


def _post(
    session: Session,
    now: datetime,
    settings: Settings,
    value: CallbackValue,
    why: Why,
    reader: SignedIn | SpecialistProfile,
) -> None:
    draft = write_to_ring(value, why, now, reader, settings)
    key = f"callback:{value.public_id}:{why}:{_id(reader)}"
    post(session, now, key, _thread(value, _id(reader)), draft)


def _id(reader: SignedIn | SpecialistProfile) -> int:
    return reader.id if isinstance(reader, SignedIn) else reader.user_id


def _thread(value: CallbackValue, reader_id: int) -> str:
    """By its conversation, with which its mails are erased."""
    of_callback = f"callback:{value.public_id}:{reader_id}"
    if value.conversation_id is None:
        return of_callback
    return f"conversation:{value.conversation_id}:{of_callback}"
