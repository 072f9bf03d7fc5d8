"""The mails about level 2, written down with what they tell of."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.service import serving
from app.desk.escalations.letters import LETTERS, Addressee
from app.desk.escalations.models import Escalation
from app.desk.escalations.values import Cause, EscalationValue
from app.desk.letters.letter import house_of
from app.desk.models import Conversation
from app.lib.zones import local
from app.mail.draft import Party
from app.mail.service import post, withdraw
from app.mail.wording import letter


def ask_senior(
    session: Session, now: datetime, settings: Settings, found: EscalationValue, senior_id: int
) -> None:
    """Ask a senior; anew in each round."""
    reader = _user(session, senior_id)
    if reader is not None:
        _post(session, now, settings, "senior_asked", found, reader, now)


def alert_administrators(session: Session, now: datetime, settings: Settings, found: EscalationValue) -> None:
    """Tell the administrators of a severity that wakes people, once."""
    for reader in _administrators(session):
        _post(session, now, settings, "senior_alert", found, reader)


def tell_unanswered(session: Session, now: datetime, settings: Settings, found: EscalationValue) -> None:
    """Tell the administrators that a round was in vain."""
    for reader in _administrators(session):
        _post(session, now, settings, "senior_unanswered", found, reader, found.round_at)


def tell_wanted(
    session: Session, now: datetime, settings: Settings, found: EscalationValue, *, again: bool
) -> None:
    """Tell who serves the company, and who has it, that its customer wants a senior, or says more of it."""
    readers = {reader.user_id: reader for reader in _specialist(session, now, settings, found)}
    if found.taken_by is not None and (taker := _user(session, found.taken_by.user_id)) is not None:
        readers[taker.user_id] = taker
    for reader in readers.values():
        _post(session, now, settings, "senior_wanted", found, reader, now if again else None)


def tell_taken(session: Session, now: datetime, settings: Settings, found: EscalationValue) -> None:
    """Tell everybody who has it; mails that ask others go out no more."""
    stop_asking(session, found)
    taker_id = found.taken_by.user_id if found.taken_by else None
    staff = _specialist(session, now, settings, found)
    staff += _administrators(session) if found.is_urgent else []
    for reader in staff:
        if reader.user_id != taker_id:
            _post(session, now, settings, "senior_taken", found, reader, found.taken_at)
    customers = {session.get_one(Conversation, found.conversation_id).contact_id}
    if found.cause is Cause.CUSTOMER:
        # A colleague may have asked.
        customers.add(session.get_one(Escalation, found.id).asked_by_id)
    for number in customers:
        if number is not None and (contact := _user(session, number)) is not None:
            _post(session, now, settings, "senior_on_it", found, contact, found.taken_at)


def stop_asking(session: Session, found: EscalationValue) -> None:
    """Mails that ask somebody to take it are not true any more."""
    for item in found.asks:
        withdraw(session, _thread(found, item.ask.senior_id), f"escalation:{found.id}:senior_asked:%")


def _post(
    session: Session,
    now: datetime,
    settings: Settings,
    name: str,
    found: EscalationValue,
    reader: Addressee,
    since: datetime | None = None,
) -> None:
    """Post the mail of this name, once for a reader, or with ``since`` once for each such moment."""
    page = LETTERS[name](found, reader, house_of(settings))
    to = Party(reader.email, reader.name)
    draft = letter(settings, "note", page, page.title, to, reader.language)
    key = f"escalation:{found.id}:{name}:{reader.user_id}"
    key += f":{since:%Y%m%dT%H%M%S}" if since else ""
    post(session, now, key, _thread(found, reader.user_id), draft)


def _thread(found: EscalationValue, user_id: int) -> str:
    return f"escalation:{found.id}:{user_id}"


def _specialist(
    session: Session, now: datetime, settings: Settings, found: EscalationValue
) -> list[Addressee]:
    today = local(now, settings.service_time_zone).date()
    try:
        person = serving(session, found.company_id, today).person
    except NoSpecialist:
        return []
    return [Addressee(person.user_id, person.name, person.email, person.language, person.time_zone)]


def _administrators(session: Session) -> list[Addressee]:
    rows = session.scalars(select(User).where(User.role == ADMINISTRATOR, User.is_active).order_by(User.id))
    return [_addressee(row) for row in rows]


def _user(session: Session, user_id: int) -> Addressee | None:
    row = session.get(User, user_id)
    return _addressee(row) if row is not None and row.is_active else None


def _addressee(row: User) -> Addressee:
    return Addressee(row.id, row.name, row.email, row.language, row.time_zone)
