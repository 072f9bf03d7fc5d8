"""Phone calls: told of by the provider, answered, recorded or missed; each step once, however often told.

All need a write transaction.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.models import User
from app.accounts.service import record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.config import Settings
from app.customers.models import Contact
from app.customers.queries_served import served_by
from app.customers.service import contact_profile
from app.desk.phone import queries
from app.desk.phone.errors import CallKnown, NoSuchContact
from app.desk.phone.models import PhoneCall, PhoneRecording
from app.desk.phone.service_left import attach, note_lost, put_down
from app.desk.phone.values import CallState, Incoming, PhoneCallValue, Recording
from app.desk.values import NewFile
from app.lib.tokens import new_public_id
from app.lib.zones import local

# A call of which nothing more is heard is over by then: providers end them after four hours.
_LONGEST = timedelta(hours=4, minutes=30)
# Whoever has heard the tone has said everything by then.
_SAID = timedelta(minutes=6)
# What is told of a call that is over may arrive in any order.
_SETTLED = timedelta(seconds=30)
# A worker that dies while it fetches is not waited for longer.
_CLAIMED = timedelta(minutes=5)


def take_call(session: Session, now: datetime, settings: Settings, incoming: Incoming) -> PhoneCallValue:
    """The call of this name, written down when it is new."""
    caller = queries.caller(session, now, settings, incoming.number)
    values = {
        "public_id": new_public_id(),
        "provider_id": incoming.provider_id,
        "number": incoming.number,
        "contact_id": caller.contact_id,
        "company_id": caller.company_id,
        "came_at": now,
        "state": CallState.RINGING,
        "fetch_at": now + _LONGEST,
        "recording_url": "",
        "recording_seconds": 0,
        "attempts": 0,
        "detail": "",
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # Providers tell of the same call again when an answer was late.
    new = insert(PhoneCall).values(**values).on_conflict_do_nothing(index_elements=[PhoneCall.provider_id])
    session.execute(new)
    wanted = select(PhoneCall.id).where(PhoneCall.provider_id == incoming.provider_id)
    return queries.call(session, session.scalars(wanted).one())


def note_answered(session: Session, call_id: int, answerer: str) -> None:
    """Somebody of ours (their public id) spoke with the caller."""
    row = _locked(session, call_id)
    if row.state in {CallState.RINGING, CallState.ENDED}:
        row.state, row.fetch_at = CallState.ANSWERED, None
        row.answered_by_id = session.scalars(select(User.id).where(User.public_id == answerer)).first()


def note_asked_to_speak(session: Session, now: datetime, call_id: int) -> None:
    """The caller hears the tone: without a recording soon, the call was missed."""
    row = _locked(session, call_id)
    if row.state == CallState.RINGING:
        row.fetch_at = now + _SAID


def note_ended(session: Session, now: datetime, call_id: int) -> None:
    """The call is over; what became of it is known when all that is told of it is in."""
    row = _locked(session, call_id)
    if row.state == CallState.RINGING:
        row.state, row.fetch_at = CallState.ENDED, now + _SETTLED


def note_recording(
    session: Session, now: datetime, settings: Settings, call_id: int, recording: Recording
) -> None:
    """The caller left a voicemail: they are rung back; what others than customers say is kept to be heard."""
    row = _locked(session, call_id)
    if row.state == CallState.RECORDED or not recording.seconds:
        return
    row.state, row.recording_seconds = CallState.RECORDED, recording.seconds
    row.recording_url, row.detail = recording.url, recording.detail
    row.fetch_at = now if recording.url else None
    put_down(session, now, settings, row, row.came_at)
    if not recording.url:
        note_lost(session, now, settings, row)


def note_missed(session: Session, now: datetime, settings: Settings, call_id: int) -> None:
    """Nothing more was heard of the call in time: a customer is rung back."""
    row = _locked(session, call_id)
    if row.state in {CallState.RINGING, CallState.ENDED} and row.fetch_at and row.fetch_at <= now:
        row.state, row.fetch_at = CallState.MISSED, None
        put_down(session, now, settings, row, row.came_at)


def claim(session: Session, now: datetime, call_id: int) -> tuple[str, int] | None:
    """Where the recording is, how often it was tried for; None when it is not due, or another worker's."""
    row = _locked(session, call_id)
    if not row.recording_url or row.fetch_at is None or row.fetch_at > now:
        return None
    row.fetch_at = now + _CLAIMED
    return row.recording_url, row.attempts


def note_fetched(session: Session, call_id: int, file: NewFile) -> None:
    """The recording is here: with its message, or by itself as long as nobody knows the caller."""
    row = _locked(session, call_id)
    if not row.recording_url:
        return
    row.recording_url, row.fetch_at, row.detail = "", None, ""
    if row.conversation_id is not None:
        attach(session, row, file)
    elif session.get(PhoneRecording, row.id) is None:
        kept = PhoneRecording(
            call_id=row.id, name=file.name, media_type=file.media_type, content=file.content
        )
        session.add(kept)
        session.flush()


def note_not_fetched(
    session: Session, now: datetime, settings: Settings, call_id: int, why: str, again_at: datetime | None
) -> None:
    """The recording could not be had; without a time to try again it is given up, and our people are told."""
    row = _locked(session, call_id)
    if not row.recording_url:
        return
    row.attempts, row.fetch_at, row.detail = row.attempts + 1, again_at, why[:300]
    if again_at is None:
        note_lost(session, now, settings, row)


def assign(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str, email: str
) -> PhoneCallValue:
    """The call of an unknown caller was this contact's: what they left, and their callback, moves to them.

    Who said nothing is rung all the same, promised from now on. Raises NotFound, CallKnown, and NoSuchContact
    when it is nobody's address whom this person may see.
    """
    row = _locked(session, queries.find(session, now, settings, user, public_id).id)
    if row.company_id is not None:
        raise CallKnown(public_id)
    contact_id = _contact_seen(session, now, settings, user, email)
    contact = contact_profile(session, contact_id)
    row.contact_id, row.company_id = contact_id, contact.company_id
    session.flush()
    put_down(session, now, settings, row, now)
    kept = session.get(PhoneRecording, row.id)
    if kept is not None and row.conversation_id is not None:
        attach(session, row, NewFile(kept.name, kept.media_type, kept.content))
        session.delete(kept)
    record(session, now, user, "assigned a phone call", "phone_call", public_id, contact=contact.public_id)
    return queries.call(session, row.id)


def _locked(session: Session, call_id: int) -> PhoneCall:
    return session.get_one(PhoneCall, call_id, populate_existing=True, with_for_update=True)


def _contact_seen(session: Session, now: datetime, settings: Settings, user: SignedIn, email: str) -> int:
    found = accounts.by_email(session, email)
    if found is not None:
        wanted = select(Contact.user_id).where(Contact.user_id == found.id)
        if user.role != ADMINISTRATOR:
            today = local(now, settings.service_time_zone).date()
            wanted = wanted.where(served_by(session, user.id, today, Contact.company_id))
        for contact_id in session.scalars(wanted):
            return contact_id
    raise NoSuchContact(email)
