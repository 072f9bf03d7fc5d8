"""Calendar accounts, the replica, and edits of working hours."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_calendar_account()
    _create_calendar()
    _create_calendar_object()
    _create_calendar_span()
    _create_hours_edit()
    _create_calendar_picture()


def downgrade() -> None:
    op.drop_table("calendar_picture")
    op.drop_table("hours_edit")
    op.drop_table("calendar_span")
    op.drop_table("calendar_object")
    op.drop_table("calendar")
    op.drop_table("calendar_account")


def _create_calendar_account() -> None:
    op.create_table(
        "calendar_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("username", sa.String(length=254), nullable=False),
        sa.Column("sealed_password", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_detail", sa.String(length=500), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_sync_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name="fk_calendar_account_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_account"),
        sa.UniqueConstraint("person_id", name="uq_calendar_account_person_id"),
    )
    with op.batch_alter_table("calendar_account", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_account_next_sync_at", ["next_sync_at"], unique=False)


def _create_calendar() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("href", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("receives_bookings", sa.Boolean(), nullable=False),
        sa.Column("sync_token", sa.String(length=1000), nullable=True),
        sa.Column("ctag", sa.String(length=1000), nullable=True),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expanded_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expanded_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["calendar_account.id"], name="fk_calendar_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar"),
        sa.UniqueConstraint("account_id", "href", name="uq_calendar_account_id_href"),
    )


def _create_calendar_object() -> None:
    op.create_table(
        "calendar_object",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("href", sa.String(length=500), nullable=False),
        sa.Column("etag", sa.String(length=500), nullable=False),
        sa.Column("uid", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name="fk_calendar_object_calendar_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_object"),
        sa.UniqueConstraint("calendar_id", "href", name="uq_calendar_object_calendar_id_href"),
    )
    with op.batch_alter_table("calendar_object", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_object_uid", ["uid"], unique=False)


def _create_calendar_span() -> None:
    op.create_table(
        "calendar_span",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("uid", sa.String(length=500), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["object_id"], ["calendar_object.id"], name="fk_calendar_span_object_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name="fk_calendar_span_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_span"),
    )
    with op.batch_alter_table("calendar_span", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_span_object_id", ["object_id"], unique=False)
        batch_op.create_index(
            "ix_calendar_span_person_end", ["person_id", "ends_at", "starts_at"], unique=False
        )
        batch_op.create_index("ix_calendar_span_own", ["person_id", "is_own", "ends_at"], unique=False)


def _create_hours_edit() -> None:
    op.create_table(
        "hours_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name="fk_hours_edit_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hours_edit"),
        sa.UniqueConstraint("public_id", name="uq_hours_edit_public_id"),
    )
    with op.batch_alter_table("hours_edit", schema=None) as batch_op:
        batch_op.create_index("ix_hours_edit_person_id", ["person_id"], unique=False)


def _create_calendar_picture() -> None:
    op.create_table(
        "calendar_picture",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("busy", sa.LargeBinary(), nullable=False),
        sa.Column("working", sa.LargeBinary(), nullable=False),
        sa.Column("time_off", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name="fk_calendar_picture_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_calendar_picture"),
    )
