"""Migrations: numbered one after the other, one head, and at the end the tables of the models."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

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
    engine = make_engine(database_url)
    with engine.begin() as connection:
        for row in _A_CALENDAR:
            connection.execute(text(row))
    engine.dispose()
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


def test_a_planted_second_head_is_found(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    (tmp_path / "env.py").touch()
    for revision, before in (("0001", None), ("0002", "0001"), ("0003", "0001")):
        (versions / f"{revision}_x.py").write_text(f"revision = {revision!r}\ndown_revision = {before!r}\n")
    assert sorted(heads(tmp_path)) == ["0002", "0003"]
    (versions / "0005_gap.py").write_text("revision = '0005'\ndown_revision = '0003'\n")
    assert numbers(tmp_path) == [1, 2, 3, 5]
