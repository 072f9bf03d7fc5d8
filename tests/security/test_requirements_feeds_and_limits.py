"""Requirements 39 to 43: feeds, logs, limits, clients' addresses."""

import io
import logging
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import AuditEntry
from app.accounts.tokens.service import make_api_token
from app.booking.feeds.service import make_feed
from app.booking.models import FeedLink
from app.config import Settings
from app.factory import create_app
from app.lib import clock
from app.lib.db import db, write
from app.lib.masking import LINE, SECRET_FOLDERS, MaskedLines
from app.lib.tokens import token_hash
from tests.accounts.browsing import ask, form_token
from tests.world import World, build_world, client_of

CHANGES = {
    "LIMIT_BOOKINGS": "3 per minute",
    "LIMIT_LISTINGS": "4 per minute",
    "LIMIT_POLLS_PER_FEED": "3 per minute",
}


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    """Small limits, so that they are soon reached."""
    return make_settings(**CHANGES)


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now())


@pytest.fixture
def feed(app: Flask, world: World) -> str:
    """The path of a private link of Vera's."""
    with app.app_context():
        now, vera = clock.now(), world.vera.user
        made = write(db.session(), [], lambda s: make_feed(s, now, vera, "Phone", "calls"))
        return f"/feeds/{made[1]}.ics"


def token_of(app: Flask, email: str) -> dict[str, str]:
    with app.app_context():
        token = write(db.session(), [], lambda s: make_api_token(s, clock.now(), email))
    return {"Authorization": f"Bearer {token}"}


def limits_hit(app: Flask) -> list[tuple[str, str, str]]:
    """Who hit which limit from where, as the audit log has it."""
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "hit a limit"))
        return [
            (row.actor, row.object_id, row.client_address or row.detail["client_address"]) for row in rows
        ]


def statuses(answers: list[TestResponse]) -> list[int]:
    return [answer.status_code for answer in answers]


