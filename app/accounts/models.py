"""Users, their sessions and sign-in links, API tokens, and the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.lib.db import Base
from app.lib.tokens import new_public_id


class User(Base):
    """A person: contact, specialist, senior or administrator (``role``).

    Of one whose personal data were erased (``erased_at``) the row stays, without name and address.
    """

    __tablename__ = "user"
    __table_args__ = (Index("ix_user_role_name", "role", "name", "id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8), default="en")
    time_zone: Mapped[str] = mapped_column(String(64))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class SignInLink(Base):
    """A link that was asked for; the row exists for unknown addresses too, so that both look the same."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    wrong_codes: Mapped[int] = mapped_column(default=0)
    client_address: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in browser; the cookie holds the token, this row its hash.

    ``method`` is how its owner proved who they are (``link``, ``link+totp``, ``password+passkey``, ``oidc``
    …), ``proven_at`` when they last did so; ``challenge`` is what a passkey is being asked to sign. One that
    ended (``ended_at``) opens nothing and is kept a while for its owner to see.
    """

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    method: Mapped[str] = mapped_column(String(40), default="link", server_default="link")
    user_agent: Mapped[str] = mapped_column(String(200), default="", server_default="")
    client_address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    created_at: Mapped[datetime]
    proven_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    challenge: Mapped[str] = mapped_column(String(100), default="", server_default="")
    user: Mapped[User] = relationship()


class ApiToken(Base):
    """A bearer token for the API, kept as a hash; ``scopes`` (app/accounts/rights.py) by commas."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    scopes: Mapped[str] = mapped_column(
        String(60), default="read,book,admin", server_default="read,book,admin"
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class AuditEntry(Base):
    """One fact in the append-only log: who did what to which object, when, from where, and how it ended.

    The database itself refuses to change a fact; see the migration that made it so.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_object", "object_type", "object_id"),
        Index("ix_audit_entry_actor_id", "actor_id"),
        Index("ix_audit_entry_actor", "actor"),
        Index("ix_audit_entry_verb", "verb"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(254))
    verb: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(64))
    client_address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ServiceSetting(Base):
    """A setting that an administrator changed on a page; those of the environment stand below it."""

    __tablename__ = "service_setting"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
