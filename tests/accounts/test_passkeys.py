"""Passkeys as a second factor: whose, where, for which challenge, and how often."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url

from app.accounts.links import NO_CLIENT, State
from app.accounts.models import AuditEntry, UserSession
from app.accounts.models_proofs import Passkey, SignInStep
from app.accounts.passkeys import service
from app.accounts.passkeys.ceremony import (
    CeremonyRefused,
    Purpose,
    challenge_bytes,
    credential_in,
    new_challenge,
    read_new,
    read_proof,
    site_of,
    went_up,
)
from app.accounts.passkeys.service import place_of_step
from app.accounts.proofs import service as proofs
from app.accounts.proofs.queries import living_step
from app.config import Settings
from app.lib import clock
from app.lib.db import db, write
from tests.accounts.browsing import change, form_token, is_signed_in, post
from tests.accounts.passkey_world import (
    ENROL,
    NEW,
    ORIGIN,
    SECOND,
    first_proof,
    give,
    question,
    register,
    signed,
)
from tests.accounts.test_recovery import from_where
from tests.support.databases import make_engine
from tests.support.second_factor import authenticator_of, codes_now
from tests.support.soft_key import SoftKey
from tests.world import World, build_world, client_of


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings(PUBLIC_URL=ORIGIN)


@pytest.fixture
def key(app: Flask, world: World) -> SoftKey:
    """Sam's passkey, beside an authenticator."""
    authenticator_of(app, world.sam.user)
    return register(client_of(app, world.sam))


def test_requirement_07_whoever_has_nothing_sets_up_a_passkey_and_signs_in_with_it_later(
    app: Flask, settings: Settings, world: World
) -> None:
    client, key = first_proof(app, settings, world.sam), SoftKey(ORIGIN)
    made = key.make(question(client, f"{ENROL}/passkey", ENROL))
    nameless = post(client, f"{ENROL}/passkey", ENROL, credential=made, name=" ")
    assert nameless.status_code == 422
    answer = post(client, f"{ENROL}/passkey", ENROL, credential=made, name="Phone")
    assert answer.status_code == 200
    assert "Your recovery codes" in answer.get_data(as_text=True)
    assert is_signed_in(client, "/schedule")
    later = first_proof(app, settings, world.sam)
    assert give(later, signed(later, key)).location == "/schedule"
    with app.app_context():
        methods = list(db.session.scalars(select(UserSession.method).order_by(UserSession.id)))
        assert methods == ["link+passkey", "link+passkey"]
        assert db.session.scalars(select(Passkey.transports)).one() == ["internal"]
        assert from_where("registered a passkey", "made recovery codes") == ["127.0.0.1"] * 2


