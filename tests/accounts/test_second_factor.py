"""Staff prove twice who they are; the second time by their authenticator (requirement 7)."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.links import NO_CLIENT, Outcome, State
from app.accounts.models import AuditEntry, User, UserSession
from app.accounts.models_proofs import RateCount, SignInStep, Totp
from app.accounts.proofs import service as proofs
from app.accounts.proofs import service_setting
from app.accounts.proofs.authenticator import STEP, code_at, holds_for, matching_step, new_seed
from app.accounts.proofs.values import LINK
from app.config import Settings
from app.lib import clock
from app.lib.db import db, write
from app.lib.tally import Tally
from tests.accounts.browsing import change, form_token, is_signed_in, operator_link, post, sign_in_as_staff
from tests.support.databases import make_engine
from tests.support.second_factor import authenticator_of, codes_now, give_authenticator
from tests.world import Member, World, build_world, client_of, session_token_for

NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)
SECOND = "/sign-in/second"


@pytest.fixture
def seed(app: Flask, world: World) -> str:
    """That of Sam's authenticator."""
    return authenticator_of(app, world.sam.user)


def first_proof(app: Flask, settings: Settings, member: Member) -> FlaskClient:
    """A browser in which the link was used, and nothing more."""
    client = app.test_client()
    assert post(client, operator_link(app, settings, member.email)).location == SECOND
    return client


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_requirement_07_a_link_alone_signs_no_staff_in(
    app: Flask, settings: Settings, world: World, seed: str
) -> None:
    client = first_proof(app, settings, world.sam)
    assert client.get_cookie("attache") is None
    assert not is_signed_in(client, "/schedule")
    with app.app_context():
        assert db.session.scalars(select(UserSession)).all() == []


def test_link_and_code_sign_in_and_how_is_kept(
    app: Flask, settings: Settings, world: World, seed: str
) -> None:
    client = first_proof(app, settings, world.sam)
    answer = post(client, SECOND, code=codes_now(seed)[0])
    assert (answer.status_code, answer.location) == (303, "/schedule")
    assert is_signed_in(client, "/schedule")
    assert client.get_cookie("attache-step") is None
    with app.app_context():
        assert db.session.scalars(select(UserSession.method)).one() == "link+totp"
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.verb, last.detail) == ("signed in", {"method": "link+totp"})


