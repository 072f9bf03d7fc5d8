"""The mails about level 2, written down with what they tell of."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.profiles import SpecialistProfile
from app.customers.service import serving
from app.desk.escalations import letters
from app.desk.escalations.letters import Addressee
from app.desk.escalations.values import EscalationValue
from app.desk.models import Conversation
from app.lib.zones import local
from app.mail.draft import Draft
from app.mail.service import post, withdraw


def ask_senior(
    session: Session, now: datetime, settings: Settings, found: EscalationValue, senior_id: int
) -> None:
    """Ask a senior; anew in each round."""
    reader = _user(session, senior_id)
    if reader is not None:
        _post(
            session,
            now,
            f"asked:{now:%Y%m%dT%H%M%S}",
            found,
            reader,
            letters.asked_letter(found, reader, settings),
        )


def alert_administrators(session: Session, now: datetime, settings: Settings, found: EscalationValue) -> None:
    """Tell the administrators of a severity that wakes people, once."""
    for reader in _administrators(session):
        _post(session, now, "alert", found, reader, letters.alert_letter(found, reader, settings))


def tell_unanswered(session: Session, now: datetime, settings: Settings, found: EscalationValue) -> None:
    """Tell the administrators that a round was in vain."""
    for reader in _administrators(session):
        draft = letters.unanswered_letter(found, reader, settings)
        _post(session, now, f"unanswered:{found.round_at:%Y%m%dT%H%M%S}", found, reader, draft)


def tell_wanted(session: Session, now: datetime, settings: Settings, found: EscalationValue) -> None:
    """Tell who serves the company that its customer wants a senior."""
    for reader in _specialist(session, now, settings, found):
        _post(session, now, "wanted", found, reader, letters.wanted_letter(found, reader, settings))


def tell_taken(session: Session, now: datetime, settings: Settings, found: EscalationValue) -> None:
    """Tell everybody who has it; mails that ask others go out no more."""
    stop_asking(session, found)
    taker_id = found.taken_by.user_id if found.taken_by else None
    staff = _specialist(session, now, settings, found)
    staff += _administrators(session) if found.is_urgent else []
    for reader in staff:
        if reader.user_id != taker_id:
            _post(session, now, "taken", found, reader, letters.taken_letter(found, reader, settings))
    contact_id = session.get_one(Conversation, found.conversation_id).contact_id
    contact = _user(session, contact_id) if contact_id is not None else None
    if contact is not None:
        draft = letters.on_it_letter(found, contact, settings, path_of(found))
        _post(session, now, "on_it", found, contact, draft)


def path_of(found: EscalationValue) -> str:
    """Where a customer follows the conversation."""
    return f"/requests/{found.reference}" if found.reference else "/chat"


def stop_asking(session: Session, found: EscalationValue) -> None:
    """Mails that ask somebody to take it are not true any more."""
    for item in found.asks:
        withdraw(session, _thread(found, item.ask.senior_id), f"escalation:{found.id}:asked:%")


def _post(
    session: Session, now: datetime, what: str, found: EscalationValue, reader: Addressee, draft: Draft
) -> None:
    key = f"escalation:{found.id}:{what}:{reader.user_id}"
    post(session, now, key, _thread(found, reader.user_id), draft)


def _thread(found: EscalationValue, user_id: int) -> str:
    return f"escalation:{found.id}:{user_id}"


def _specialist(
    session: Session, now: datetime, settings: Settings, found: EscalationValue
) -> list[Addressee]:
    try:
        person = serving(session, found.company_id, local(now, settings.service_time_zone).date()).person
    except NoSpecialist:
        return []
    return [_profile(person)]


def _profile(person: SpecialistProfile) -> Addressee:
    return Addressee(person.user_id, person.name, person.email, person.language, person.time_zone)


def _administrators(session: Session) -> list[Addressee]:
    rows = session.scalars(select(User).where(User.role == ADMINISTRATOR, User.is_active).order_by(User.id))
    return [_addressee(row) for row in rows]


def _user(session: Session, user_id: int) -> Addressee | None:
    row = session.get(User, user_id)
    return _addressee(row) if row is not None and row.is_active else None


def _addressee(row: User) -> Addressee:
    return Addressee(row.id, row.name, row.email, row.language, row.time_zone)
