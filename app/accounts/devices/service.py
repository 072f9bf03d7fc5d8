"""Which browsers somebody signed in from before, and telling them of one that is new."""

from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.devices.letter import new_device
from app.accounts.links import Client
from app.accounts.models import UserSession
from app.accounts.models_proofs import KnownDevice
from app.accounts.values import SignedIn
from app.config import Settings
from app.lib.text import scrubbed
from app.lib.tokens import new_token, token_hash
from app.mail.service import post

DEVICE_LIFETIME = timedelta(days=365)


def know(session: Session, now: datetime, settings: Settings, owner: SignedIn, client: Client) -> str:
    """Know the browser that somebody signs in from; the token of its cookie, for a year from now on.

    Of one that is new they are told by mail, unless it is their first sign-in ever. Called before the
    session begins and the one of before ends.
    """
    agent = scrubbed(client.user_agent, 200)
    for known in client.devices:
        theirs = (KnownDevice.user_id == owner.id, KnownDevice.token_hash == token_hash(known))
        living = update(KnownDevice).where(*theirs, KnownDevice.last_seen_at > now - DEVICE_LIFETIME)
        if accounts.changed(session, living.values(last_seen_at=now, user_agent=agent)):
            return known
    if _signed_in_before(session, owner) and not _is_theirs(session, owner, client):
        draft = new_device(settings, now, owner, client)
        post(session, now, f"user:{owner.id}:device:{now.timestamp()}", f"user:{owner.id}", draft)
        accounts.record(session, now, owner, "signed in from a new browser", "user", owner.id, client.address)
    # A token that somebody else may have planted is not adopted.
    token = new_token()
    device = KnownDevice(user_id=owner.id, token_hash=token_hash(token), user_agent=agent)
    device.first_seen_at = device.last_seen_at = now
    session.add(device)
    return token


def _signed_in_before(session: Session, owner: SignedIn) -> bool:
    """From anywhere, as far as that is still known."""
    once = or_(
        exists().where(UserSession.user_id == owner.id), exists().where(KnownDevice.user_id == owner.id)
    )
    return bool(session.scalar(select(once)))


def _is_theirs(session: Session, owner: SignedIn, client: Client) -> bool:
    """Whether they are signed in there already."""
    living = (UserSession.token_hash == token_hash(client.session), UserSession.ended_at.is_(None))
    return bool(session.scalar(select(exists().where(UserSession.user_id == owner.id, *living))))
