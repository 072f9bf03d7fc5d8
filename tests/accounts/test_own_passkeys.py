"""Adding, naming and removing one's own passkeys."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.accounts.models import UserSession
from app.accounts.models_proofs import Passkey
from app.accounts.passkeys.ceremony import Reach, reach
from app.config import Settings
from app.factory import create_app
from app.lib import clock
from app.lib.db import db
from tests.accounts.browsing import change, is_signed_in, operator_link, post
from tests.accounts.passkey_world import (
    AGAIN,
    ENROL,
    NEW,
    ORIGIN,
    OVERVIEW,
    SECOND,
    first_proof,
    question,
    register,
)
from tests.support.second_factor import authenticator_of, codes_now
from tests.support.soft_key import SoftKey
from tests.world import World, client_of


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings(PUBLIC_URL=ORIGIN)


@pytest.fixture
def key(app: Flask, world: World) -> SoftKey:
    """Sam's passkey, beside an authenticator."""
    authenticator_of(app, world.sam.user)
    return register(client_of(app, world.sam))


@pytest.mark.parametrize("field", ["attestationObject", "clientDataJSON"])
def test_a_broken_answer_is_refused(app: Flask, world: World, field: str) -> None:
    authenticator_of(app, world.sam.user)
    client = client_of(app, world.sam)
    for text in ("AAAA", "oA", "", "!", "_" * 400, 7, None):
        sent = json.loads(SoftKey(ORIGIN).make(question(client, NEW, NEW)))
        sent["response"][field] = text
        assert post(client, NEW, credential=json.dumps(sent), name="Phone").status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Passkey.id)).all() == []


def test_a_credential_is_registered_once(app: Flask, world: World, key: SoftKey) -> None:
    authenticator_of(app, world.rita.user)
    client = client_of(app, world.rita)
    answer = post(client, NEW, credential=key.make(question(client, NEW, NEW)), name="Mine")
    assert answer.status_code == 422
    assert "This passkey is registered already" in answer.get_data(as_text=True)


def test_a_passkey_is_named_listed_and_removed(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    client, elsewhere = client_of(app, world.sam), client_of(app, world.sam)
    register(client, "Key ring")
    with app.app_context():
        first, second = db.session.scalars(select(Passkey.public_id).order_by(Passkey.id)).all()
    text = client.get(OVERVIEW).get_data(as_text=True)
    assert "Phone" in text and "Key ring" in text and "Not used yet" in text
    page = f"{OVERVIEW}/passkeys/{second}"
    assert post(client, page, name="\u202e").status_code == 422
    assert post(client, page, name="Old key").location == OVERVIEW
    assert "Old key" in client.get(OVERVIEW).get_data(as_text=True)
    half = first_proof(app, settings, world.sam)
    assert post(client, f"{page}/remove", page).location == OVERVIEW
    assert half.get(SECOND).status_code == 410
    assert "Old key" not in client.get(OVERVIEW).get_data(as_text=True)
    assert not is_signed_in(elsewhere, "/schedule")
    foreign = client_of(app, world.rita)
    for path in ("", "/remove"):
        assert post(foreign, f"{OVERVIEW}/passkeys/{first}{path}", OVERVIEW).status_code == 404
    assert foreign.get(f"{OVERVIEW}/passkeys/{first}").status_code == 404


def test_the_only_factor_stays(app: Flask, settings: Settings, world: World) -> None:
    client, key = first_proof(app, settings, world.sam), SoftKey(ORIGIN)
    made = key.make(question(client, f"{ENROL}/passkey", ENROL))
    post(client, f"{ENROL}/passkey", ENROL, credential=made, name="Phone")
    with app.app_context():
        only = db.session.scalars(select(Passkey.public_id)).one()
    page = f"{OVERVIEW}/passkeys/{only}"
    assert "Remove</button>" not in client.get(page).get_data(as_text=True)
    assert post(client, f"{page}/remove", page).status_code == 422
    register(client, "Another")
    assert post(client, f"{page}/remove", page).location == OVERVIEW


def test_more_than_ten_are_not_taken(app: Flask, world: World) -> None:
    authenticator_of(app, world.sam.user)
    client = client_of(app, world.sam)
    for number in range(10):
        register(client, f"Key {number}")
    assert "Add a passkey" not in client.get(OVERVIEW).get_data(as_text=True)
    answer = post(client, NEW, credential=SoftKey(ORIGIN).make(question(client, NEW, NEW)), name="Key 10")
    assert answer.status_code == 422


def test_requirement_11_changing_passkeys_wants_a_fresh_proof_which_a_passkey_gives(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    client = client_of(app, world.sam)
    change(app, update(UserSession).values(proven_at=clock.now() - timedelta(minutes=11)))
    assert client.get(NEW).location == f"{AGAIN}?next={NEW}"
    assert post(client, f"{NEW}/question", AGAIN).status_code == 303
    proof = key.sign(question(client, f"{AGAIN}/passkey", AGAIN))
    wrong = post(client, f"{AGAIN}/passkey", AGAIN, credential="{}", next=NEW)
    assert wrong.status_code == 422
    assert post(client, f"{AGAIN}/passkey", AGAIN, credential=proof, next=NEW).status_code == 422
    proof = key.sign(question(client, f"{AGAIN}/passkey", AGAIN))
    assert post(client, f"{AGAIN}/passkey", AGAIN, credential=proof, next=NEW).location == NEW
    assert client.get(NEW).status_code == 200


def test_contacts_and_addresses_of_numbers_have_none(
    app: Flask, world: World, make_settings: Callable[..., Settings]
) -> None:
    client = client_of(app, world.vera)
    assert client.get(NEW).status_code == 404
    for path in (f"{NEW}/question", f"{AGAIN}/passkey/question", f"{AGAIN}/passkey"):
        assert post(client, path, "/profile").status_code == 404
    for host in ("127.0.0.1:8000", "[::1]"):
        assert reach(f"http://{host}", host) == Reach(is_here=False, elsewhere="")


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("localhost:8123", True),
        ("LocalHost", True),
        ("localhost:9000", False),
        ("127.0.0.1:8123", False),
        ("[::1]:8123", False),
        ("[", False),
    ],
)
def test_passkeys_are_used_at_the_name_of_the_public_address_alone(host: str, is_here: bool) -> None:
    assert reach(ORIGIN, host) == Reach(is_here, "" if is_here else ORIGIN)


