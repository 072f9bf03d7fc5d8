"""A module's name says whether it touches the world, and which part of it."""

import ast
from functools import cache

from tests.architecture.source import Module, app_modules, imported, is_under, rows

DATABASE = {"sqlalchemy", "flask_sqlalchemy", "psycopg", "sqlite3", "alembic", "app.lib.db"}
WEB = {"flask", "flask_babel", "flask_sqlalchemy", "flask_wtf", "flask_smorest", "flask_talisman", "werkzeug"}
NETWORK = {
    "caldav",
    "smtplib",
    "imaplib",
    "imap_tools",
    "requests",
    "urllib3",
    "urllib.request",
    "http.client",
}
NETWORK |= {"socket", "ssl", "niquests", "app.lib.outbound"}
MACHINE = {"os", "subprocess", "threading", "multiprocessing", "signal", "dbos", "shutil", "tempfile"}
CLOCK = {"app.lib.clock"}
PROTOCOLS = {"caldav", "smtplib", "imaplib", "imap_tools"}
TRANSLATION = {"flask_babel"}
CLOCKS_OF_TIME = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime"}

# What ``db.session()`` gives, for annotations: a view hands it on and has nothing to read with it itself.
SESSION_TYPE = "sqlalchemy.orm.Session"
# The command line with its killable child processes (architecture.md).
BUSY_COMMAND = {
    "app.ical.busy",
    "app.ical.confined",
    "app.ical.confined_child",
    "app.ical.confined_process",
}
# Modules beside views, forms and ``*_page`` that hold texts for people, and use nothing else of Flask.
SPEAKING = {
    "app.booking.closed_days",
    "app.booking.history_lines",
    "app.booking.in_words",
    "app.booking.zone_choice",
    "app.words",
}


def speaks(module: Module) -> bool:
    """Whether it may ask for translations although it is pure."""
    return module.name.endswith("_page") or module.name in SPEAKING


def is_pure(module: Module) -> bool:
    """Whether the name promises that nothing outside is touched."""
    return module.is_domain and not module.kind and module.name not in BUSY_COMMAND


def forbidden_roots(module: Module) -> set[str]:
    """What a module of this name may not import."""
    roots: set[str] = set()
    if is_pure(module):
        roots |= DATABASE | WEB | NETWORK | MACHINE | CLOCK
    if module.kind in {"service", "queries", "models"}:
        roots |= WEB | NETWORK | CLOCK
    if module.kind in {"views", "forms"} or module.package in {"api", "admin"}:
        roots |= DATABASE - {"app.lib.db"} | NETWORK
    if speaks(module):
        roots -= TRANSLATION
    return roots | (PROTOCOLS if module.kind != "client" else set())


@cache
def domain_kinds() -> dict[str, str]:
    """The reserved name of each domain module; empty for the others."""
    return {module.name: module.kind for module in app_modules() if module.is_domain}


def reserved_kind(name: str) -> str:
    """The reserved name of the module that an import reaches into; empty for others and for attributes."""
    known, parts = domain_kinds(), name.split(".")
    return next((kind for n in range(3, len(parts) + 1) if (kind := known.get(".".join(parts[:n]), ""))), "")


def forbidden_imports(module: Module) -> list[str]:
    """Imports that the module's name does not allow."""
    roots = forbidden_roots(module)
    hides_rows = module.kind in {"views", "forms"} or module.package in {"api", "admin"}
    findings = []
    for line, name in imported(module):
        if hides_rows and name == SESSION_TYPE:
            continue
        touches_world = reserved_kind(name)
        if (
            is_under(name, roots)
            or (hides_rows and touches_world == "models")
            or (is_pure(module) and touches_world)
        ):
            findings.append(f"{module.name}:{line} imports {name}")
    return findings


def clock_reads(module: Module) -> list[str]:
    """Places where a module looks at the time by itself; ``time.sleep`` does not look."""
    findings = [
        f"{module.name}:{line} imports {name}"
        for line, name in imported(module)
        if name.startswith("time.") and name != "time.sleep"
    ]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            reads_now = node.attr in {"now", "utcnow", "today"} and owner.rsplit(".", 1)[-1] in {
                "datetime",
                "date",
            }
            if reads_now or (owner == "time" and node.attr in CLOCKS_OF_TIME):
                findings.append(f"{module.name}:{node.lineno} reads the clock")
    return findings


def test_modules_import_only_what_their_names_allow() -> None:
    findings = [finding for module in app_modules() for finding in forbidden_imports(module)]
    assert not findings, rows(findings)


def test_one_module_reads_the_clock() -> None:
    others = [module for module in app_modules() if module.name != "app.lib.clock"]
    findings = [finding for module in others for finding in clock_reads(module)]
    assert not findings, rows(findings)


def test_the_listed_exceptions_exist() -> None:
    assert {*BUSY_COMMAND, *SPEAKING} <= {module.name for module in app_modules()}


def test_planted_impurities_are_found() -> None:
    for text in ("import flask", "from sqlalchemy import select", "from app.booking import models"):
        assert forbidden_imports(Module("app.booking.lifecycle", text)), text
    for text in ("from app.lib import clock", "import requests", "from app.booking.models import Booking"):
        assert forbidden_imports(Module("app.availability.slots", text)), text
    assert not forbidden_imports(Module("app.booking.lifecycle", "from app.lib.intervals import Interval"))


def test_planted_rows_in_a_view_are_found() -> None:
    for name in ("app.booking.views", "app.api.answers", "app.accounts.forms"):
        assert forbidden_imports(Module(name, "from app.booking.models import Booking")), name
        assert forbidden_imports(Module(name, "from sqlalchemy import select")), name


def test_planted_flask_in_a_service_is_found() -> None:
    assert forbidden_imports(Module("app.booking.service", "from flask import g"))
    assert forbidden_imports(Module("app.booking.queries", "from flask_babel import gettext"))


def test_a_planted_protocol_outside_the_clients_is_found() -> None:
    assert forbidden_imports(Module("app.calendars.jobs", "import caldav"))
    assert forbidden_imports(Module("app.cli", "from smtplib import SMTP"))
    assert not forbidden_imports(Module("app.calendars.client_http", "import caldav"))


def test_planted_clock_reads_are_found() -> None:
    for text in (
        "datetime.now(UTC)",
        "date.today()",
        "import time\ntime.time()",
        "from time import monotonic",
    ):
        assert clock_reads(Module("app.booking.service", text)), text
    for text in ("from app.lib import clock\nclock.now()", "import time\ntime.sleep(1)"):
        assert not clock_reads(Module("app.booking.views", text)), text
