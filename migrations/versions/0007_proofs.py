"""What staff prove themselves with, what tokens may, where from, limits, settings of pages."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OLD_TOKENS_LIVE = timedelta(days=90)
_TABLES = (
    "totp",
    "sign_in_step",
    "service_setting",
    "recovery_code",
    "password",
    "passkey",
    "known_device",
    "external_identity",
    "openid_provider",
    "rate_count",
)
_NEW_COLUMNS = {
    "user_session": (
        "challenge",
        "ended_at",
        "proven_at",
        "client_address",
        "user_agent",
        "method",
        "public_id",
    ),
    "audit_entry": ("client_address",),
    "api_token": ("last_used_at", "expires_at", "scopes", "name", "public_id"),
}


def upgrade() -> None:
    _create_rate_count()
    _create_external_identity()
    _create_openid_provider()
    _create_known_device()
    _create_passkey()
    _create_password()
    _create_recovery_code()
    _create_service_setting()
    _create_sign_in_step()
    _create_totp()
    _extend_api_token()
    _extend_audit_entry()
    _extend_user_session()


def downgrade() -> None:
    for table, columns in _NEW_COLUMNS.items():
        with op.batch_alter_table(table) as batch_op:
            if "public_id" in columns:
                batch_op.drop_constraint(f"uq_{table}_public_id", type_="unique")
            for column in columns:
                batch_op.drop_column(column)
    for table in _TABLES:
        op.drop_table(table)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _filled(name: str, kind: Any, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default=default)


def _key(column: str, target: str, name: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def _create_rate_count() -> None:
    op.create_table(
        "rate_count",
        _filled("key", sa.String(length=300)),
        _filled("count", sa.BigInteger()),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("key", name="pk_rate_count"),
    )
    with op.batch_alter_table("rate_count") as batch_op:
        batch_op.create_index("ix_rate_count_expires_at", ["expires_at"], unique=False)


def _create_external_identity() -> None:
    op.create_table(
        "external_identity",
        _filled("id", sa.Integer()),
        _filled("user_id", sa.Integer()),
        _filled("issuer", sa.String(length=500)),
        _filled("subject", sa.String(length=255)),
        _moment("created_at"),
        _moment("last_used_at"),
        _key("user_id", "user.id", "fk_external_identity_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_external_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_external_identity_issuer_subject"),
    )
    with op.batch_alter_table("external_identity") as batch_op:
        batch_op.create_index("ix_external_identity_user_id", ["user_id"], unique=False)


def _create_openid_provider() -> None:
    op.create_table(
        "openid_provider",
        _filled("discovery_url", sa.String(length=500)),
        _filled("document", sa.JSON()),
        _filled("keys", sa.JSON()),
        _moment("read_at"),
        sa.PrimaryKeyConstraint("discovery_url", name="pk_openid_provider"),
    )


def _create_known_device() -> None:
    op.create_table(
        "known_device",
        _filled("id", sa.Integer()),
        _filled("user_id", sa.Integer()),
        _filled("token_hash", sa.String(length=64)),
        _filled("user_agent", sa.String(length=200)),
        _moment("first_seen_at"),
        _moment("last_seen_at"),
        _key("user_id", "user.id", "fk_known_device_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_known_device"),
        sa.UniqueConstraint("user_id", "token_hash", name="uq_known_device_user_id_token_hash"),
    )


def _create_passkey() -> None:
    op.create_table(
        "passkey",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("user_id", sa.Integer()),
        _filled("credential_id", sa.String(length=1400)),
        _filled("public_key", sa.LargeBinary()),
        _filled("sign_count", sa.BigInteger()),
        _filled("transports", sa.JSON()),
        _filled("name", sa.String(length=200)),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
        _key("user_id", "user.id", "fk_passkey_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
        sa.UniqueConstraint("public_id", name="uq_passkey_public_id"),
    )
    with op.batch_alter_table("passkey") as batch_op:
        batch_op.create_index("ix_passkey_user_id", ["user_id"], unique=False)


def _create_password() -> None:
    op.create_table(
        "password",
        _filled("user_id", sa.Integer()),
        _filled("hash", sa.String(length=200)),
        _moment("changed_at"),
        _key("user_id", "user.id", "fk_password_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name="pk_password"),
    )


def _create_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        _filled("id", sa.Integer()),
        _filled("user_id", sa.Integer()),
        _filled("code_hash", sa.String(length=64)),
        _moment("created_at"),
        _moment("used_at", nullable=True),
        _key("user_id", "user.id", "fk_recovery_code_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_code_code_hash"),
    )
    with op.batch_alter_table("recovery_code") as batch_op:
        batch_op.create_index("ix_recovery_code_user_id", ["user_id"], unique=False)


def _create_service_setting() -> None:
    op.create_table(
        "service_setting",
        _filled("key", sa.String(length=60)),
        _filled("value", sa.JSON()),
        _moment("changed_at"),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        _key("changed_by_id", "user.id", "fk_service_setting_changed_by_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("key", name="pk_service_setting"),
    )


def _create_sign_in_step() -> None:
    op.create_table(
        "sign_in_step",
        _filled("id", sa.Integer()),
        _filled("token_hash", sa.String(length=64)),
        _filled("user_id", sa.Integer()),
        _filled("method", sa.String(length=20)),
        _filled("onward", sa.String(length=500)),
        _filled("challenge", sa.String(length=100)),
        _filled("wrong_tries", sa.Integer()),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        _key("user_id", "user.id", "fk_sign_in_step_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_step"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_step_token_hash"),
    )
    with op.batch_alter_table("sign_in_step") as batch_op:
        batch_op.create_index("ix_sign_in_step_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_sign_in_step_user_id", ["user_id"], unique=False)


def _create_totp() -> None:
    op.create_table(
        "totp",
        _filled("user_id", sa.Integer()),
        _filled("sealed_seed", sa.Text()),
        _moment("created_at"),
        _moment("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        _key("user_id", "user.id", "fk_totp_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name="pk_totp"),
    )


def _extend_api_token() -> None:
    with op.batch_alter_table("api_token") as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(length=32), nullable=True))
        batch_op.add_column(_filled("name", sa.String(length=200), ""))
        batch_op.add_column(_filled("scopes", sa.String(length=60), "read,book,admin"))
        batch_op.add_column(_moment("expires_at", nullable=True))
        batch_op.add_column(_moment("last_used_at", nullable=True))
    connection = op.get_bind()
    # Those of before read and book as they did, and not for ever.
    tokens = sa.table("api_token", sa.column("scopes"), sa.column("expires_at", sa.DateTime(timezone=True)))
    ends_at = datetime.now(UTC) + _OLD_TOKENS_LIVE
    connection.execute(sa.update(tokens).values(scopes="read,book", expires_at=ends_at))
    named = sa.text("UPDATE api_token SET public_id = :public_id WHERE id = :id")
    for number in connection.scalars(sa.text("SELECT id FROM api_token")).all():
        connection.execute(named, {"id": number, "public_id": secrets.token_urlsafe(12)})
    with op.batch_alter_table("api_token") as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_unique_constraint("uq_api_token_public_id", ["public_id"])


def _extend_audit_entry() -> None:
    with op.batch_alter_table("audit_entry") as batch_op:
        batch_op.add_column(_filled("client_address", sa.String(length=64), ""))


def _extend_user_session() -> None:
    # Nobody proved in them what is asked for now: everybody signs in anew.
    op.execute("DELETE FROM user_session")
    with op.batch_alter_table("user_session") as batch_op:
        batch_op.add_column(_filled("public_id", sa.String(length=32)))
        batch_op.add_column(_filled("method", sa.String(length=40), "link"))
        batch_op.add_column(_filled("user_agent", sa.String(length=200), ""))
        batch_op.add_column(_filled("client_address", sa.String(length=64), ""))
        batch_op.add_column(_moment("proven_at"))
        batch_op.add_column(_moment("ended_at", nullable=True))
        batch_op.add_column(_filled("challenge", sa.String(length=100), ""))
        batch_op.create_unique_constraint("uq_user_session_public_id", ["public_id"])