def test_the_question_names_what_is_wanted(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    wanted = question(client_of(app, world.sam), NEW, NEW)
    assert wanted["rp"] == {"id": "localhost", "name": settings.organisation}
    assert wanted["attestation"] == "none"
    chosen = wanted["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("discouraged", "preferred")
    assert "authenticatorAttachment" not in chosen
    assert len(wanted["excludeCredentials"]) == 1
    asked = question(first_proof(app, settings, world.sam), f"{SECOND}/passkey", SECOND)
    assert (asked["rpId"], len(asked["allowCredentials"])) == ("localhost", 1)


def test_an_answer_is_taken_once(app: Flask, settings: Settings, world: World, key: SoftKey) -> None:
    client = first_proof(app, settings, world.sam)
    answer = signed(client, key)
    assert give(client, answer).status_code == 303
    again = first_proof(app, settings, world.sam)
    assert give(again, answer).status_code == 422
    question(again, f"{SECOND}/passkey", SECOND)
    assert give(again, answer).status_code == 422
    assert not is_signed_in(again, "/schedule")


def test_a_challenge_serves_one_try_whatever_came_of_it(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    client = first_proof(app, settings, world.sam)
    answer = signed(client, key)
    assert give(client, "{}").status_code == 422
    assert give(client, answer).status_code == 422


def test_a_challenge_serves_one_purpose_for_five_minutes() -> None:
    now = clock.now()
    kept = new_challenge(now, Purpose.PROVE)
    assert len(challenge_bytes(kept, now + timedelta(minutes=4, seconds=58), Purpose.PROVE)) == 32
    assert challenge_bytes(kept, now + timedelta(minutes=5), Purpose.PROVE) == b""
    assert challenge_bytes(kept, now, Purpose.REGISTER) == b""
    assert challenge_bytes("", now, Purpose.PROVE) == b""
    assert len(kept) <= 100


def test_another_site_another_key_and_another_owner_are_refused(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    authenticator_of(app, world.rita.user)
    ritas = register(client_of(app, world.rita))
    client = first_proof(app, settings, world.sam)
    key.origin = "https://evil.example"
    assert give(client, signed(client, key)).status_code == 422
    key.origin, key.rp_id = ORIGIN, "evil.example"
    assert give(client, signed(client, key)).status_code == 422
    assert give(client, signed(client, ritas)).status_code == 422
    stranger = SoftKey(ORIGIN)
    stranger.credential_id = key.credential_id
    assert give(client, signed(client, stranger)).status_code == 422
    client = first_proof(app, settings, world.sam)
    key.rp_id = "localhost"
    assert give(client, signed(client, key, user_handle=world.rita.user.public_id)).status_code == 422
    assert give(client, signed(client, key, user_handle=world.sam.user.public_id)).status_code == 303


def test_a_counter_that_went_back_is_refused_and_written_down(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    key.counter = 7
    client = first_proof(app, settings, world.sam)
    assert give(client, signed(client, key)).status_code == 303
    key.counter = 5
    client = first_proof(app, settings, world.sam)
    assert give(client, signed(client, key)).status_code == 422
    key.counter = 7
    assert give(client, signed(client, key)).status_code == 422
    assert give(client, signed(client, key)).status_code == 303
    with app.app_context():
        facts = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "passkey counted back")).all()
        assert [fact.detail for fact in facts] == [{"counts": [8, 6]}, {"counts": [8, 8]}]


def test_keys_that_do_not_count_always_say_nothing() -> None:
    assert went_up(0, 0)
    assert went_up(0, 1)
    assert not went_up(1, 0)


def test_wrong_answers_count_like_wrong_codes(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    for _ in range(2):
        client = first_proof(app, settings, world.sam)
        fields = {"csrf_token": form_token(client, SECOND), "credential": "{}"}
        answers = [client.post(f"{SECOND}/passkey", data=fields).status_code for _ in range(5)]
        assert answers == [422, 422, 422, 422, 410]
    client = first_proof(app, settings, world.sam)
    assert give(client, signed(client, key)).status_code == 429


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "\x00", '{"id":1}', "9" * 5000, "[" * 900])
def test_nonsense_is_refused(text: str) -> None:
    site = site_of(ORIGIN, "Attaché")
    assert credential_in(text) == ""
    with pytest.raises(CeremonyRefused):
        read_new(site, b"x" * 32, text)
    with pytest.raises(CeremonyRefused):
        read_proof(site, b"x" * 32, text, b"", "sam")


def test_a_code_still_does_where_there_is_a_passkey(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    seed = authenticator_of(app, world.sam.user)
    client = first_proof(app, settings, world.sam)
    assert "Use a passkey" in client.get(SECOND).get_data(as_text=True)
    assert post(client, SECOND, code=codes_now(seed)[0]).location == "/schedule"


def test_enrolling_is_for_whoever_has_nothing(
    app: Flask, settings: Settings, world: World, key: SoftKey
) -> None:
    client = first_proof(app, settings, world.sam)
    assert post(client, f"{ENROL}/passkey/question", SECOND).status_code == 410
    assert post(client, f"{ENROL}/passkey", SECOND, credential="{}", name="Mine").status_code == 410
    change(app, update(SignInStep).values(expires_at=clock.now()))
    assert post(client, f"{SECOND}/passkey/question", "/sign-in").status_code == 410


@pytest.mark.postgres
def test_of_eight_with_one_answer_at_once_one_signs_in(
    session: Session, settings: Settings, database_url: str
) -> None:
    now = clock.now()
    sam = build_world(session, now).sam.user
    site, key = site_of(ORIGIN, ""), SoftKey(ORIGIN)
    made = read_new(site, b"x" * 32, key.make({"challenge": bytes_to_base64url(b"x" * 32)}))
    facts = {"credential_id": made.credential_id, "public_key": made.public_key, "transports": []}
    write(session, [], lambda s: s.add(Passkey(user_id=sam.id, name="Phone", created_at=now, **facts)))
    token = write(session, [], lambda s: proofs.admit(s, now, settings, sam, "link", NO_CLIENT, "")).token
    step = living_step(session, now, token)
    assert step is not None
    place = place_of_step(step)
    asked = write(session, [], lambda s: service.ask(s, now, settings, place, Purpose.PROVE))
    given = (settings, token, key.sign(json.loads(asked)), NO_CLIENT)
    engine, states, start = make_engine(database_url), [], threading.Barrier(8)

    def press() -> None:
        with Session(engine) as own:
            start.wait()
            states.append(write(own, [sam.id], lambda s: service.give_second(s, now, *given)).state)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert states.count(State.SIGNED_IN) == 1
    assert set(states) <= {State.SIGNED_IN, State.DEAD, State.CODE_WRONG}
