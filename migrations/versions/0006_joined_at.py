"""When a senior joined a call: the moment at which its guests were told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booking_copy") as batch_op:
        batch_op.add_column(sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    # Until now an event that had been written stood for it.
    op.execute(
        "UPDATE booking_copy SET joined_at = (SELECT booking.changed_at FROM booking "
        "WHERE booking.id = booking_copy.booking_id AND booking.senior_id = booking_copy.person_id) "
        "WHERE etag <> ''"
    )


def downgrade() -> None:
    with op.batch_alter_table("booking_copy") as batch_op:
        batch_op.drop_column("joined_at")
