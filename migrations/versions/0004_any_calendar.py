"""Several calendar accounts a person, subscriptions, hours from elsewhere, and doubts about bookings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calendar_account") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=12), nullable=False, server_default="caldav"))
        batch_op.add_column(sa.Column("name", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("addresses", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint("uq_calendar_account_person_id", type_="unique")
        batch_op.create_unique_constraint(
            "uq_calendar_account_person_id_url_username", ["person_id", "url", "username"]
        )
    with op.batch_alter_table("calendar") as batch_op:
        batch_op.add_column(
            sa.Column("source", sa.String(length=12), nullable=False, server_default="collection")
        )
        batch_op.add_column(sa.Column("can_write", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("holds_events", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("booking") as batch_op:
        batch_op.add_column(sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    _create_calendar_lookup()


def _create_calendar_lookup() -> None:
    op.create_table(
        "calendar_lookup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("username", sa.String(length=254), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name="fk_calendar_lookup_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["calendar_account.id"],
            name="fk_calendar_lookup_account_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_lookup"),
        sa.UniqueConstraint("public_id", name="uq_calendar_lookup_public_id"),
    )
    with op.batch_alter_table("calendar_lookup", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_lookup_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_calendar_lookup_account_id", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_table("calendar_lookup")
    with op.batch_alter_table("booking") as batch_op:
        batch_op.drop_column("asked_at")
        batch_op.drop_column("missing_since")
    op.execute("DELETE FROM calendar WHERE source <> 'collection'")
    op.execute(
        "DELETE FROM calendar_account WHERE kind <> 'caldav' OR id NOT IN "
        "(SELECT min(id) FROM calendar_account WHERE kind = 'caldav' GROUP BY person_id)"
    )
    with op.batch_alter_table("calendar") as batch_op:
        batch_op.drop_column("holds_events")
        batch_op.drop_column("can_write")
        batch_op.drop_column("source")
    with op.batch_alter_table("calendar_account") as batch_op:
        batch_op.drop_constraint("uq_calendar_account_person_id_url_username", type_="unique")
        batch_op.create_unique_constraint("uq_calendar_account_person_id", ["person_id"])
        batch_op.drop_column("asked_at")
        batch_op.drop_column("addresses")
        batch_op.drop_column("name")
        batch_op.drop_column("kind")
