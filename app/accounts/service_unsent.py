"""Sign-in links whose mail did not go out."""

from datetime import datetime, timedelta

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import AuditEntry, SignInLink
from app.accounts.queries import is_newest
from app.accounts.service import record, send_soon, waiting_link
from app.accounts.values import SignedIn, UnsentLink

REFUSED = "was not sent a sign-in link"
_LINK = "sign_in_link"
# A mail is on its way for a moment.
_PATIENCE = timedelta(minutes=2)


def note_refused(session: Session, now: datetime, owner: SignedIn, link_id: int, said: str) -> None:
    """Write down that the mail server will not take the mail with this link."""
    record(session, now, owner, REFUSED, _LINK, link_id, said=said[:200])


def unsent_links(session: Session, now: datetime, limit: int) -> list[UnsentLink]:
    """The newest links of people we know whose mail was refused or waits for minutes; one query."""
    said = (
        select(func.max(AuditEntry.id).label("id"), AuditEntry.object_id)
        .where(AuditEntry.object_type == _LINK, AuditEntry.verb == REFUSED)
        .group_by(AuditEntry.object_id)
        .subquery()
    )
    rows = session.execute(
        select(
            SignInLink.id,
            SignInLink.email,
            SignInLink.created_at,
            (SignInLink.expires_at > now) & is_newest(),
            AuditEntry.detail,
        )
        .outerjoin(said, said.c.object_id == cast(SignInLink.id, String))
        # A fact of before is one of another link, whose id this one has (SQLite).
        .outerjoin(AuditEntry, and_(AuditEntry.id == said.c.id, AuditEntry.at >= SignInLink.created_at))
        .where(SignInLink.user_id.is_not(None), SignInLink.mailed_at.is_(None), SignInLink.used_at.is_(None))
        .where(AuditEntry.id.is_not(None) | (SignInLink.created_at < now - _PATIENCE))
        .order_by(SignInLink.id.desc())
        .limit(limit)
    )
    return [
        UnsentLink(id_, email, at, str((detail or {}).get("said", "")), bool(can_go))
        for id_, email, at, can_go, detail in rows
    ]


def send_link_again(session: Session, now: datetime, link_id: int) -> None:
    """Have the mail of a link that still works sent once more. Raises NotFound."""
    if waiting_link(session, now, link_id) is None:
        raise NotFound(f"no sign-in link {link_id} that could be mailed")
    send_soon(session, link_id)
