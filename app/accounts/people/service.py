"""Making, changing and disabling accounts, whoever they belong to; what a role has besides is its owner's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.accounts.auditing.changes import differences
from app.accounts.models import SignInLink, User
from app.accounts.people.errors import AddressTaken, LastAdministrator, OwnAccount
from app.accounts.people.letter import address_changed
from app.accounts.people.queries import latest_facts
from app.accounts.proofs.service_setting import end_steps_of
from app.accounts.service import end_sessions_of, record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.config import Settings
from app.lib.db import unique
from app.lib.tokens import new_public_id
from app.mail.service import post

__all__ = ["add_user", "change_user", "keep_an_administrator", "latest_facts", "shut_out", "switch_user"]

COLUMNS = frozenset({"name", "email", "role", "language", "time_zone"})


def add_user(session: Session, now: datetime, role: str, values: Mapping[str, Any]) -> User:
    """A new account with these columns; raises AddressTaken."""
    _check_address(session, values["email"], None)
    known = {name: value for name, value in values.items() if name in COLUMNS}
    row = User(**{**known, "role": role}, public_id=new_public_id(), is_active=True, created_at=now)
    with unique("user", "email", AddressTaken(values["email"])):
        session.add(row)
        session.flush()
    return row


def change_user(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, row: User, values: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Give an account these columns; what changed, as ``[before, after]``.

    With the address go the sign-in links that were mailed to it and what they began, and it is told; with the
    role goes all that was begun. Raises AddressTaken, OwnAccount (one's own role), LastAdministrator.
    """
    wanted = {name: value for name, value in values.items() if name in COLUMNS}
    changed = differences({name: getattr(row, name) for name in wanted}, wanted)
    if "email" in changed:
        _check_address(session, values["email"], row.id)
        _leave_address(session, now, settings, row)
    if "role" in changed:
        if row.id == actor.id:
            raise OwnAccount(f"{actor.email} is their own role")
        keep_an_administrator(session, row)
        shut_out(session, now, row)
    with unique("user", "email", AddressTaken(values.get("email", row.email))):
        for name, (_before, after) in changed.items():
            setattr(row, name, after)
        session.flush()
    return changed


def switch_user(session: Session, now: datetime, actor: SignedIn, row: User, *, is_active: bool) -> None:
    """Disable an account, whose sessions, links and steps end at once, or enable it again.

    Raises OwnAccount and LastAdministrator.
    """
    if row.is_active == is_active:
        return
    if not is_active:
        if row.id == actor.id:
            raise OwnAccount(f"{actor.email} is their own account")
        keep_an_administrator(session, row)
        shut_out(session, now, row)
    row.is_active = is_active
    record(session, now, actor, "enabled" if is_active else "disabled", "user", row.id)
    session.flush()


def shut_out(session: Session, now: datetime, row: User) -> None:
    """End what this person began: sessions, first proofs, links that were asked for or made."""
    end_sessions_of(session, now, row.id)
    _end_links(session, now, row)


def keep_an_administrator(session: Session, row: User) -> None:
    """Raises LastAdministrator when nobody else could administer the service."""
    if row.role != ADMINISTRATOR or not row.is_active:
        return
    # Of several that are taken away at once, each waits for the others.
    all_of_them = select(User.id).where(User.role == ADMINISTRATOR, User.is_active).order_by(User.id)
    if set(session.scalars(all_of_them.with_for_update(key_share=True))) <= {row.id}:
        raise LastAdministrator(row.email)


def _check_address(session: Session, email: str, user_id: int | None) -> None:
    owner = session.scalars(select(User.id).where(User.email == email)).first()
    if owner is not None and owner != user_id:
        raise AddressTaken(email)


def _leave_address(session: Session, now: datetime, settings: Settings, row: User) -> None:
    _end_links(session, now, row)
    key = f"user:{row.id}:address:{now.timestamp()}"
    draft = address_changed(settings, row.email, row.name, row.language)
    post(session, now, key, f"user:{row.id}", draft)


def _end_links(session: Session, now: datetime, row: User) -> None:
    """With what they began; those that were asked for and not mailed yet belong to nobody but the address."""
    end_steps_of(session, now, row.id)
    theirs = or_(SignInLink.user_id == row.id, SignInLink.email == row.email)
    session.execute(
        update(SignInLink).where(theirs, SignInLink.expires_at > now).values(expires_at=now, used_at=now)
    )