def test_requirement_39_a_feed_s_token_is_hashed_opens_nothing_else_and_is_kept_by_nobody(
    app: Flask, feed: str, settings: Settings
) -> None:
    token = feed.removeprefix("/feeds/").removesuffix(".ics")
    assert len(token) * 6 >= 128
    with app.app_context():
        assert db.session.scalars(select(FeedLink.token_hash)).one() == token_hash(token)
    answer = app.test_client().get(feed)
    headers = {
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    assert headers.items() <= dict(answer.headers).items()
    assert answer.headers["ETag"]
    browser = app.test_client()
    browser.set_cookie("attache", token)
    assert browser.get("/").status_code == 303
    assert (
        app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    )
    assert app.test_client().get(f"/sign-in/{token}").status_code == 410


def test_requirement_40_no_log_line_shows_a_token(
    app: Flask, feed: str, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    link = "/sign-in/CanaryCanaryCanaryCanary"

    def fail() -> None:
        raise RuntimeError(f"nothing to be done with {feed} and {link}")

    app.before_request(fail)
    with caplog.at_level(logging.INFO):
        assert app.test_client().get(feed).status_code == 500
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskedLines(LINE))
    for line in caplog.records:
        handler.handle(line)
    assert "RuntimeError: nothing to be done with /feeds/….ics and /sign-in/…" in stream.getvalue()
    assert feed not in stream.getvalue()


def test_requirement_40_the_documented_proxies_mask_the_same_folders() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    for server in ("nginx", "caddy"):
        (snippet,) = [part for part in text.split("```") if part.startswith(server)]
        assert f"/({'|'.join(SECRET_FOLDERS)})/" in snippet


def test_requirement_44_the_documented_nginx_limits_the_requests_of_a_client() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    (snippet,) = [part for part in text.split("```") if part.startswith("nginx")]
    zone = re.search(r"limit_conn_zone \$binary_remote_addr zone=(\w+):", snippet)
    assert zone and f"    limit_conn {zone[1]} " in snippet.rpartition("server {")[2]


def test_requirement_41_a_feed_holds_its_owner_s_calls_alone(app: Flask, feed: str, world: World) -> None:
    foreign = app.test_client()
    with app.app_context():
        now, pavel = clock.now(), world.pavel.user
        other = write(db.session(), [], lambda s: make_feed(s, now, pavel, "Phone", "calls"))[1]
    assert b"VEVENT" not in foreign.get(feed).data
    assert foreign.get(f"/feeds/{other}.ics").headers["ETag"] != foreign.get(feed).headers["ETag"]


def test_requirement_42_the_sixth_link_of_an_address_waits_an_hour_whoever_it_is(
    app: Flask, world: World
) -> None:
    for email in ("vera@nordwind.example", "nobody@nowhere.example"):
        clients = [app.test_client() for _ in range(6)]
        for number, client in enumerate(clients):
            client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answers = [ask(client, email) for client in clients]
        assert statuses(answers) == [303] * 5 + [429]
        assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600
        assert "Try again in 60 minutes." in answers[-1].get_data(as_text=True)


def test_requirement_42_bookings_of_an_account_and_of_a_client_are_limited(app: Flask, world: World) -> None:
    vera, pavel = token_of(app, world.vera.email), token_of(app, world.pavel.email)
    client = app.test_client()
    answers = [client.post("/api/v1/bookings", json={}, headers=vera) for _ in range(4)]
    assert statuses(answers) == [422, 422, 422, 429]
    problem = answers[-1].json
    assert problem is not None
    assert problem["code"] == "too_many"
    assert answers[-1].content_type == "application/problem+json"
    assert 50 < int(answers[-1].headers["Retry-After"]) <= 60
    # The same client with another's token; then another client.
    assert client.post("/api/v1/bookings", json={}, headers=pavel).status_code == 429
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert client.post("/api/v1/bookings", json={}, headers=pavel).status_code == 422
    assert client.post("/api/v1/bookings", json={}, headers=vera).status_code == 429


@pytest.mark.parametrize(
    "path", ["/api/v1/bookings/x/senior", "/api/v1/bookings/x/attendees", "/api/v1/waiting-list"]
)
def test_requirement_42_changes_by_the_api_count_too(app: Flask, world: World, path: str) -> None:
    vera, client = token_of(app, world.vera.email), app.test_client()
    answers = [client.post(path, json={}, headers=vera) for _ in range(4)]
    assert statuses(answers)[2:] == [answers[0].status_code, 429]


@pytest.mark.parametrize("path", ["/calls/x/senior", "/calls/x/guests"])
def test_requirement_42_changes_on_pages_count_too(app: Flask, world: World, path: str) -> None:
    vera = client_of(app, world.vera)
    token = form_token(vera, "/profile")
    answers = [vera.post(path, data={"csrf_token": token}) for _ in range(4)]
    assert statuses(answers) == [404] * 3 + [429]


def test_requirement_42_lists_of_times_and_polls_of_feeds_are_limited(
    app: Flask, world: World, feed: str
) -> None:
    vera = client_of(app, world.vera)
    assert statuses([vera.get("/") for _ in range(5)]) == [200] * 4 + [429]
    polls = [app.test_client().get(feed) for _ in range(4)]
    assert statuses(polls) == [200] * 3 + [429]
    assert polls[-1].content_type == "text/plain; charset=utf-8"
    assert int(polls[-1].headers["Retry-After"]) <= 60


def test_requirement_42_limits_survive_a_restart_and_are_shared(
    app: Flask, world: World, settings: Settings
) -> None:
    vera = token_of(app, world.vera.email)
    for _ in range(3):
        app.test_client().post("/api/v1/bookings", json={}, headers=vera)
    another = create_app(settings)
    assert another.test_client().post("/api/v1/bookings", json={}, headers=vera).status_code == 429
    with another.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/", "/book"])
def test_requirement_42_without_the_database_s_counts_nothing_is_let_through(
    app: Flask, world: World, database_url: str, path: str
) -> None:
    vera = client_of(app, world.vera)
    stranger = app.test_client()
    fields = {"csrf_token": form_token(stranger, "/sign-in"), "email": world.vera.email}
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as other:
        other.execute("DROP TABLE rate_count")
    for answer in (vera.get(path), stranger.post("/sign-in", data=fields)):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0


def test_requirement_42_a_limit_is_recorded_once_in_a_window(app: Flask, world: World) -> None:
    vera = client_of(app, world.vera)
    for _ in range(9):
        vera.get("/")
    assert limits_hit(app) == [("vera@nordwind.example", "listings", "127.0.0.1")]


def test_requirement_42_every_way_to_book_and_to_see_times_is_limited(app: Flask) -> None:
    found: dict[str, set[str]] = {}
    for name, view in app.view_functions.items():
        found.setdefault(getattr(view, "limit", ""), set()).add(name)
    assert found["bookings"] >= {
        *("booking.hold", "booking.confirm", "booking.choose", "booking.move_confirm", "booking.book_series"),
        *("booking.take_offer", "api.book", "api.reschedule", "api_series.book_series"),
    }
    assert found["listings"] >= {
        *(
            "portal.home",
            "booking.week",
            "booking.move",
            "booking.repeat",
            "api.slots",
            "api_series.plan_series",
        )
    }


class TestBehindProxies:
    """Whose address counts, with no proxy and with one."""

    @pytest.fixture(params=[0, 1])
    def proxies(self, request: pytest.FixtureRequest) -> int:
        """How many proxies are configured."""
        return int(request.param)

    @pytest.fixture
    def settings(self, make_settings: Callable[..., Settings], proxies: int) -> Settings:
        """The same with so many proxies."""
        return make_settings(**CHANGES, TRUSTED_PROXIES=str(proxies))

    def forged(self, client: FlaskClient, headers: dict[str, str], proxies: int, number: int) -> TestResponse:
        """A request with a header of its own, to which the proxy adds what it sees."""
        seen = ", 192.0.2.1" if proxies else ""
        told = {"X-Forwarded-For": f"198.51.100.{number}{seen}", "Forwarded": f"for=198.51.100.{number}"}
        return client.post("/api/v1/bookings", json={}, headers=headers | told)

    def test_requirement_43_a_forged_header_moves_no_limit_and_no_line(
        self, app: Flask, world: World, proxies: int
    ) -> None:
        client = app.test_client()
        people = [token_of(app, member.email) for member in (world.vera, world.pavel)]
        answers = [self.forged(client, people[number % 2], proxies, number) for number in range(4)]
        assert statuses(answers) == [422, 422, 422, 429]
        real = "192.0.2.1" if proxies else "127.0.0.1"
        assert limits_hit(app) == [("pavel@sever.example", "bookings", real)]
