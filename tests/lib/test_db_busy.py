"""A database that another program holds."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from app.lib.db import Busy, prepare_engine, write


def test_a_lock_that_cannot_be_had_is_busy_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "held.db"
    engine = create_engine(f"sqlite:///{file}")
    prepare_engine(engine)
    # The service waits for five seconds; a test need not.
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))
    with Session(engine) as session:
        write(session, [], lambda inner: inner.execute(text("CREATE TABLE thing (id INTEGER)")))
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        insert = text("INSERT INTO thing VALUES (1)")
        with pytest.raises(Busy):
            write(session, [], lambda inner: inner.execute(insert))
        other.execute("ROLLBACK")
        write(session, [], lambda inner: inner.execute(insert))
        assert session.execute(text("SELECT count(*) FROM thing")).scalar_one() == 1
        other.close()
    engine.dispose()
