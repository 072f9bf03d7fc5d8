"""Call types, bookings, holds, and the promise that nobody is taken twice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


# Who reserves asks first, out of kindness; these make it a promise. The name is looked for when a write
# fails (app/availability/service.py).
POSTGRESQL = """
ALTER TABLE reservation ADD CONSTRAINT reservation_no_overlap EXCLUDE USING gist (
  int8range(person_id, person_id, '[]') WITH =,
  tstzrange(starts_at, ends_at) WITH &&
)
"""

SQLITE = """
CREATE TRIGGER reservation_no_overlap_{verb} BEFORE {event} ON reservation
WHEN EXISTS (
  SELECT 1 FROM reservation AS other
  WHERE other.person_id = NEW.person_id AND other.id IS NOT NEW.id
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
)
BEGIN SELECT RAISE(ABORT, 'reservation_no_overlap'); END
"""


def upgrade() -> None:
    _create_call_type()
    _create_booking()
    _create_idempotency_key()
    _create_reservation()
    _create_hold()
    _create_feed_link()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
    else:
        op.execute(SQLITE.format(verb="insert", event="INSERT"))
        op.execute(SQLITE.format(verb="update", event="UPDATE"))


def downgrade() -> None:
    op.drop_table("feed_link")
    op.drop_table("hold")
    op.drop_table("reservation")
    op.drop_table("idempotency_key")
    op.drop_table("booking")
    op.drop_table("call_type")


def _create_call_type() -> None:
    op.create_table(
        "call_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("grid", sa.Integer(), nullable=False),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("daily_cap", sa.Integer(), nullable=False),
        sa.Column("change_notice", sa.Integer(), nullable=False),
        sa.Column("open_cap", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_type"),
        sa.UniqueConstraint("slug", name="uq_call_type_slug"),
    )


def _create_booking() -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("specialist_id", sa.Integer(), nullable=False),
        sa.Column("call_type_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("move_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("move_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("room_url", sa.String(length=500), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("href", sa.String(length=600), nullable=False),
        sa.Column("etag", sa.String(length=500), nullable=False),
        sa.Column("written_sequence", sa.Integer(), nullable=True),
        sa.Column("calendar_trouble", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=False),
        *_booking_rules(),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index("ix_booking_company_start", ["company_id", "starts_at"], unique=False)
        batch_op.create_index("ix_booking_contact_id", ["contact_id"], unique=False)
        batch_op.create_index("ix_booking_specialist_start", ["specialist_id", "starts_at"], unique=False)
        batch_op.create_index("ix_booking_status_start", ["status", "starts_at"], unique=False)


def _booking_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("starts_at < ends_at", name="ck_booking_positive"),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name="fk_booking_calendar_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["call_type_id"], ["call_type.id"], name="fk_booking_call_type_id"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_booking_company_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["user.id"], name="fk_booking_contact_id"),
        sa.ForeignKeyConstraint(["specialist_id"], ["user.id"], name="fk_booking_specialist_id"),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
        sa.UniqueConstraint("public_id", name="uq_booking_public_id"),
        sa.UniqueConstraint("reference", name="uq_booking_reference"),
        sa.UniqueConstraint("uid", name="uq_booking_uid"),
    ]


def _create_idempotency_key() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_idempotency_key_booking_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["user.id"], name="fk_idempotency_key_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_key"),
        sa.UniqueConstraint("contact_id", "key", name="uq_idempotency_key_contact_id_key"),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index("ix_idempotency_key_booking_id", ["booking_id"], unique=False)


def _create_reservation() -> None:
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(kind = 'hold') = (expires_at IS NOT NULL)", name="ck_reservation_hold_expires"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_reservation_positive"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_reservation_booking_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name="fk_reservation_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reservation"),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index("ix_reservation_booking_id", ["booking_id"], unique=False)
        batch_op.create_index(
            "ix_reservation_person_end", ["person_id", "ends_at", "starts_at"], unique=False
        )


def _create_hold() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("specialist_id", sa.Integer(), nullable=False),
        sa.Column("call_type_id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_type_id"], ["call_type.id"], name="fk_hold_call_type_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["user.id"], name="fk_hold_contact_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name="fk_hold_reservation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["specialist_id"], ["user.id"], name="fk_hold_specialist_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
        sa.UniqueConstraint("contact_id", name="uq_hold_contact_id"),
        sa.UniqueConstraint("public_id", name="uq_hold_public_id"),
        sa.UniqueConstraint("reservation_id", name="uq_hold_reservation_id"),
    )


def _create_feed_link() -> None:
    op.create_table(
        "feed_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_feed_link_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_feed_link"),
        sa.UniqueConstraint("public_id", name="uq_feed_link_public_id"),
        sa.UniqueConstraint("token_hash", name="uq_feed_link_token_hash"),
    )
    with op.batch_alter_table("feed_link", schema=None) as batch_op:
        batch_op.create_index("ix_feed_link_user_id", ["user_id"], unique=False)
