"""Setting up the first authenticator, and the codes that stand in for a lost one."""

import re
import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.links import NO_CLIENT
from app.accounts.models import AuditEntry, UserSession
from app.accounts.models_proofs import RecoveryCode, SignInStep, Totp
from app.accounts.proofs import queries, service_setting
from app.accounts.proofs import service as proofs
from app.accounts.proofs.recovery import new_codes, recovery_hash
from app.config import Settings
from app.lib.db import db, write
from tests.accounts.browsing import is_signed_in, operator_link, post
from tests.support.databases import make_engine
from tests.support.second_factor import authenticator_of, codes_now
from tests.world import Member, World, build_world, client_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ENROL, SECOND = "/sign-in/enrol", "/sign-in/second"
_CODE = re.compile(r"<li>((?:[a-z0-9]{4}-){3}[a-z0-9]{4})</li>")


def first_proof(app: Flask, settings: Settings, member: Member) -> FlaskClient:
    client = app.test_client()
    post(client, operator_link(app, settings, member.email))
    return client


def shown_seed(client: FlaskClient, path: str = ENROL) -> str:
    text = client.get(path).get_data(as_text=True)
    return text.partition('<p class="key">')[2].partition("<")[0].replace(" ", "")


def test_whoever_has_no_second_factor_sets_one_up_before_anything_else(
    app: Flask, settings: Settings, world: World
) -> None:
    client = first_proof(app, settings, world.sam)
    assert client.get(SECOND).location == ENROL
    assert client.get("/schedule").location.startswith("/sign-in?next=")
    page = client.get(ENROL).get_data(as_text=True)
    assert 'src="data:image/svg+xml' in page
    seed = shown_seed(client)
    assert len(seed) == 32
    assert post(client, ENROL, code="000000").status_code == 422
    assert shown_seed(client) == seed
    answer = post(client, ENROL, code=codes_now(seed)[0])
    assert answer.status_code == 200
    assert len(set(_CODE.findall(answer.get_data(as_text=True)))) == 10
    assert 'href="/schedule"' in answer.get_data(as_text=True)
    assert is_signed_in(client, "/schedule")
    with app.app_context():
        assert db.session.scalars(select(UserSession.method)).one() == "link+totp"
        assert from_where("set up an authenticator", "made recovery codes") == ["127.0.0.1"] * 2


def from_where(*verbs: str) -> list[str]:
    facts = select(AuditEntry.client_address).where(AuditEntry.verb.in_(verbs))
    return list(db.session.scalars(facts))


def test_the_code_that_set_it_up_is_used_up(app: Flask, settings: Settings, world: World) -> None:
    client = first_proof(app, settings, world.sam)
    seed = shown_seed(client)
    now, following = codes_now(seed)
    post(client, ENROL, code=now)
    again = first_proof(app, settings, world.sam)
    assert post(again, SECOND, code=now).status_code == 422
    assert post(again, SECOND, code=following).status_code == 303


def test_two_browsers_are_never_shown_the_same_seed(app: Flask, settings: Settings, world: World) -> None:
    """Whoever saw a seed and left must not know that of whoever comes after."""
    first, second = (first_proof(app, settings, world.sam) for _ in range(2))
    seeds = [shown_seed(client) for client in (first, second)]
    assert seeds[0] != seeds[1]
    assert post(first, ENROL, code=codes_now(seeds[0])[0]).status_code == 200
    assert second.get(ENROL).location == SECOND
    assert post(second, ENROL, SECOND, code=codes_now(seeds[1])[0]).location == SECOND
    assert not is_signed_in(second, "/schedule")


def test_nothing_is_kept_before_the_code_is_typed(app: Flask, settings: Settings, world: World) -> None:
    client = first_proof(app, settings, world.sam)
    shown_seed(client)
    with app.app_context():
        assert db.session.scalars(select(Totp.user_id)).all() == []