def test_the_cookie_of_the_step_is_for_this_site_alone_and_kept_as_a_hash(
    app: Flask, settings: Settings, world: World, seed: str, database_url: str
) -> None:
    answer = post(app.test_client(), operator_link(app, settings, world.sam.email))
    (line,) = (line for line in answer.headers.getlist("Set-Cookie") if line.startswith("attache-step="))
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= set(line.split("; "))
    token = line.partition("=")[2].partition(";")[0].encode()
    file = Path(database_url.removeprefix("sqlite:///"))
    assert not any(token in part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


def test_requirement_08_the_second_proof_gives_a_new_session_and_ends_the_old_one(
    app: Flask, settings: Settings, world: World, seed: str
) -> None:
    client, old = first_proof(app, settings, world.sam), session_token_for(app, world.sam)
    client.set_cookie("attache", old)
    post(client, SECOND, code=codes_now(seed)[0])
    cookie = client.get_cookie("attache")
    assert cookie is not None
    assert cookie.value != old
    client.set_cookie("attache", old)
    assert not is_signed_in(client, "/schedule")


def test_one_goes_on_where_one_wanted_to(app: Flask, settings: Settings, world: World, seed: str) -> None:
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["asked"] = {"email": world.sam.email, "next": "/hours"}
    post(client, operator_link(app, settings, world.sam.email))
    assert post(client, SECOND, code=codes_now(seed)[0]).location == "/hours"


def test_five_wrong_codes_kill_the_step(app: Flask, settings: Settings, world: World, seed: str) -> None:
    client = first_proof(app, settings, world.sam)
    token, code = form_token(client, SECOND), codes_now(seed)[0]
    fields = {"csrf_token": token, "code": wrong(code)}
    assert [client.post(SECOND, data=fields).status_code for _ in range(5)] == [422, 422, 422, 422, 410]
    assert client.post(SECOND, data={**fields, "code": code}).status_code == 410
    assert client.get(SECOND).status_code == 410


def test_ten_wrong_codes_lock_the_account_for_a_while_over_all_steps(
    app: Flask, settings: Settings, world: World, seed: str
) -> None:
    for _ in range(2):
        client = first_proof(app, settings, world.sam)
        token = form_token(client, SECOND)
        for _ in range(5):
            client.post(SECOND, data={"csrf_token": token, "code": wrong(codes_now(seed)[0])})
    client = first_proof(app, settings, world.sam)
    answer = post(client, SECOND, code=codes_now(seed)[0])
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    with app.app_context():
        assert "hit a limit" in set(db.session.scalars(select(AuditEntry.verb)))
    change(app, update(RateCount).values(expires_at=clock.now()))
    # The process remembers until when the limit is used up.
    app.extensions["attache.tally"] = Tally()
    assert post(client, SECOND, code=codes_now(seed)[0]).status_code == 303


def test_a_step_dies_after_ten_minutes_and_with_the_account(
    app: Flask, settings: Settings, world: World, seed: str
) -> None:
    client = first_proof(app, settings, world.sam)
    change(app, update(SignInStep).values(expires_at=clock.now()))
    assert client.get(SECOND).status_code == 410
    client = first_proof(app, settings, world.sam)
    change(app, update(User).where(User.id == world.sam.id).values(is_active=False))
    assert client.get(SECOND).status_code == 410


def test_a_step_is_worth_one_session(app: Flask, settings: Settings, world: World, seed: str) -> None:
    client = first_proof(app, settings, world.sam)
    step = client.get_cookie("attache-step")
    assert step is not None
    post(client, SECOND, code=codes_now(seed)[0])
    client.set_cookie("attache-step", step.value)
    assert client.get(SECOND).status_code == 410


@pytest.mark.parametrize("who", ["sam", "rita"])
def test_looking_at_the_pages_changes_nothing(
    app: Flask, settings: Settings, world: World, seed: str, count_queries: Callable, who: str
) -> None:
    waiting, signed_in = first_proof(app, settings, getattr(world, who)), client_of(app, getattr(world, who))
    for client, path in (
        (waiting, SECOND if who == "sam" else "/sign-in/enrol"),
        (signed_in, "/profile/security"),
    ):
        with count_queries() as queries:
            assert client.get(path).status_code == 200
        assert len(queries.starting_with("SELECT")) == len(queries) <= 12


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_wrong_by_one_step(steps: int, is_taken: bool) -> None:
    seed = new_seed()
    found = matching_step(seed, code_at(seed, NOW + steps * STEP), NOW)
    assert (found is not None) is is_taken


@pytest.mark.parametrize("second", [0, 17, 29])
def test_what_is_said_of_how_long_a_code_is_taken_is_true(second: int) -> None:
    seed, now = new_seed(), datetime(2026, 11, 24, 9, 0, second, tzinfo=UTC)
    code, held = code_at(seed, now), timedelta(seconds=holds_for(now))
    assert matching_step(seed, code, now + held - timedelta(seconds=1)) is not None
    assert matching_step(seed, code, now + held) is None


def test_a_code_may_be_typed_with_a_blank() -> None:
    seed = new_seed()
    code = code_at(seed, NOW)
    assert matching_step(seed, f" {code[:3]} {code[3:]}", NOW) is not None


def test_no_code_is_taken_twice_nor_an_older_one(session: Session, settings: Settings) -> None:
    sam = build_world(session, NOW).sam.user
    seed = give_authenticator(session, NOW, settings, sam)

    def taken(at: datetime) -> str | None:
        return proofs.prove(session, NOW, settings, sam, code_at(seed, at))

    assert [taken(NOW), taken(NOW), taken(NOW - STEP), taken(NOW + STEP)] == ["totp", None, None, "totp"]


@pytest.mark.postgres
def test_of_eight_browsers_with_one_code_at_once_one_signs_in(
    session: Session, settings: Settings, database_url: str
) -> None:
    sam = build_world(session, NOW).sam.user
    seed = give_authenticator(session, NOW, settings, sam)
    steps = [
        write(session, [], lambda s: proofs.admit(s, NOW, settings, sam, LINK, NO_CLIENT, ""))
        for _ in range(8)
    ]
    engine, states, start = make_engine(database_url), [], threading.Barrier(8)

    def press(step: Outcome) -> None:
        with Session(engine) as own:
            start.wait()
            given = (step.token, code_at(seed, NOW), NO_CLIENT)
            states.append(write(own, [sam.id], lambda s: proofs.give_second(s, NOW, settings, *given)).state)

    threads = [threading.Thread(target=press, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(states) == [State.CODE_WRONG] * 7 + [State.SIGNED_IN]


def test_a_seed_is_sealed_for_its_owner_alone(session: Session, settings: Settings) -> None:
    world = build_world(session, NOW)
    seed = give_authenticator(session, NOW, settings, world.sam.user)
    give_authenticator(session, NOW, settings, world.rita.user)
    theirs = session.get_one(Totp, world.sam.id).sealed_seed
    assert seed not in theirs
    session.get_one(Totp, world.rita.id).sealed_seed = theirs
    session.flush()
    assert proofs.prove(session, NOW, settings, world.rita.user, code_at(seed, NOW)) is None


def test_another_authenticator_takes_the_place_of_the_first(
    app: Flask, settings: Settings, world: World, seed: str
) -> None:
    client, elsewhere = sign_in_as_staff(app, settings, world.sam, seed), client_of(app, world.sam)
    page = "/profile/security/authenticator"
    another = shown_seed(client, page)
    assert another != seed
    half = first_proof(app, settings, world.sam)
    assert post(client, page, code=wrong(codes_now(another)[0])).status_code == 422
    assert post(client, page, code=codes_now(another)[0]).location == "/profile/security"
    assert is_signed_in(client, "/schedule")
    assert not is_signed_in(elsewhere, "/schedule")
    assert half.get(SECOND).status_code == 410
    second = first_proof(app, settings, world.sam)
    assert post(second, SECOND, code=codes_now(seed)[1]).status_code == 422
    assert post(second, SECOND, code=codes_now(another)[1]).status_code == 303


def shown_seed(client: FlaskClient, path: str) -> str:
    """The secret to type that a page shows."""
    text = client.get(path).get_data(as_text=True)
    return text.partition('<p class="key">')[2].partition("<")[0].replace(" ", "")


def test_a_contact_has_no_such_page(app: Flask, world: World) -> None:
    client = client_of(app, world.vera)
    for path in ("", "/password", "/authenticator", "/recovery-codes"):
        assert client.get(f"/profile/security{path}").status_code == 404


def test_an_offered_seed_is_for_ten_minutes_and_one_person(settings: Settings) -> None:
    from app.accounts.proofs.offer import make_offer, offered_seed

    keys = settings.sealing_keys
    offer = make_offer(keys, NOW, "sam", "SEED")
    assert offered_seed(keys, NOW + timedelta(minutes=9), "sam", offer) == "SEED"
    assert offered_seed(keys, NOW + timedelta(minutes=10), "sam", offer) == ""
    assert offered_seed(keys, NOW, "rita", offer) == ""


def test_reset_takes_every_second_factor_away(session: Session, settings: Settings) -> None:
    sam = build_world(session, NOW).sam.user
    give_authenticator(session, NOW, settings, sam)
    service_setting.renew_recovery_codes(session, NOW, sam)
    gone = service_setting.forget_factors(session, sam.id)
    assert gone == {"totp": 1, "passkey": 0, "recovery_code": 10}
