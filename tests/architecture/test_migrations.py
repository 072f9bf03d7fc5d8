"""Migrations: numbered one after the other, one head, and at the end the tables of the models."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.lib.db import Base
from tests.architecture.source import ROOT
from tests.support.databases import make_engine


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


def test_a_planted_second_head_is_found(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    (tmp_path / "env.py").touch()
    for revision, before in (("0001", None), ("0002", "0001"), ("0003", "0001")):
        (versions / f"{revision}_x.py").write_text(f"revision = {revision!r}\ndown_revision = {before!r}\n")
    assert sorted(heads(tmp_path)) == ["0002", "0003"]
    (versions / "0005_gap.py").write_text("revision = '0005'\ndown_revision = '0003'\n")
    assert numbers(tmp_path) == [1, 2, 3, 5]