def test_a_recovery_code_signs_in_once(app: Flask, settings: Settings, world: World) -> None:
    client = first_proof(app, settings, world.sam)
    answer = post(client, ENROL, code=codes_now(shown_seed(client))[0])
    code = _CODE.findall(answer.get_data(as_text=True))[3]
    with app.app_context():
        hashes = set(db.session.scalars(select(RecoveryCode.code_hash)))
        assert recovery_hash(code) in hashes
        assert all(re.fullmatch("[0-9a-f]{64}", each) for each in hashes)
    again = first_proof(app, settings, world.sam)
    assert post(again, SECOND, code=code.upper().replace("-", " ")).location == "/schedule"
    assert "9 codes are left" in again.get("/profile/security").get_data(as_text=True)
    with app.app_context():
        methods = set(db.session.scalars(select(UserSession.method)))
    assert methods == {"link+totp", "link+recovery"}
    assert post(first_proof(app, settings, world.sam), SECOND, code=code).status_code == 422


def test_another_persons_recovery_code_is_worth_nothing(session: Session, settings: Settings) -> None:
    world = build_world(session, NOW)
    codes = service_setting.renew_recovery_codes(session, NOW, world.rita.user)
    assert proofs.prove(session, NOW, settings, world.sam.user, codes[0]) is None
    assert proofs.prove(session, NOW, settings, world.rita.user, codes[0]) == "recovery"


def test_new_codes_end_the_old_ones(app: Flask, settings: Settings, world: World) -> None:
    authenticator_of(app, world.sam.user)
    with app.app_context():
        old = write(db.session(), [], lambda s: service_setting.renew_recovery_codes(s, NOW, world.sam.user))
    client, page = client_of(app, world.sam), "/profile/security/recovery-codes"
    answer = post(client, page)
    fresh = _CODE.findall(answer.get_data(as_text=True))
    assert len(fresh) == 10
    assert not set(fresh) & set(old)
    user = world.sam.user
    with app.app_context():
        taken = [proofs.prove(db.session(), NOW, settings, user, code) for code in (old[0], fresh[0])]
    assert taken == [None, "recovery"]


def test_a_lost_phone_is_replaced_with_recovery_codes_alone(
    app: Flask, settings: Settings, world: World
) -> None:
    authenticator_of(app, world.sam.user)
    with app.app_context():
        codes = write(
            db.session(), [], lambda s: service_setting.renew_recovery_codes(s, NOW, world.sam.user)
        )
    client = first_proof(app, settings, world.sam)
    post(client, SECOND, code=codes[0])
    page = "/profile/security/authenticator"
    seed = shown_seed(client, page)
    assert post(client, page, code=codes_now(seed)[0]).location == "/profile/security"


def test_codes_are_long_different_and_readable() -> None:
    codes = [code for _ in range(20) for code in new_codes()]
    assert len(set(codes)) == 200
    assert all(re.fullmatch(r"(?:[a-z0-9]{4}-){3}[a-z0-9]{4}", code) for code in codes)
    assert not set("".join(codes)) & set("il1o")


@pytest.mark.postgres
def test_of_eight_with_one_recovery_code_at_once_one_is_right(
    session: Session, settings: Settings, database_url: str
) -> None:
    sam = build_world(session, NOW).sam.user
    code = write(session, [], lambda s: service_setting.renew_recovery_codes(s, NOW, sam))[0]
    engine, found, start = make_engine(database_url), [], threading.Barrier(8)

    def press() -> None:
        with Session(engine) as own:
            start.wait()
            found.append(write(own, [sam.id], lambda s: proofs.prove(s, NOW, settings, sam, code)))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert found.count("recovery") == 1


def test_ending_the_steps_of_a_person_ends_what_waits(session: Session, settings: Settings) -> None:
    sam = build_world(session, NOW).sam.user
    token = write(session, [], lambda s: proofs.admit(s, NOW, settings, sam, "link", NO_CLIENT, "")).token
    assert queries.living_step(session, NOW, token) is not None
    write(session, [], lambda s: service_setting.end_steps_of(s, NOW, sam.id))
    assert queries.living_step(session, NOW, token) is None
    assert session.scalars(select(SignInStep.used_at)).one() == NOW
