"""The whole life of a booking: rules, series, attendees, answers, the waiting list, and incoming mail."""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = ("incoming_mail", "waiting", "proposal", "attendee", "booking_copy", "call_type_change")


def upgrade() -> None:
    _create_series()
    _extend_booking()
    _extend_call_type()
    with op.batch_alter_table("hold") as batch_op:
        batch_op.add_column(sa.Column("senior_reservation_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint("uq_hold_senior_reservation_id", ["senior_reservation_id"])
        name, columns = "fk_hold_senior_reservation_id", (["senior_reservation_id"], ["id"])
        batch_op.create_foreign_key(name, "reservation", *columns, ondelete="CASCADE")
    with op.batch_alter_table("contact") as batch_op:
        batch_op.add_column(_filled("wants_reminders", sa.Boolean(), sa.true()))
    with op.batch_alter_table("feed_link") as batch_op:
        batch_op.add_column(_filled("kind", sa.String(length=10), "calls"))
    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(_moment("erased_at", nullable=True))
    with op.batch_alter_table("calendar_account") as batch_op:
        batch_op.add_column(_filled("invites_guests", sa.Boolean(), sa.false()))
        batch_op.add_column(sa.Column("is_quiet", sa.Boolean(), nullable=True))
    with op.batch_alter_table("outgoing_mail") as batch_op:
        batch_op.add_column(_moment("useful_until", nullable=True))
    _create_call_type_change()
    _create_booking_copy()
    _create_attendee()
    _create_proposal()
    _create_waiting()
    _create_incoming_mail()
    op.execute(
        "INSERT INTO attendee (booking_id, email, name, is_contact, partstat, comment, organizer, "
        "sent_sequence, added_at) SELECT booking.id, contact.email, contact.name, true, 'NEEDS-ACTION', "
        "'', '', CASE WHEN booking.confirmed_at IS NULL THEN NULL ELSE booking.sequence END, "
        "booking.created_at "
        'FROM booking JOIN "user" AS contact ON contact.id = booking.contact_id'
    )
    _rewrite_rules(_with_both_notices)
    # Of calls from before, what is still to come after they were confirmed.
    op.execute("UPDATE booking SET remind_at = confirmed_at WHERE status IN ('confirmed', 'clash')")


def downgrade() -> None:
    _rewrite_rules(_with_one_notice)
    for name in _TABLES:
        op.drop_table(name)
    with op.batch_alter_table("outgoing_mail") as batch_op:
        batch_op.drop_column("useful_until")
    with op.batch_alter_table("hold") as batch_op:
        batch_op.drop_constraint("fk_hold_senior_reservation_id", type_="foreignkey")
        batch_op.drop_constraint("uq_hold_senior_reservation_id", type_="unique")
        batch_op.drop_column("senior_reservation_id")
    with op.batch_alter_table("calendar_account") as batch_op:
        batch_op.drop_column("is_quiet")
        batch_op.drop_column("invites_guests")
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_column("erased_at")
    with op.batch_alter_table("feed_link") as batch_op:
        batch_op.drop_column("kind")
    with op.batch_alter_table("contact") as batch_op:
        batch_op.drop_column("wants_reminders")
    with op.batch_alter_table("call_type") as batch_op:
        batch_op.alter_column("move_notice", new_column_name="change_notice")
        for name in ("reminders", "questions", "video_link", "ways", "cancel_notice", "weekly_cap"):
            batch_op.drop_column(name)
        batch_op.drop_column("more_lengths")
    # Before this revision a call that is over was simply confirmed.
    op.execute("UPDATE booking SET status = 'confirmed' WHERE status IN ('took_place', 'no_show')")
    with op.batch_alter_table("booking") as batch_op:
        batch_op.drop_constraint("fk_booking_senior_id", type_="foreignkey")
        batch_op.drop_constraint("fk_booking_series_id", type_="foreignkey")
        batch_op.drop_index("ix_booking_senior_id")
        batch_op.drop_index("ix_booking_series_id")
        batch_op.drop_index("ix_booking_remind_at")
        for name in ("remind_at", "private_note", "note", "answers", "series_id", "senior_id"):
            batch_op.drop_column(name)
    op.drop_table("series")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _filled(name: str, kind: sa.types.TypeEngine[Any], value: Any) -> sa.Column[Any]:
    """A new column that rows from before get this value in."""
    return sa.Column(name, kind, nullable=False, server_default=value)


def _reference(table: str, name: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}", ondelete=ondelete)


def _with_both_notices(rules: dict[str, Any]) -> dict[str, Any]:
    notice = rules.pop("change_notice")
    return rules | {"move_notice": notice, "cancel_notice": notice, "weekly_cap": 0, "reminders": [1440, 60]}


def _with_one_notice(rules: dict[str, Any]) -> dict[str, Any]:
    rules["change_notice"] = rules.pop("move_notice")
    return {name: value for name, value in rules.items() if name not in {"cancel_notice", "weekly_cap"}}


def _rewrite_rules(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The rules that a booking was made under, in the words of this revision."""
    booking = sa.table("booking", sa.column("id", sa.Integer()), sa.column("rules", sa.JSON()))
    connection = op.get_bind()
    for row in connection.execute(sa.select(booking.c.id, booking.c.rules)).all():
        rules = change(json.loads(json.dumps(row.rules)))
        connection.execute(sa.update(booking).where(booking.c.id == row.id).values(rules=rules))


def _create_series() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        _moment("created_at"),
        _reference("series", "contact_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
        sa.UniqueConstraint("public_id", name="uq_series_public_id"),
    )
    op.create_index("ix_series_contact_id", "series", ["contact_id"])


def _extend_booking() -> None:
    with op.batch_alter_table("booking") as batch_op:
        batch_op.add_column(sa.Column("senior_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.add_column(_filled("answers", sa.JSON(), "[]"))
        batch_op.add_column(_filled("note", sa.Text(), ""))
        batch_op.add_column(_filled("private_note", sa.Text(), ""))
        batch_op.add_column(_moment("remind_at", nullable=True))
        batch_op.create_index("ix_booking_remind_at", ["remind_at"])
        batch_op.create_index("ix_booking_senior_id", ["senior_id"])
        batch_op.create_index("ix_booking_series_id", ["series_id"])
        batch_op.create_foreign_key("fk_booking_senior_id", "user", ["senior_id"], ["id"])
        batch_op.create_foreign_key(
            "fk_booking_series_id", "series", ["series_id"], ["id"], ondelete="SET NULL"
        )


def _extend_call_type() -> None:
    with op.batch_alter_table("call_type") as batch_op:
        batch_op.alter_column("change_notice", new_column_name="move_notice")
        batch_op.add_column(_filled("more_lengths", sa.JSON(), "[]"))
        batch_op.add_column(_filled("weekly_cap", sa.Integer(), "0"))
        batch_op.add_column(_filled("cancel_notice", sa.Integer(), "0"))
        batch_op.add_column(_filled("ways", sa.JSON(), '["video", "phone"]'))
        batch_op.add_column(_filled("video_link", sa.String(length=500), ""))
        batch_op.add_column(_filled("questions", sa.JSON(), "[]"))
        batch_op.add_column(_filled("reminders", sa.JSON(), "[1440, 60]"))
    op.execute("UPDATE call_type SET cancel_notice = move_notice")


def _create_call_type_change() -> None:
    op.create_table(
        "call_type_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_type_id", sa.Integer(), nullable=False),
        sa.Column("specialist_id", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        _reference("call_type_change", "call_type_id", "call_type", "CASCADE"),
        _reference("call_type_change", "specialist_id", "user", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_call_type_change"),
        sa.UniqueConstraint(
            "call_type_id", "specialist_id", name="uq_call_type_change_call_type_id_specialist_id"
        ),
    )
    op.create_index("ix_call_type_change_specialist_id", "call_type_change", ["specialist_id"])


def _create_booking_copy() -> None:
    op.create_table(
        "booking_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("href", sa.String(length=600), nullable=False),
        sa.Column("etag", sa.String(length=500), nullable=False),
        sa.Column("written_sequence", sa.Integer(), nullable=True),
        _moment("missing_since", nullable=True),
        _reference("booking_copy", "booking_id", "booking", "CASCADE"),
        _reference("booking_copy", "calendar_id", "calendar", "SET NULL"),
        _reference("booking_copy", "person_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_booking_copy"),
        sa.UniqueConstraint("booking_id", "person_id", name="uq_booking_copy_booking_id_person_id"),
    )
    op.create_index("ix_booking_copy_person_id", "booking_copy", ["person_id"])


def _create_attendee() -> None:
    op.create_table(
        "attendee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_contact", sa.Boolean(), nullable=False),
        sa.Column("partstat", sa.String(length=20), nullable=False),
        sa.Column("answered_sequence", sa.Integer(), nullable=True),
        _moment("answered_at", nullable=True),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("organizer", sa.String(length=254), nullable=True),
        sa.Column("sent_sequence", sa.Integer(), nullable=True),
        _moment("added_at"),
        _moment("removed_at", nullable=True),
        _reference("attendee", "booking_id", "booking", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_attendee"),
        sa.UniqueConstraint("booking_id", "email", name="uq_attendee_booking_id_email"),
    )
    op.create_index("ix_attendee_email", "attendee", ["email"])


def _create_proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        _moment("starts_at"),
        _moment("ends_at"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        _moment("created_at"),
        _moment("settled_at", nullable=True),
        _reference("proposal", "booking_id", "booking", "CASCADE"),
        _reference("proposal", "attendee_id", "attendee", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint("public_id", name="uq_proposal_public_id"),
    )
    op.create_index("ix_proposal_booking_state", "proposal", ["booking_id", "state"])


def _create_waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("specialist_id", sa.Integer(), nullable=False),
        sa.Column("call_type_id", sa.Integer(), nullable=False),
        sa.Column("moving_id", sa.Integer(), nullable=True),
        _moment("moves_from", nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        _moment("created_at"),
        _moment("passed_at", nullable=True),
        sa.Column("passed_starts", sa.JSON(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("senior_reservation_id", sa.Integer(), nullable=True),
        *(_moment(f"offer_{name}_at", nullable=True) for name in ("starts", "ends", "expires")),
        _reference("waiting", "contact_id", "user", "CASCADE"),
        _reference("waiting", "specialist_id", "user"),
        _reference("waiting", "call_type_id", "call_type"),
        _reference("waiting", "moving_id", "booking", "SET NULL"),
        _reference("waiting", "reservation_id", "reservation", "SET NULL"),
        _reference("waiting", "senior_reservation_id", "reservation", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_waiting"),
        sa.UniqueConstraint("public_id", name="uq_waiting_public_id"),
    )
    op.create_index("ix_waiting_contact_id", "waiting", ["contact_id"])
    op.create_index("ix_waiting_state", "waiting", ["state", "specialist_id"])


def _create_incoming_mail() -> None:
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        _moment("received_at"),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_mail"),
        sa.UniqueConstraint("identity", name="uq_incoming_mail_identity"),
    )
    op.create_index("ix_incoming_mail_received_at", "incoming_mail", ["received_at"])
