"""The desk: callbacks, level 2, phone calls, mail of unknown senders."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = (
    "callback",
    "callback_attempt",
    "escalation",
    "escalation_ask",
    "on_call_week",
    "phone_call",
    "phone_recording",
    "quarantined_mail",
)


def upgrade() -> None:
    _create_callback()
    _create_callback_attempt()
    _create_escalation()
    _create_escalation_ask()
    _create_on_call_week()
    _create_phone_call()
    _create_phone_recording()
    _create_quarantined_mail()


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


def _create_callback() -> None:
    op.create_table(
        "callback",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _reference("company_id"),
        _reference("contact_id"),
        _reference("conversation_id"),
        _filled("number", sa.String(length=20)),
        _filled("topic", sa.String(length=500)),
        _moment("wished_at", nullable=True),
        _filled("source", sa.String(length=10)),
        _moment("asked_at"),
        _moment("due_at"),
        _filled("state", sa.String(length=12)),
        _reference("taken_by_id"),
        _moment("taken_at", nullable=True),
        _moment("closed_at", nullable=True),
        _reference("booking_id"),
        _filled("key", sa.String(length=100)),
        _key("callback", "company_id", "company"),
        _key("callback", "contact_id", "user", ondelete="SET NULL"),
        _key("callback", "conversation_id", "conversation", ondelete="SET NULL"),
        _key("callback", "taken_by_id", "user", ondelete="SET NULL"),
        _key("callback", "booking_id", "booking", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_callback"),
        sa.UniqueConstraint("key", name="uq_callback_key"),
        sa.UniqueConstraint("public_id", name="uq_callback_public_id"),
    )
    op.create_index("ix_callback_company_id", "callback", ["company_id"])
    op.create_index("ix_callback_contact_id", "callback", ["contact_id"])
    op.create_index("ix_callback_conversation_id", "callback", ["conversation_id"])
    op.create_index("ix_callback_open", "callback", ["state", "due_at"])


def _create_callback_attempt() -> None:
    op.create_table(
        "callback_attempt",
        _filled("id", sa.Integer()),
        _filled("callback_id", sa.Integer()),
        _reference("by_id"),
        _moment("made_at"),
        _filled("outcome", sa.String(length=12)),
        _filled("note", sa.Text()),
        _key("callback_attempt", "callback_id", "callback", ondelete="CASCADE"),
        _key("callback_attempt", "by_id", "user", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_callback_attempt"),
    )
    op.create_index("ix_callback_attempt_callback_id", "callback_attempt", ["callback_id"])


def _create_escalation() -> None:
    op.create_table(
        "escalation",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("conversation_id", sa.Integer()),
        _filled("cause", sa.String(length=10)),
        _reference("asked_by_id"),
        _filled("note", sa.Text()),
        _moment("asked_at"),
        _reference("taken_by_id"),
        _moment("taken_at", nullable=True),
        _moment("ended_at", nullable=True),
        _moment("next_ask_at", nullable=True),
        _key("escalation", "conversation_id", "conversation", ondelete="CASCADE"),
        _key("escalation", "asked_by_id", "user", ondelete="SET NULL"),
        _key("escalation", "taken_by_id", "user", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
        sa.UniqueConstraint("public_id", name="uq_escalation_public_id"),
    )
    op.create_index("ix_escalation_conversation_id", "escalation", ["conversation_id"])
    op.create_index("ix_escalation_next_ask_at", "escalation", ["next_ask_at"])
    op.create_index("ix_escalation_taken_by_id", "escalation", ["taken_by_id"])


def _create_escalation_ask() -> None:
    op.create_table(
        "escalation_ask",
        sa.Column("escalation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("senior_id", sa.Integer(), autoincrement=False, nullable=False),
        _moment("asked_at"),
        _moment("declined_at", nullable=True),
        _key("escalation_ask", "escalation_id", "escalation", ondelete="CASCADE"),
        _key("escalation_ask", "senior_id", "user", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("escalation_id", "senior_id", name="pk_escalation_ask"),
    )
    op.create_index("ix_escalation_ask_senior_id", "escalation_ask", ["senior_id"])


def _create_on_call_week() -> None:
    op.create_table(
        "on_call_week",
        _filled("monday", sa.Date()),
        _filled("senior_id", sa.Integer()),
        _key("on_call_week", "senior_id", "user", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("monday", name="pk_on_call_week"),
    )
    op.create_index("ix_on_call_week_senior_id", "on_call_week", ["senior_id"])


def _create_phone_call() -> None:
    op.create_table(
        "phone_call",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("provider_id", sa.String(length=100)),
        _filled("number", sa.String(length=20)),
        _reference("contact_id"),
        _reference("company_id"),
        _reference("conversation_id"),
        _reference("callback_id"),
        _moment("came_at"),
        _filled("state", sa.String(length=10)),
        _reference("answered_by_id"),
        _filled("recording_url", sa.String(length=500)),
        _filled("recording_seconds", sa.Integer()),
        _moment("fetch_at", nullable=True),
        _filled("attempts", sa.Integer()),
        _filled("detail", sa.String(length=300)),
        _key("phone_call", "contact_id", "user", ondelete="SET NULL"),
        _key("phone_call", "company_id", "company"),
        _key("phone_call", "conversation_id", "conversation", ondelete="SET NULL"),
        _key("phone_call", "callback_id", "callback", ondelete="SET NULL"),
        _key("phone_call", "answered_by_id", "user", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_phone_call"),
        sa.UniqueConstraint("provider_id", name="uq_phone_call_provider_id"),
        sa.UniqueConstraint("public_id", name="uq_phone_call_public_id"),
    )
    op.create_index("ix_phone_call_came_at", "phone_call", ["came_at"])
    op.create_index("ix_phone_call_company_id", "phone_call", ["company_id"])
    op.create_index("ix_phone_call_contact_id", "phone_call", ["contact_id"])
    op.create_index("ix_phone_call_conversation_id", "phone_call", ["conversation_id"])
    op.create_index("ix_phone_call_fetch_at", "phone_call", ["fetch_at"])


def _create_phone_recording() -> None:
    op.create_table(
        "phone_recording",
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        _filled("name", sa.String(length=200)),
        _filled("media_type", sa.String(length=100)),
        _filled("content", sa.LargeBinary()),
        _key("phone_recording", "call_id", "phone_call", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", name="pk_phone_recording"),
    )


def _create_quarantined_mail() -> None:
    op.create_table(
        "quarantined_mail",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("identity", sa.String(length=64)),
        _filled("sender", sa.String(length=254)),
        _filled("subject", sa.String(length=200)),
        _filled("excerpt", sa.Text()),
        _filled("reason", sa.String(length=20)),
        _filled("content", sa.LargeBinary()),
        _moment("received_at"),
        _filled("decision", sa.String(length=10)),
        _moment("decided_at", nullable=True),
        _reference("decided_by_id"),
        _key("quarantined_mail", "decided_by_id", "user", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_quarantined_mail"),
        sa.UniqueConstraint("identity", name="uq_quarantined_mail_identity"),
        sa.UniqueConstraint("public_id", name="uq_quarantined_mail_public_id"),
    )
    op.create_index("ix_quarantined_mail_decision", "quarantined_mail", ["decision", "received_at"])