class ByNumber(FlaskClient):
    """Opens the service at an address that is not the public one."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, base_url="http://127.0.0.1:8123", **options)


def test_at_another_address_pages_say_which_one_to_open(app: Flask, settings: Settings, world: World) -> None:
    seed = authenticator_of(app, world.sam.user)
    register(client_of(app, world.sam))
    client = ByNumber(app, app.response_class)
    post(client, operator_link(app, settings, world.sam.email))
    says = f'Open the service at the one below: <a href="{ORIGIN}">{ORIGIN}</a>'
    asks = "data-passkey="
    second = client.get(SECOND).text
    assert says in second and asks not in second
    assert post(client, SECOND, code=codes_now(seed)[0]).status_code == 303
    for path in (OVERVIEW, AGAIN):
        text = client.get(path).text
        assert says in text and asks not in text and NEW not in text
    at_home = client_of(app, world.sam)
    assert NEW in at_home.get(OVERVIEW).text and asks in at_home.get(AGAIN).text


@pytest.mark.parametrize(("host", "is_name"), [("127.0.0.1", False), ("localhost", True)])
def test_the_page_says_why_an_address_of_numbers_has_no_passkeys(
    make_settings: Callable[..., Settings], app: Flask, world: World, host: str, is_name: bool
) -> None:
    here = create_app(make_settings(PUBLIC_URL=f"http://{host}:8000"))
    text = client_of(here, world.rita).get("/profile/security").text
    assert ("this one is a number" in text) is not is_name
    assert (NEW in text) is is_name


def test_looking_at_the_pages_changes_nothing(
    app: Flask, settings: Settings, world: World, key: SoftKey, count_queries: Callable
) -> None:
    signed_in, waiting = client_of(app, world.sam), first_proof(app, settings, world.sam)
    with app.app_context():
        passkey_id = db.session.scalars(select(Passkey.public_id)).one()
    pages = ((signed_in, OVERVIEW), (signed_in, f"{OVERVIEW}/passkeys/{passkey_id}"), (waiting, SECOND))
    for client, path in (*pages, (signed_in, NEW), (signed_in, AGAIN)):
        with count_queries() as queries:
            assert client.get(path).status_code == 200
        assert len(queries.starting_with("SELECT")) == len(queries) <= 12
