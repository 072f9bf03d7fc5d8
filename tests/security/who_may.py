"""The table of who may what, as it would be for the application: one line a route and method.

``python -m tests.security.who_may > tests/security/who_may.txt`` writes it anew. Read the difference: a
number is the status of the answer to somebody who asks for something of Nordwind's or Sam's (see ground.py).
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts import rights
from app.accounts.rights import Right
from tests.architecture.test_routes import OF_LIBRARIES, whole_application
from tests.security.asked import BODIES, parameters
from tests.security.ground import FOREIGN, PEOPLE, Ground, lay_out
from tests.support.databases import migrate

TABLE = Path(__file__).with_name("who_may.txt")
HEADING = f"# method route | {' '.join(PEOPLE)}"
_WATCHES = ("app.booking.calls.views", "app.api.views", "app.calendars.pages.views_accounts")
_WATCHES += ("app.calendars.pages.views_connect",)


@dataclass(frozen=True)
class Asked:
    """A route with a method, and how everybody's request was answered.

    ``telling`` are those to whom somebody else's thing looks otherwise than one that does not exist.
    """

    rule: Rule
    method: str
    guard: tuple[str, ...]
    statuses: dict[str, int]
    telling: tuple[str, ...]

    def admits(self, who: str, ground: Ground) -> bool:
        """Whether somebody's role has the right that the route asks for."""
        member = ground.members.get(who)
        return member is not None and rights.may(member.user.role, Right(self.guard[1]))

    @property
    def name(self) -> str:
        """Method and endpoint."""
        return f"{self.method} {self.rule.endpoint}"

    @property
    def line(self) -> str:
        """The line of the table."""
        return f"{self.name} | {' '.join(str(self.statuses[who]) for who in PEOPLE)}"


# Parameters that name nothing that could be somebody's: with them alone everybody has their own.
OF_NOBODY = {"month"}


def everybody_asks(ground: Ground, database: Path) -> list[Asked]:
    """Ask every route as everybody, each time with the database as it was laid out."""
    rules = [rule for rule in ground.app.url_map.iter_rules() if rule.endpoint not in OF_LIBRARIES]
    found = []
    with restored(database) as restore:
        for rule in sorted(rules, key=lambda rule: (rule.endpoint, rule.rule)):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                found.append(_asked(ground, rule, method, restore))
    return found


def _asked(ground: Ground, rule: Rule, method: str, restore: Callable[[], None]) -> Asked:
    guard = getattr(ground.app.view_functions[rule.endpoint], "guard", ("none",))
    found, telling = Asked(rule, method, guard, {}, ()), []
    for who in PEOPLE:
        client = ground.client(who)
        answer = ask(ground, client, who, rule, method)
        found.statuses[who] = answer.status_code
        is_foreign = who in FOREIGN and rule.arguments - OF_NOBODY and guard[0] in {"may", "bearer"}
        if is_foreign and found.admits(who, ground):
            nothing = ask(ground, client, who, rule, method, real=False)
            if _plain(answer) != _plain(nothing):
                telling.append(who)
        if method != "GET" and answer.status_code < 400:
            restore()
    return replace(found, telling=tuple(telling))


def ask(
    ground: Ground, client: FlaskClient, who: str, rule: Rule, method: str, *, real: bool = True
) -> TestResponse:
    """The answer to somebody's request; for programs with their token, for browsers with their session."""
    with ground.app.test_request_context():
        path = ground.app.url_map.bind("localhost").build(
            rule.endpoint, parameters(ground, rule, real=real), method=method
        )
    body = BODIES.get(rule.endpoint, lambda _: {})(ground) if method != "GET" else {}
    if path.startswith("/api/"):
        secret = ground.secrets.get(who)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        headers["Idempotency-Key"] = "key"
        sent: dict[str, Any] = {"json": body} if method == "POST" else {}
        return ground.app.test_client().open(path, method=method, headers=headers, **sent)
    return client.open(path, method=method, data=body or None)


def _plain(answer: TestResponse) -> str:
    """An answer without the address that it was asked at, which pages name, and the secret of its forms."""
    text = re.sub(r'name="(?:next|csrf_token)" value="[^"]*"', "", answer.get_data(as_text=True))
    return f"{answer.status} {answer.content_type} {text}"


@contextmanager
def restored(database: Path) -> Iterator[Callable[[], None]]:
    """Gives a function that puts the database back."""
    kept, live = sqlite3.connect(":memory:"), sqlite3.connect(database, timeout=10)
    live.execute("PRAGMA synchronous=OFF")
    live.backup(kept)
    try:
        yield lambda: kept.backup(live)
    finally:
        live.close()
        kept.close()


@contextmanager
def laid_out(folder: Path) -> Iterator[tuple[Ground, Path]]:
    """The whole application on a new database with everything in it; no form needs a token there."""
    from app.lib.db import db

    database = folder / "attache.sqlite"
    if not database.exists():
        migrate(f"sqlite:///{database}")
    app: Flask = whole_application(folder)
    app.config.update(WTF_CSRF_ENABLED=False, TESTING=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in _WATCHES:
            # Without a worker nothing changes while a page waits: one look is enough.
            patch.setattr(f"{name}.watch", lambda look: look())
        yield lay_out(app), database
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


if __name__ == "__main__":
    with TemporaryDirectory() as name, laid_out(Path(name)) as (ground, database):
        print("\n".join([HEADING, *(asked.line for asked in everybody_asks(ground, database))]))
