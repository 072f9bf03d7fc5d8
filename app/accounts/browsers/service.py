"""Ending one's own sessions."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.errors import NotFound
from app.accounts.models import UserSession
from app.accounts.proofs.service_setting import end_steps_of
from app.accounts.values import SignedIn


def end_one(session: Session, now: datetime, user: SignedIn, public_id: str) -> None:
    """End one of somebody's sessions; one that has ended already stays as it is.

    Raises NotFound for what is not theirs.
    """
    theirs = (UserSession.user_id == user.id, UserSession.public_id == public_id)
    if session.scalar(select(UserSession.id).where(*theirs)) is None:
        raise NotFound("no such session of theirs")
    living = update(UserSession).where(*theirs, UserSession.ended_at.is_(None)).values(ended_at=now)
    if accounts.changed(session, living):
        accounts.record(session, now, user, "ended a session", "session", public_id)


def end_others(session: Session, now: datetime, user: SignedIn, own: str) -> None:
    """End all sessions of somebody but the one of the token ``own``, and sign-ins that are half done."""
    accounts.end_sessions_of(session, now, user.id, own)
    end_steps_of(session, now, user.id)
    accounts.record(session, now, user, "ended all other sessions", "user", user.id)
