"""Whatever people, calendars and clocks do in whatever order: the promises hold (see machine.py)."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.booking.lifecycle import TABLE, Event
from app.config import Settings
from tests.booking.life.ground import OWNERS, Ground, lay
from tests.booking.life.machine import Life
from tests.fakes.calendar_server import FakeCalendarServer
from tests.fakes.dav_server import serving
from tests.support.databases import copy_sqlite
from tests.support.postgres import PostgresServer

# By hand: LIFE_EXAMPLES=500 plays for minutes, other plays each time.
EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "0"))
PROFILE = settings(
    max_examples=EXAMPLES or 7,
    stateful_step_count=60 if EXAMPLES else 15,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    print_blob=False,
    # Making a failing play shorter would take minutes: as it is it has few steps.
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def ground(
    request: pytest.FixtureRequest,
    make_settings: Callable[..., Settings],
    database_kind: str,
    database_url: str,
    tmp_path: Path,
) -> Iterator[Ground]:
    """The cast and the calendars of two, of which each play gets a copy."""
    numbers = count()

    def copy(url: str) -> str:
        if database_kind == "sqlite":
            return copy_sqlite(
                Path(url.removeprefix("sqlite:///")), tmp_path / f"play-{next(numbers)}.sqlite"
            )
        server: PostgresServer = request.getfixturevalue("postgres_server")
        return server.copy(url)

    def drop(url: str) -> None:
        if database_kind == "sqlite":
            Path(url.removeprefix("sqlite:///")).unlink()
        else:
            request.getfixturevalue("postgres_server").drop(url)

    with ExitStack() as running:
        fakes = {name: FakeCalendarServer() for name in OWNERS}
        origins = {name: running.enter_context(serving(fake)) for name, fake in fakes.items()}
        changes = {"CALDAV_ALLOWED_ORIGINS": ",".join(origins.values()), "IMAP_URL": "imap://u:p@127.0.0.1:1"}
        servers = {name: (fakes[name], origins[name]) for name in OWNERS}
        yield lay(database_url, make_settings(**changes), servers, copy, drop)


def play(ground: Ground) -> None:
    run_state_machine_as_test(type("Play", (Life,), {"ground": ground}), settings=PROFILE)


@pytest.mark.postgres
def test_whatever_happens_in_whatever_order_the_promises_hold(ground: Ground) -> None:
    play(ground)


def test_a_planted_fault_is_found(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that are cancelled without raising SEQUENCE."""
    broken = replace(TABLE[Event.CANCEL], raises_sequence=False)
    monkeypatch.setitem(TABLE, Event.CANCEL, broken)  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        play(ground)
