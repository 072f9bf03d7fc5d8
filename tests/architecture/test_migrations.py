"""Migrations: numbered one after the other, one head, and at the end the tables of the models."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts.models import ApiToken
from app.booking.models import Attendee, Booking, BookingCopy
from app.booking.rules import slot_rules
from app.lib import clock
from app.lib.db import Base
from tests.architecture.source import ROOT
from tests.support.databases import make_engine, move_to


def heads(folder: Path) -> list[str]:
    """The revisions that nothing follows."""
    configuration = Config()
    configuration.set_main_option("script_location", str(folder))
    return ScriptDirectory.from_config(configuration).get_heads()


def numbers(folder: Path) -> list[int]:
    """The numbers that the names of the migrations begin with, in order."""
    names = sorted(path.name for path in (folder / "versions").glob("*.py"))
    return [int(match[1]) if (match := re.match(r"(\d{4})_\w+\.py$", name)) else -1 for name in names]


def insert(database_url: str, *rows: str) -> None:
    """Write rows of before, as SQL."""
    engine = make_engine(database_url)
    with engine.begin() as connection:
        for row in rows:
            connection.execute(text(row))
    engine.dispose()


def test_there_is_one_head() -> None:
    assert len(heads(ROOT / "migrations")) == 1


def test_migrations_are_numbered_one_after_the_other() -> None:
    found = numbers(ROOT / "migrations")
    assert found == list(range(1, len(found) + 1))


@pytest.mark.postgres
def test_migrations_lead_to_the_tables_of_the_models(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        options = {"include_name": _is_ours, "compare_type": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engine.dispose()
    assert differences == []


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    # The job engine's tables stand in the same SQLite file.
    return kind != "table" or name in Base.metadata.tables


@pytest.mark.postgres
def test_a_migration_keeps_what_refers_to_a_changed_table(database_url: str) -> None:
    move_to(database_url, "0003", back=True)
    insert(database_url, *_A_CALENDAR)
    move_to(database_url, "head")
    engine = make_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT href FROM calendar")).scalars().all() == ["/sam/work/"]
    engine.dispose()


_A_CALENDAR = (
    """INSERT INTO "user" (id, public_id, email, name, role, time_zone, language, is_active, created_at)
    VALUES (1, 'p', 'sam@attache.example', 'Sam', 'specialist', 'UTC', 'en', true, '2026-11-22 10:00:00')""",
    """INSERT INTO calendar_account (id, person_id, url, username, sealed_password, state, state_detail,
    state_since, next_sync_at, failures)
    VALUES (1, 1, 'https://dav.example/', 'sam', 'x', 'ok', '', '2026-11-22 10:00', '2026-11-22 10:00', 0)""",
    """INSERT INTO calendar (id, account_id, href, name, purpose, receives_bookings)
    VALUES (1, 1, '/sam/work/', 'Work', 'busy', true)""",
)


@pytest.mark.postgres
def test_calls_from_before_keep_their_rules_and_their_contact_is_invited(database_url: str) -> None:
    move_to(database_url, "0004", back=True)
    insert(database_url, *_A_CALENDAR, *_A_CALL)
    move_to(database_url, "head")
    engine = make_engine(database_url)
    with Session(engine) as session:
        call = session.scalars(select(Booking)).one()
        assert slot_rules(call.rules).length == timedelta(minutes=30)
        assert (call.rules["move_notice"], call.rules["cancel_notice"]) == (120, 120)
        assert (call.answers, call.note, call.call_type.cancel_notice) == ([], "", 120)
        (invited,) = session.scalars(select(Attendee))
        assert (invited.email, invited.is_contact, invited.sent_sequence) == ("sam@attache.example", True, 2)
    engine.dispose()
    move_to(database_url, "0004", back=True)
    engine = make_engine(database_url)
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT rules FROM booking")).scalar_one()
        rules = json.loads(stored) if isinstance(stored, str) else stored
        assert rules["change_notice"] == 120 and "cancel_notice" not in rules
    engine.dispose()


_A_CALL = (
    "INSERT INTO company (id, public_id, name, plan) VALUES (1, 'n', 'Nordwind', 'all_inclusive')",
    """INSERT INTO call_type (id, slug, position, names, hints, length, grid, buffer_before, buffer_after,
    notice, horizon_days, daily_cap, change_notice, open_cap, is_active)
    VALUES (1, 'support', 0, '{}', '{}', 30, 30, 0, 0, 120, 56, 8, 120, 20, true)""",
    """INSERT INTO booking (id, public_id, reference, company_id, contact_id, specialist_id, call_type_id,
    status, starts_at, ends_at, sequence, topic, way, phone, room_url, rules, uid, href, etag,
    calendar_trouble, created_at, changed_at, confirmed_at, ended_reason)
    VALUES (1, 'b', 'K7M-254', 1, 1, 1, 1, 'confirmed', '2026-12-01 10:00:00', '2026-12-01 10:30:00', 2, '',
    'video', '', '', '{"length": 30, "grid": 30, "buffer_before": 0, "buffer_after": 0, "notice": 120,
    "horizon_days": 56, "daily_cap": 8, "change_notice": 120}', 'attache-1', '', '', '',
    '2026-11-22 10:00:00', '2026-11-22 10:00:00', '2026-11-22 10:00:00', '')""",
)


@pytest.mark.postgres
def test_seniors_whose_calendars_had_the_event_before_have_joined(database_url: str) -> None:
    move_to(database_url, "0004", back=True)
    insert(database_url, *_A_CALENDAR, *_A_CALL)
    move_to(database_url, "0005")
    insert(database_url, *_TWO_COPIES)
    move_to(database_url, "head")
    engine = make_engine(database_url)
    with Session(engine) as session:
        known, gone = session.scalars(select(BookingCopy).order_by(BookingCopy.id))
        assert known.joined_at == session.scalars(select(Booking.changed_at)).one()
        assert gone.joined_at is None
    engine.dispose()
    move_to(database_url, "0005", back=True)


_TWO_COPIES = (
    """INSERT INTO "user" (id, public_id, email, name, role, time_zone, language, is_active, created_at)
    VALUES (2, 'l', 'lev@attache.example', 'Lev', 'senior', 'UTC', 'en', true, '2026-11-22 10:00:00')""",
    "UPDATE booking SET senior_id = 2",
    "INSERT INTO booking_copy (id, booking_id, person_id, href, etag) VALUES (1, 1, 2, '/lev/1.ics', 'a')",
    "INSERT INTO booking_copy (id, booking_id, person_id, href, etag) VALUES (2, 1, 1, '/sam/1.ics', 'b')",
)


def test_a_planted_second_head_is_found(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    (tmp_path / "env.py").touch()
    for revision, before in (("0001", None), ("0002", "0001"), ("0003", "0001")):
        (versions / f"{revision}_x.py").write_text(f"revision = {revision!r}\ndown_revision = {before!r}\n")
    assert sorted(heads(tmp_path)) == ["0002", "0003"]
    (versions / "0005_gap.py").write_text("revision = '0005'\ndown_revision = '0003'\n")
    assert numbers(tmp_path) == [1, 2, 3, 5]


@pytest.mark.postgres
def test_tokens_from_before_read_and_book_for_ninety_days(database_url: str) -> None:
    move_to(database_url, "0006", back=True)
    token = "INSERT INTO api_token (id, user_id, token_hash, created_at) VALUES (1, 1, 'x', '2026-11-22')"
    insert(database_url, _A_CALENDAR[0], token)
    before = clock.now()
    move_to(database_url, "head")
    engine = make_engine(database_url)
    with Session(engine) as session:
        kept = session.scalars(select(ApiToken)).one()
        assert kept.scopes == "read,book"
        assert kept.expires_at is not None
        assert timedelta(0) <= kept.expires_at - before - timedelta(days=90) < timedelta(minutes=5)
    engine.dispose()
