"""Fixtures that several packages' tests share; what they start lives in tests/support/.

Fixtures import what they need when they are used: a test of a pure module must not wait for a browser's or
a job engine's libraries to load.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.corpus import find_corpus
from tests.support.network import only_loopback
from tests.support.ports import free_port

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page
    from sqlalchemy.orm import Session

    from app.config import Settings
    from tests.fakes.mail_box import FakeMailbox
    from tests.support.dovecot import Dovecot
    from tests.support.mail import SmtpSink
    from tests.support.postgres import PostgresServer
    from tests.support.queries import QueryRecorder
    from tests.support.radicale import Radicale


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    pytest.exit("terminated", returncode=143)


def pytest_configure(config: pytest.Config) -> None:
    """A terminated run ends what it started: without this the finally blocks would be skipped."""
    signal.signal(signal.SIGTERM, _terminated)
    if os.environ.get("CALDAV_CONTRACT") == "all" and not hasattr(config, "workerinput"):
        from tests.support.caldav_matrix import Matrix

        config.pluginmanager.register(Matrix())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say whether the tests over the large collection of calendar files ran."""
    folder = find_corpus(os.environ)
    found = folder or "not here, its tests were skipped (CALENDAR_CORPUS names the folder)"
    terminalreporter.write_line(f"calendar corpus: {found}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests with a database run on SQLite; those marked ``postgres`` run on PostgreSQL as well."""
    if "database_kind" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("postgres") is not None
        metafunc.parametrize("database_kind", ["sqlite", "postgres"] if both else ["sqlite"])


@pytest.fixture(scope="session", autouse=True)
def _shut_network() -> Iterator[None]:
    with only_loopback():
        yield


@pytest.fixture(scope="session")
def calendar_corpus() -> Path:
    """The folder with the large collection of calendar files; skips the test where there is none."""
    folder = find_corpus(os.environ)
    return folder or pytest.skip("no calendar corpus here")


@pytest.fixture(scope="session")
def postgres_server() -> "Iterator[PostgresServer]":
    """A real PostgreSQL, started when first asked for; each xdist worker has its own."""
    from tests.support.postgres import running_postgres

    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without rows, to be copied."""
    from tests.support.databases import migrate

    path = tmp_path_factory.mktemp("template") / "attache.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database (see pytest_generate_tests for which kind)."""
    from tests.support.compiled import compile_once
    from tests.support.databases import copy_sqlite, migrate

    compile_once()
    if database_kind == "sqlite":
        yield copy_sqlite(request.getfixturevalue("sqlite_template"), tmp_path / "attache.sqlite")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.database(migrate)
    yield url
    server.drop(url)


@pytest.fixture
def make_settings(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str
) -> "Callable[..., Settings]":
    """Settings as from an environment, on this test's folder, database and (if it has them) servers.

    Called with variables to add or change: ``make_settings(PUBLIC_URL="https://calls.company.example")``.
    """
    from app.config import load_settings

    environ = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
        "PORT": str(free_port()),
        "SECRET_KEY": "only-for-tests-" * 4,
    }
    if "radicale" in request.fixturenames:
        environ["CALDAV_PORT"] = str(request.getfixturevalue("radicale").port)
    if "smtp_sink" in request.fixturenames:
        environ["SMTP_URL"] = request.getfixturevalue("smtp_sink").url
    if "fake_mailbox" in request.fixturenames:
        environ["IMAP_URL"] = request.getfixturevalue("fake_mailbox").url
    return lambda **changes: load_settings({**environ, **changes})


@pytest.fixture
def settings(make_settings: "Callable[..., Settings]") -> "Settings":
    """The settings of a test that needs no special ones."""
    return make_settings()


@pytest.fixture
def app(settings: "Settings") -> "Iterator[Flask]":
    """The whole application on the test's database."""
    from app.factory import create_app
    from app.lib.db import db
    from tests.support.compiled import bytecode
    from tests.support.posted import faults_of_posted, watch_feeds

    app = create_app(settings)
    app.jinja_env.bytecode_cache = bytecode
    faults = watch_feeds(app)
    yield app
    with app.app_context():
        faults += faults_of_posted(db.session())
        db.session.remove()
        db.engine.dispose()
    assert faults == []


@pytest.fixture
def live_server(app: "Flask", settings: "Settings") -> Iterator[str]:
    """The application on a real port, for browsers; its address, which is also PUBLIC_URL."""
    from tests.support.live import served

    with served(app, settings.port) as address:
        yield address


@pytest.fixture
def session(database_url: str) -> "Iterator[Session]":
    """A session on the test's database, without a Flask application."""
    from sqlalchemy.orm import Session

    from tests.support.databases import make_engine
    from tests.support.posted import faults_of_posted

    engine = make_engine(database_url)
    with Session(engine) as session:
        yield session
        session.rollback()
        faults = faults_of_posted(session)
    engine.dispose()
    assert faults == []


@pytest.fixture
def count_queries() -> "Callable[[], AbstractContextManager[QueryRecorder]]":
    """``with count_queries() as queries: …; assert len(queries) <= 6``."""
    from tests.support.queries import recorded_queries

    return recorded_queries


@pytest.fixture(scope="session")
def _radicale_server() -> "Iterator[Radicale]":
    from tests.support.radicale import running_radicale

    with running_radicale() as server:
        yield server


@pytest.fixture
def radicale(_radicale_server: "Radicale") -> "Radicale":
    """A real CalDAV server without any calendar."""
    _radicale_server.reset()
    return _radicale_server


@pytest.fixture
def smtp_sink() -> "Iterator[SmtpSink]":
    """A real SMTP server that keeps the mails it is given."""
    from tests.support.mail import running_smtp_sink

    with running_smtp_sink() as sink:
        yield sink


@pytest.fixture
def fake_mailbox() -> "Iterator[FakeMailbox]":
    """An IMAP server of our own, which can also misbehave."""
    from tests.fakes.mail_box import running_mailbox

    with running_mailbox() as box:
        yield box


@pytest.fixture(scope="session")
def _dovecot_server() -> "Iterator[Dovecot]":
    from tests.support.dovecot import find_dovecot, running_dovecot

    program = find_dovecot() or pytest.skip("no Dovecot here (Debian: dovecot-imapd)")
    with running_dovecot(program) as server:
        yield server


@pytest.fixture
def dovecot(_dovecot_server: "Dovecot") -> "Dovecot":
    """A real IMAP server with an empty mailbox; skips the test where there is none."""
    _dovecot_server.clear()
    return _dovecot_server


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """A real browser, started when first asked for."""
    from tests.support.browser import running_chromium

    with running_chromium() as browser:
        yield browser


@pytest.fixture
def new_page(chromium: "Browser") -> "Iterator[Callable[..., Page]]":
    """Makes pages, each in a context of its own; the test fails on what a browser would complain about."""
    from tests.support.browser import Complaints, open_page

    complaints = Complaints()
    pages: list[Page] = []

    def make(**options: Any) -> "Page":
        pages.append(open_page(chromium, complaints, **options))
        return pages[-1]

    yield make
    for page in pages:
        page.context.close()
    assert complaints.all() == []


@pytest.fixture
def page(new_page: "Callable[..., Page]") -> "Page":
    """One page on a desk in Berlin, in English."""
    return new_page()
