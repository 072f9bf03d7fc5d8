"""Who stands in: time off, stand-ins, hand-overs, calls that are kept, own holidays."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = (
    "kept_call",
    "hand_over_call",
    "time_off",
    "hand_over",
    "own_holiday",
    "import_file",
)
_NEW_COLUMNS = {
    "specialist": ("stand_in_id", "region"),
    "company": ("note",),
    "booking": ("successor_id",),
}


def upgrade() -> None:
    _create_import_file()
    _create_own_holiday()
    _create_hand_over()
    _create_time_off()
    _create_kept_call()
    _create_hand_over_call()
    _extend_company()
    _extend_specialist()
    _extend_booking()
    _index_time_off()


def _index_time_off() -> None:
    is_time_off = sa.text("kind = 'time_off'")
    op.create_index(
        "ix_calendar_span_time_off",
        "calendar_span",
        ["person_id"],
        sqlite_where=is_time_off,
        postgresql_where=is_time_off,
    )


def downgrade() -> None:
    op.drop_index("ix_calendar_span_time_off", "calendar_span")
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_index("ix_user_role_name")
    for table, columns in _NEW_COLUMNS.items():
        with op.batch_alter_table(table) as batch_op:
            for column in {"stand_in_id", "successor_id"} & set(columns):
                batch_op.drop_constraint(f"fk_{table}_{column}", type_="foreignkey")
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


def _create_import_file() -> None:
    op.create_table(
        "import_file",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("kind", sa.String(length=12)),
        _filled("content", sa.LargeBinary()),
        _moment("sent_at"),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        _key("sent_by_id", "user.id", "fk_import_file_sent_by_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_import_file"),
        sa.UniqueConstraint("public_id", name="uq_import_file_public_id"),
    )
    with op.batch_alter_table("user") as batch_op:
        batch_op.create_index("ix_user_role_name", ["role", "name", "id", "email"], unique=False)


def _create_own_holiday() -> None:
    op.create_table(
        "own_holiday",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("day", sa.Date()),
        _filled("country", sa.String(length=2)),
        _filled("region", sa.String(length=10)),
        _filled("names", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_own_holiday"),
        sa.UniqueConstraint("public_id", name="uq_own_holiday_public_id"),
    )
    with op.batch_alter_table("own_holiday") as batch_op:
        batch_op.create_index("uq_own_holiday_day", ["day", "country", "region"], unique=True)


def _create_hand_over() -> None:
    op.create_table(
        "hand_over",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("company_id", sa.Integer()),
        sa.Column("from_id", sa.Integer(), nullable=True),
        _filled("to_id", sa.Integer()),
        _filled("starts_on", sa.Date()),
        _filled("note", sa.Text()),
        _filled("leaving_note", sa.Text()),
        _filled("ended_reason", sa.String(length=500)),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        _moment("planned_at"),
        _moment("confirmed_at", nullable=True),
        _moment("told_at", nullable=True),
        _moment("moved_at", nullable=True),
        _moment("called_off_at", nullable=True),
        _key("company_id", "company.id", "fk_hand_over_company_id"),
        _key("from_id", "specialist.user_id", "fk_hand_over_from_id"),
        _key("planned_by_id", "user.id", "fk_hand_over_planned_by_id", ondelete="SET NULL"),
        _key("to_id", "specialist.user_id", "fk_hand_over_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over"),
        sa.UniqueConstraint("public_id", name="uq_hand_over_public_id"),
    )
    with op.batch_alter_table("hand_over") as batch_op:
        batch_op.create_index("ix_hand_over_company_id", ["company_id"], unique=False)
        batch_op.create_index("ix_hand_over_from_id", ["from_id"], unique=False)
        batch_op.create_index("ix_hand_over_to_id", ["to_id"], unique=False)


def _create_time_off() -> None:
    op.create_table(
        "time_off",
        _filled("id", sa.Integer()),
        _filled("public_id", sa.String(length=32)),
        _filled("specialist_id", sa.Integer()),
        _filled("uid", sa.String(length=500)),
        _filled("first_day", sa.Date()),
        _filled("last_day", sa.Date()),
        sa.Column("stand_in_id", sa.Integer(), nullable=True),
        _moment("noticed_at"),
        _moment("alarmed_at", nullable=True),
        _filled("alarmed_days", sa.Text(), ""),
        _key("specialist_id", "specialist.user_id", "fk_time_off_specialist_id", ondelete="CASCADE"),
        _key("stand_in_id", "specialist.user_id", "fk_time_off_stand_in_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_time_off"),
        sa.UniqueConstraint("public_id", name="uq_time_off_public_id"),
    )
    with op.batch_alter_table("time_off") as batch_op:
        batch_op.create_index("ix_time_off_days", ["specialist_id", "last_day"], unique=False)
        batch_op.create_index("uq_time_off_event_day", ["specialist_id", "uid", "first_day"], unique=True)


def _create_kept_call() -> None:
    op.create_table(
        "kept_call",
        _filled("booking_id", sa.Integer()),
        _filled("uid", sa.String(length=500)),
        _moment("decided_at"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        _key("booking_id", "booking.id", "fk_kept_call_booking_id", ondelete="CASCADE"),
        _key("decided_by_id", "user.id", "fk_kept_call_decided_by_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("booking_id", "uid", name="pk_kept_call"),
    )


def _create_hand_over_call() -> None:
    op.create_table(
        "hand_over_call",
        _filled("hand_over_id", sa.Integer()),
        _filled("booking_id", sa.Integer()),
        _filled("state", sa.String(length=10)),
        _filled("reason", sa.String(length=40)),
        _key("booking_id", "booking.id", "fk_hand_over_call_booking_id", ondelete="CASCADE"),
        _key("hand_over_id", "hand_over.id", "fk_hand_over_call_hand_over_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hand_over_id", "booking_id", name="pk_hand_over_call"),
    )
    with op.batch_alter_table("hand_over_call") as batch_op:
        batch_op.create_index("ix_hand_over_call_booking_id", ["booking_id"], unique=False)


def _extend_company() -> None:
    with op.batch_alter_table("company") as batch_op:
        batch_op.add_column(_filled("note", sa.Text(), ""))


def _extend_specialist() -> None:
    with op.batch_alter_table("specialist") as batch_op:
        batch_op.add_column(_filled("region", sa.String(length=10), ""))
        batch_op.add_column(sa.Column("stand_in_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            "fk_specialist_stand_in_id", "specialist", ["stand_in_id"], ["user_id"], ondelete="SET NULL"
        )


def _extend_booking() -> None:
    with op.batch_alter_table("booking") as batch_op:
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_booking_successor_id", "user", ["successor_id"], ["id"])
