"""The desk: conversations with their messages and files, requests with their clocks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLES = (
    "conversation",
    "message",
    "message_file",
    "file_content",
    "reading",
    "linked_call",
    "policy_version",
    "request",
    "request_clock",
    "request_pause",
)


def upgrade() -> None:
    _create_conversation()
    _create_message()
    _create_message_file()
    _create_file_content()
    _create_reading()
    _create_linked_call()
    _create_policy_version()
    _create_request()
    _create_request_clock()
    _create_request_pause()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _filled(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _reference(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=True)


def _key(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _create_conversation() -> None:
    op.create_table(
        "conversation",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("company_id", sa.Integer()),
        _reference("contact_id"),
        _filled("subject", sa.String(length=200)),
        _filled("channel", sa.String(length=10)),
        _filled("is_standing", sa.Boolean()),
        _moment("opened_at"),
        _moment("last_at"),
        _filled("last_number", sa.Integer()),
        _key("conversation", "company_id", "company"),
        _key("conversation", "contact_id", "user", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("public_id", name="uq_conversation_public_id"),
    )
    op.create_index("ix_conversation_company", "conversation", ["company_id", "last_at"])
    op.create_index("ix_conversation_contact_id", "conversation", ["contact_id"])
    where = sa.text("is_standing")
    op.create_index(
        "uq_conversation_standing",
        "conversation",
        ["contact_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _create_message() -> None:
    op.create_table(
        "message",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("conversation_id", sa.Integer()),
        _filled("number", sa.Integer()),
        _filled("key", sa.String(length=100)),
        _filled("side", sa.String(length=10)),
        _filled("channel", sa.String(length=10)),
        _reference("author_id"),
        _filled("author_name", sa.String(length=200)),
        _filled("text", sa.Text()),
        _filled("quoted", sa.Text()),
        _filled("html", sa.Text()),
        _filled("is_internal", sa.Boolean()),
        _filled("happening", sa.String(length=20)),
        _filled("facts", sa.JSON()),
        _filled("mail_id", sa.String(length=300)),
        _moment("written_at"),
        _key("message", "conversation_id", "conversation", ondelete="CASCADE"),
        _key("message", "author_id", "user", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("public_id", name="uq_message_public_id"),
    )
    op.create_index("ix_message_author_id", "message", ["author_id"])
    op.create_index("ix_message_mail_id", "message", ["mail_id"])
    op.create_index("uq_message_key", "message", ["conversation_id", "key"], unique=True)
    op.create_index("uq_message_number", "message", ["conversation_id", "number"], unique=True)


def _create_message_file() -> None:
    op.create_table(
        "message_file",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("message_id", sa.Integer()),
        _filled("name", sa.String(length=200)),
        _filled("media_type", sa.String(length=100)),
        _filled("size", sa.Integer()),
        _key("message_file", "message_id", "message", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_message_file"),
        sa.UniqueConstraint("public_id", name="uq_message_file_public_id"),
    )
    op.create_index("ix_message_file_message_id", "message_file", ["message_id"])


def _create_file_content() -> None:
    op.create_table(
        "file_content",
        sa.Column("file_id", sa.Integer(), autoincrement=False, nullable=False),
        _filled("content", sa.LargeBinary()),
        _key("file_content", "file_id", "message_file", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id", name="pk_file_content"),
    )


def _create_reading() -> None:
    op.create_table(
        "reading",
        sa.Column("conversation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        _filled("number", sa.Integer()),
        _key("reading", "conversation_id", "conversation", ondelete="CASCADE"),
        _key("reading", "user_id", "user", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name="pk_reading"),
    )


def _create_linked_call() -> None:
    op.create_table(
        "linked_call",
        sa.Column("conversation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("booking_id", sa.Integer(), autoincrement=False, nullable=False),
        _moment("linked_at"),
        _key("linked_call", "conversation_id", "conversation", ondelete="CASCADE"),
        _key("linked_call", "booking_id", "booking", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "booking_id", name="pk_linked_call"),
    )
    op.create_index("ix_linked_call_booking_id", "linked_call", ["booking_id"])


def _create_policy_version() -> None:
    op.create_table(
        "policy_version",
        _filled("id", sa.Integer()),
        _filled("digest", sa.String(length=64)),
        _filled("content", sa.JSON()),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("id", name="pk_policy_version"),
        sa.UniqueConstraint("digest", name="uq_policy_version_digest"),
    )


def _create_request() -> None:
    op.create_table(
        "request",
        _filled("id", sa.Integer()),
        _filled("conversation_id", sa.Integer()),
        _filled("policy_id", sa.Integer()),
        _filled("severity", sa.Integer()),
        _moment("opened_at"),
        _reference("opened_by_id"),
        _moment("waiting_since", nullable=True),
        _moment("solved_at", nullable=True),
        _moment("news_due_at", nullable=True),
        _moment("runs_out_at", nullable=True),
        _key("request", "conversation_id", "conversation", ondelete="CASCADE"),
        _key("request", "policy_id", "policy_version"),
        _key("request", "opened_by_id", "user", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.UniqueConstraint("conversation_id", name="uq_request_conversation_id"),
    )
    op.create_index("ix_request_news_due_at", "request", ["news_due_at"])
    op.create_index("ix_request_open", "request", ["solved_at", "runs_out_at"])
    op.create_index("ix_request_opened_at", "request", ["opened_at"])


def _create_request_clock() -> None:
    op.create_table(
        "request_clock",
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        _filled("name", sa.String(length=20)),
        _filled("severity", sa.Integer()),
        _moment("due_at"),
        _moment("met_at", nullable=True),
        _moment("warned_share_at", nullable=True),
        _moment("warned_minutes_at", nullable=True),
        _moment("breached_at", nullable=True),
        _moment("tell_at", nullable=True),
        _filled("reason", sa.Text()),
        _reference("reason_by_id"),
        _moment("reason_at", nullable=True),
        _key("request_clock", "request_id", "request", ondelete="CASCADE"),
        _key("request_clock", "reason_by_id", "user", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("request_id", "name", name="pk_request_clock"),
    )
    op.create_index("ix_request_clock_due", "request_clock", ["met_at", "due_at"])
    op.create_index("ix_request_clock_tell_at", "request_clock", ["tell_at"])


def _create_request_pause() -> None:
    op.create_table(
        "request_pause",
        _filled("id", sa.Integer()),
        _filled("request_id", sa.Integer()),
        _moment("since"),
        _moment("until", nullable=True),
        _key("request_pause", "request_id", "request", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_request_pause"),
    )
    op.create_index("ix_request_pause_request_id", "request_pause", ["request_id"])
