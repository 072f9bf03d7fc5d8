"""The way to the OpenID provider and back: what it may say, what it may not, and whose way it is."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models_proofs import OpenidProvider as Kept
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from tests.accounts.browsing import change, is_signed_in
from tests.accounts.oidc_browsing import (
    BACK,
    START,
    at_provider,
    be,
    come,
    facts,
    leave,
    methods,
    read_provider,
)
from tests.fakes.openid_provider import CLIENT_SECRET, OpenidProvider
from tests.world import World


@pytest.fixture
def settings(make_settings: Callable[..., Settings], provider: OpenidProvider) -> Settings:
    return make_settings(**provider.environ(OIDC_NAME="Keycloak", OIDC_TRUST_SECOND_FACTOR="1"))


@pytest.fixture
def sam(app: Flask, world: World, provider: OpenidProvider) -> World:
    """Sam at the provider, which the worker has read."""
    be(provider, world.sam)
    read_provider(app)
    return world


def test_the_button_leads_to_the_provider_and_back_to_the_wished_page(
    app: Flask, sam: World, provider: OpenidProvider
) -> None:
    client = app.test_client()
    page = client.get("/sign-in?next=/hours").text
    assert "Sign in with Keycloak" in page
    assert f'href="{START}?next=/hours"' in page
    answer = come(client, "/hours")
    assert (answer.status_code, answer.location) == (303, "/hours")
    assert is_signed_in(client, "/schedule")
    assert methods(app) == ["oidc"]
    (signed_in,) = facts(app, "signed in")
    assert (signed_in.actor, signed_in.detail) == ("sam@attache.example", {"method": "oidc"})


def test_the_provider_is_asked_with_fresh_secrets_and_the_public_address(
    app: Flask, sam: World, settings: Settings
) -> None:
    def asked() -> dict[str, list[str]]:
        answer = app.test_client().get(START, headers={"Host": "evil.example"})
        return parse_qs(urlsplit(answer.location).query)

    first, second = asked(), asked()
    assert first["redirect_uri"] == [settings.public_url + BACK]
    assert first["code_challenge_method"] == ["S256"]
    assert first["scope"] == ["openid email profile"]
    for secret in ("state", "nonce", "code_challenge"):
        assert first[secret] != second[secret]
        assert len(first[secret][0]) >= 22


@pytest.mark.parametrize("wish", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_one_goes_on_to_pages_of_ours_only(app: Flask, sam: World, wish: str) -> None:
    assert come(app.test_client(), wish).location == "/schedule"


def test_without_a_provider_there_is_neither_button_nor_page(
    make_settings: Callable[..., Settings],
) -> None:
    from app.factory import create_app

    app = create_app(make_settings())
    client = app.test_client()
    assert "openid" not in client.get("/sign-in").text
    assert [client.get(path).status_code for path in (START, BACK)] == [404, 404]
    with app.app_context():
        db.engine.dispose()


def test_the_way_there_asks_nobody_but_the_database(
    app: Flask, sam: World, provider: OpenidProvider, count_queries: Callable
) -> None:
    provider.asked.clear()
    with count_queries() as queries:
        assert app.test_client().get(START).status_code == 303
    assert len(queries.starting_with("SELECT")) == len(queries) <= 2
    assert provider.asked == []


def test_a_provider_that_was_not_read_is_closed(app: Flask, world: World, provider: OpenidProvider) -> None:
    answer = app.test_client().get(START)
    assert answer.status_code == 503
    assert "The sign-in service cannot be reached" in answer.text
    read_provider(app)
    change(app, update(Kept).values(read_at=clock.now() - timedelta(days=1)))
    assert app.test_client().get(START).status_code == 503


def test_what_was_read_stays_while_it_is_away(app: Flask, sam: World, provider: OpenidProvider) -> None:
    provider.answers["/realm/.well-known/openid-configuration"] = (500, b"")
    read_provider(app)
    assert come(app.test_client()).location == "/schedule"


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_discovery_document_of_somebody_else_is_not_taken(
    app: Flask, world: World, provider: OpenidProvider, changes: dict[str, str | None]
) -> None:
    provider.document_changes = changes
    read_provider(app)
    assert app.test_client().get(START).status_code == 503
    with app.app_context():
        assert db.session.scalars(select(Kept)).all() == []


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((500, b""), 503),
        ((302, b""), 502),
        ((400, b'{"error": "invalid_grant"}'), 502),
        ((200, b"<html>"), 502),
        ((200, b"[]"), 502),
        ((200, b"{}"), 502),
        ((200, b"[" * 100_000), 502),
        ((200, b" " * (300 << 10)), 502),
    ],
    ids=["500", "redirect", "refused", "html", "list", "empty", "deep", "huge"],
)
def test_a_provider_that_misbehaves_is_told_in_words(
    app: Flask, sam: World, provider: OpenidProvider, answer: tuple[int, bytes], status: int
) -> None:
    provider.answers["/token"] = answer
    told = come(app.test_client())
    assert told.status_code == status
    assert "sign-in link" in told.text
    assert provider.asked.count("/token") == 1
    assert methods(app) == []


def test_a_provider_that_hangs_is_waited_for_shortly(
    app: Flask, sam: World, provider: OpenidProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.accounts.openid import client as asking

    assert asking.SECONDS == 5.0
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    provider.hangs = "/token"
    began = clock.monotonic()
    assert come(app.test_client()).status_code == 503
    assert clock.monotonic() - began < 3


def test_few_wait_for_the_provider_at_a_time(app: Flask, sam: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.accounts.openid import client as asking

    monkeypatch.setattr(asking, "_turns", threading.BoundedSemaphore(1))
    assert come(app.test_client()).status_code == come(app.test_client()).status_code == 303
    with asking._turns:
        answer = come(app.test_client())
    assert answer.status_code == 503
    assert "Many people are signing in" in answer.text


def test_nobody_comes_in_by_the_way_that_another_browser_began(app: Flask, sam: World) -> None:
    mine, theirs = app.test_client(), app.test_client()
    path = leave(mine)
    leave(theirs)
    for client in (theirs, app.test_client()):
        assert client.get(path).status_code == 400
        assert not is_signed_in(client, "/schedule")


def test_a_way_back_is_gone_once(app: Flask, sam: World, provider: OpenidProvider) -> None:
    client = app.test_client()
    begun = client.get(START)
    cookie = client.get_cookie("attache-form")
    assert cookie is not None
    path = at_provider(begun.location)
    assert client.get(path).status_code == 303
    assert client.get(path).status_code == 400
    # Whoever kept the cookie still has a code that the provider took already.
    again = app.test_client()
    again.set_cookie("attache-form", cookie.value)
    assert again.get(path).status_code == 502
    assert len(methods(app)) == 1


def test_a_code_without_this_browser_s_secret_is_worth_nothing(app: Flask, sam: World) -> None:
    mine, theirs = app.test_client(), app.test_client()
    stolen = parse_qs(urlsplit(leave(mine)).query)["code"][0]
    state = parse_qs(urlsplit(leave(theirs)).query)["state"][0]
    assert theirs.get(BACK, query_string={"code": stolen, "state": state}).status_code == 502
    assert methods(app) == []


def test_the_way_back_is_open_for_ten_minutes(app: Flask, sam: World) -> None:
    client = app.test_client()
    path = leave(client)
    with client.session_transaction() as kept:
        kept["openid"] = {**kept["openid"], "until": clock.now().isoformat()}
    assert client.get(path).status_code == 400


def test_whoever_cancels_there_reads_so(app: Flask, sam: World) -> None:
    client = app.test_client()
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    answer = client.get(BACK, query_string={"error": "access_denied", "state": state})
    assert answer.status_code == 403
    assert "did not let you in, or you cancelled" in answer.text
    assert client.get(BACK, query_string={"code": "late", "state": state}).status_code == 400


def test_an_answer_of_another_issuer_is_not_taken(app: Flask, sam: World, provider: OpenidProvider) -> None:
    client = app.test_client()
    assert client.get(leave(client) + "&iss=https%3A%2F%2Fevil.example").status_code == 502
    assert "/token" not in provider.asked
    provider.document_changes = {"authorization_response_iss_parameter_supported": True}
    read_provider(app)
    assert come(client).status_code == 502


def test_the_secret_goes_into_the_form_if_wanted(app: Flask, world: World, provider: OpenidProvider) -> None:
    provider.document_changes = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    be(provider, world.sam)
    read_provider(app)
    assert come(app.test_client()).location == "/schedule"


def test_requirement_08_a_new_session_takes_the_place_of_the_old_one(app: Flask, sam: World) -> None:
    client = app.test_client()
    come(client)
    old = client.get_cookie("attache")
    assert old is not None
    come(client)
    client.set_cookie("attache", old.value)
    assert not is_signed_in(client, "/schedule")


def test_signing_out_ends_the_session_here(app: Flask, sam: World) -> None:
    from tests.accounts.browsing import post

    client = app.test_client()
    come(client)
    assert post(client, "/sign-out", "/schedule").location == "/sign-in"
    assert not is_signed_in(client, "/schedule")
    assert methods(app) == []


def test_requirement_18_no_secret_of_it_stands_in_a_log(
    app: Flask, sam: World, provider: OpenidProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    come(client)
    path = leave(client)
    with client.session_transaction() as kept:
        begun = dict(kept["openid"])
    provider.answers["/token"] = (400, b"{}")
    assert client.get(path).status_code == 502
    secrets = [*provider.given, begun["verifier"], begun["nonce"], begun["state"], CLIENT_SECRET]
    assert "sign-in by OpenID: bad_answer" in caplog.text
    assert [secret for secret in secrets if secret in caplog.text] == []
    with app.app_context():
        entries = str([(entry.actor, entry.detail) for entry in facts(app, "was refused by OpenID")])
    assert [secret for secret in secrets if secret in entries] == []
    assert CLIENT_SECRET not in repr(app.extensions["attache"])


def test_returns_are_limited_by_client(app: Flask, sam: World, provider: OpenidProvider) -> None:
    provider.answers["/token"] = (400, b"{}")
    client = app.test_client()
    assert [come(client).status_code for _ in range(31)] == [502] * 30 + [429]
