"""Requirements 44 to 47: large and slow requests, the audit log, errors, what is kept by nobody."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.accounts.service import record
from app.config import Settings
from app.factory import create_app
from app.lib import clock
from app.lib.db import db, write
from tests.accounts.browsing import form_token
from tests.security.test_requirements_feeds_and_limits import statuses, token_of
from tests.world import World, build_world, client_of


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now())


def test_requirement_44_large_bodies_and_many_fields_are_refused(app: Flask) -> None:
    client = app.test_client()
    form = {"csrf_token": form_token(client, "/sign-in"), "email": "vera@nordwind.example"}
    many = {f"field{number}": "x" for number in range(99)}
    assert client.post("/sign-in", data=form | many).status_code == 413
    assert (
        client.post(
            "/sign-in", data="a=1&" * 501, content_type="application/x-www-form-urlencoded"
        ).status_code
        == 413
    )
    assert client.post("/sign-in", data=form | many, content_type="multipart/form-data").status_code == 413
    assert client.post("/sign-in", data={"email": "x" * (1 << 20)}).status_code == 413
    large = client.post("/api/v1/bookings", data=b" " * ((1 << 20) + 1), content_type="application/json")
    assert large.status_code in {401, 413}
    assert client.post("/sign-in", data=form | dict(list(many.items())[:98])).status_code == 303


def test_requirement_44_slow_requests_are_cut_off() -> None:
    """On real sockets in tests/scripts/test_web_server.py; here that the service is served so."""
    serve = (Path(__file__).parents[2] / "scripts" / "serve.py").read_text(encoding="utf-8")
    assert "web_server(app, listening_socket(settings.host, settings.port)).run()" in serve


def test_requirement_45_refusals_are_recorded_and_nobody_forges_a_line(app: Flask, world: World) -> None:
    vera = client_of(app, world.vera)
    vera.get("/overview?\r\n2026-11-24 ada@attache.example signed in", headers={"User-Agent": "\x1b[2K"})
    forged = "x@y.example\u2028ada@attache.example"
    with app.app_context():
        write(db.session(), [], lambda s: record(s, clock.now(), forged, "signed in", "user", "1\n2"))
        *_earlier, refused, planted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        assert (refused.actor, refused.verb, refused.object_id) == (
            "vera@nordwind.example",
            "was refused",
            "admin.overview",
        )
        assert refused.at.utcoffset() == timedelta(0)
        assert len(planted.actor.splitlines()) == len(planted.object_id.splitlines()) == 1


def test_requirement_46_an_unexpected_error_shows_a_reference_that_stands_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("secret detail")

    app.before_request(fail)
    client = app.test_client()
    page, problem = client.get("/sign-in"), client.get("/api/v1/me")
    assert statuses([page, problem]) == [500, 500]
    reference = json.loads(problem.data)["reference"]
    assert "secret detail" not in page.text + problem.text
    assert "Reference for us" in page.text
    assert f"unexpected error {reference}" in caplog.text


def test_requirement_46_nothing_of_the_machine_is_served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    for path in ("/.git/HEAD", "/.env", "/assets/", "/assets/../config.py", "/static/", "/console"):
        assert client.get(path).status_code == 404, path
    for method in ("TRACE", "TRACK", "CONNECT"):
        assert client.open("/sign-in", method=method).status_code == 405
    assert not app.debug


def test_requirement_46_debugging_cannot_be_switched_on_by_the_environment(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    made = create_app(make_settings())
    assert not made.debug
    with made.app_context():
        db.engine.dispose()


def test_requirement_47_answers_to_people_are_kept_by_nobody(app: Flask, world: World) -> None:
    headers = token_of(app, world.vera.email)
    answers = [client_of(app, world.vera).get("/"), app.test_client().get("/api/v1/me", headers=headers)]
    answers += [client_of(app, world.vera).get("/nothing"), app.test_client().get("/")]
    for answer in answers:
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]
