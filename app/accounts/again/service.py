"""Proving once more who one is, in the session that one has."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import UserSession
from app.accounts.proofs import service as proofs
from app.accounts.proofs.service import CheckedPassword
from app.accounts.proofs.values import PASSWORD
from app.accounts.values import SignedIn, Visit
from app.config import Settings
from app.lib.tokens import new_token, token_hash


def prove_by_code(session: Session, now: datetime, settings: Settings, visit: Visit, code: str) -> str:
    """By a code of the authenticator or a recovery code: the session's new token, empty for a wrong one."""
    method = proofs.prove(session, now, settings, visit.user, code)
    return renew(session, now, visit, method) if method else ""


def prove_by_password(
    session: Session, now: datetime, settings: Settings, visit: Visit, checked: CheckedPassword
) -> str:
    """By the password: the session's new token, empty for a wrong one."""
    owner = proofs.take_password(session, now, settings, checked)
    return renew(session, now, visit, PASSWORD) if _is_same(owner, visit) else ""


def renew(session: Session, now: datetime, visit: Visit, method: str) -> str:
    """Give a session a new token because its owner proved who they are; the old one is dead.

    Empty when the session has ended meanwhile.
    """
    token = new_token()
    living = (UserSession.id == visit.id, UserSession.ended_at.is_(None))
    proven = update(UserSession).where(*living).values(token_hash=token_hash(token), proven_at=now)
    if not accounts.changed(session, proven):
        return ""
    accounts.record(
        session, now, visit.user, "proved again who they are", "user", visit.user.id, method=method
    )
    return token


def _is_same(owner: SignedIn | None, visit: Visit) -> bool:
    return owner is not None and owner.id == visit.user.id
