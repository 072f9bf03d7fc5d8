"""A world with open calendars, and clients that hold tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.rights import Scope
from app.accounts.tokens.service import make_api_token
from app.accounts.tokens.tokens import TokenWish
from app.lib import clock
from app.lib.db import db
from tests.support.replica import open_calendar
from tests.world import World, build_world


@dataclass(frozen=True)
class ApiClient:
    """Somebody with a token."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> TestResponse:
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(f"/api/v1{path}", headers=self._headers())

    def slots(self, call_type: str = "product-support", days: int = 28) -> list[dict[str, str]]:
        now = clock.now()
        answer = self.get(
            "/slots",
            call_type=call_type,
            **{"from": now.isoformat(), "to": (now + timedelta(days=days)).isoformat()},
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: list[dict[str, str]] = answer.get_json()["slots"]
        return found

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def world(app: Flask, now: datetime) -> World:
    """The cast, with Sam's and Rita's calendars open."""
    with app.app_context():
        built = build_world(db.session(), now)
        for specialist in (built.sam, built.rita):
            open_calendar(db.session(), app.extensions["attache"], now, specialist.id)
    return built


def api_client(app: Flask, email: str, *scopes: str) -> ApiClient:
    """A client with a new token of this person; for reading and booking, unless scopes are given."""
    wish = TokenWish("test", frozenset(map(Scope, scopes or ("read", "book"))))
    with app.app_context():
        token = make_api_token(db.session(), clock.now(), email, wish)
        db.session.commit()
    return ApiClient(app.test_client(), token)


@pytest.fixture
def vera(app: Flask, world: World) -> ApiClient:
    return api_client(app, world.vera.email)


@pytest.fixture
def pavel(app: Flask, world: World) -> ApiClient:
    return api_client(app, world.pavel.email)


@pytest.fixture
def mallory(app: Flask, world: World) -> ApiClient:
    return api_client(app, world.mallory.email)


@pytest.fixture
def otto(app: Flask, world: World) -> ApiClient:
    return api_client(app, world.otto.email)
