"""Who of the staff somebody is whom the OpenID provider knows, and as what they come in."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.accounts.models import User
from app.accounts.models_proofs import ExternalIdentity
from app.accounts.values import ROLES
from app.config import Settings
from app.config_openid import STAFF_ROLES
from app.customers.models import Assignment, Specialist
from app.lib.db import db
from app.mail.models import OutgoingMail
from tests.accounts.browsing import change, is_signed_in, post
from tests.accounts.oidc_browsing import be, come, facts, methods, read_provider
from tests.fakes.openid_provider import OpenidProvider
from tests.support.second_factor import authenticator_of, codes_now
from tests.world import World, client_of

ROLES_OF_GROUPS = "leads=administrator,l2=senior,support=specialist"


@pytest.fixture
def settings(
    make_settings: Callable[..., Settings], provider: OpenidProvider, request: pytest.FixtureRequest
) -> Settings:
    """Groups decide; what a test parametrizes ``settings`` with stands above that."""
    changes = {
        "OIDC_NAME": "Keycloak",
        "OIDC_ROLES": ROLES_OF_GROUPS,
        "OIDC_COUNTRY": "sk",
        "OIDC_TRUST_SECOND_FACTOR": "1",
        **getattr(request, "param", {}),
    }
    return make_settings(**provider.environ(**{name: value for name, value in changes.items() if value}))


LINKED = OutgoingMail.thread.like("linked:%")
WITHOUT_GROUPS = pytest.mark.parametrize(
    "settings", [{"OIDC_ROLES": "", "OIDC_COUNTRY": ""}], indirect=True, ids=["no groups"]
)
ONE_DOMAIN = pytest.mark.parametrize(
    "settings", [{"OIDC_ALLOWED_DOMAINS": "attache.example"}], indirect=True, ids=["domain"]
)
OWN_STEP = pytest.mark.parametrize(
    "settings", [{"OIDC_TRUST_SECOND_FACTOR": ""}], indirect=True, ids=["own step"]
)


@pytest.fixture(autouse=True)
def _read(app: Flask, world: World, provider: OpenidProvider) -> None:
    read_provider(app)


def refused(app: Flask, reason: str) -> None:
    """Nobody came in, and it is written down why."""
    assert methods(app) == []
    assert [entry.detail["reason"] for entry in facts(app, "was refused by OpenID")] == [reason]


def test_the_roles_of_groups_are_those_of_the_staff() -> None:
    assert {*STAFF_ROLES, "contact"} == set(ROLES)


def test_staff_are_known_by_their_verified_address_once_and_told_by_mail(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    be(provider, world.sam, groups=["support"])
    assert come(app.test_client()).location == "/schedule"
    (linked,) = facts(app, "linked an identity")
    assert linked.detail == {"issuer": f"{provider.base}/realm", "subject": f"sub-{world.sam.id}"}
    with app.app_context():
        (mail,) = db.session.scalars(select(OutgoingMail).where(LINKED)).all()
        assert mail.recipient == "sam@attache.example"
        assert b"You can now sign in with Keycloak" in mail.content
    # From then on by who they are there, whatever their address is.
    be(provider, world.sam, groups=["support"], email="other@elsewhere.example", email_verified=False)
    assert come(app.test_client()).location == "/schedule"
    with app.app_context():
        assert len(db.session.scalars(select(OutgoingMail).where(LINKED)).all()) == 1
    assert methods(app) == ["oidc", "oidc"]


@WITHOUT_GROUPS
def test_an_address_that_is_not_verified_proves_nothing(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    for verified in (False, None, "no", 2):
        be(provider, world.sam, email_verified=verified)
        answer = come(app.test_client())
        assert answer.status_code == 403
        assert "did not confirm that your e-mail address is yours" in answer.text
    assert methods(app) == []
    be(provider, world.sam, email_verified=None, xms_edov="1")
    assert come(app.test_client()).location == "/schedule"


@WITHOUT_GROUPS
def test_userinfo_tells_what_the_token_does_not(app: Flask, world: World, provider: OpenidProvider) -> None:
    be(provider, world.sam, email=None, email_verified=None)
    provider.userinfo = {"email": world.sam.email, "email_verified": True}
    assert come(app.test_client()).location == "/schedule"
    assert provider.asked[-1] == "/userinfo"
    # What it says of somebody else, or of another address, is not mixed in.
    be(provider, world.rita, email=None, email_verified=None)
    provider.userinfo = {"sub": "another", "email": world.rita.email, "email_verified": True}
    assert come(app.test_client()).status_code == 502


@WITHOUT_GROUPS
@pytest.mark.parametrize(
    ("who", "words"), [("vera", "sign in with a link"), (None, "has your e-mail address")]
)
def test_contacts_and_strangers_do_not_come_in_this_way(
    app: Flask, world: World, provider: OpenidProvider, who: str | None, words: str
) -> None:
    be(provider, world.vera, **({} if who else {"email": "nobody@attache.example"}))
    answer = come(app.test_client())
    assert answer.status_code == 403
    assert words in answer.text
    refused(app, "contact" if who else "unknown")


def test_a_contact_in_a_group_stays_a_contact(app: Flask, world: World, provider: OpenidProvider) -> None:
    be(provider, world.vera, groups=["leads"])
    assert come(app.test_client()).status_code == 403
    refused(app, "contact")


def test_the_disabled_stay_outside(app: Flask, world: World, provider: OpenidProvider) -> None:
    be(provider, world.sam, groups=["support"])
    change(app, update(User).where(User.id == world.sam.id).values(is_active=False))
    answer = come(app.test_client())
    assert "Your account here is disabled" in answer.text
    refused(app, "disabled")
    with app.app_context():
        assert db.session.scalars(select(ExternalIdentity)).all() == []


def test_somebody_new_is_made_from_a_group(
    app: Flask, world: World, provider: OpenidProvider, settings: Settings
) -> None:
    provider.claims = {
        **{"sub": "eva", "email": "eva@attache.example", "email_verified": True},
        **{"given_name": "Eva", "family_name": "Nov\u00e1", "locale": "ru-RU", "groups": ["x", "support"]},
    }
    client = app.test_client()
    assert come(client).location == "/schedule"
    assert is_signed_in(client, "/schedule")
    with app.app_context():
        eva = db.session.scalars(select(User).where(User.email == "eva@attache.example")).one()
        assert (eva.name, eva.role, eva.language) == ("Eva Nov\u00e1", "specialist", "ru")
        assert eva.time_zone == settings.service_time_zone
        assert db.session.get_one(Specialist, eva.id).country == "SK"
    (added,) = facts(app, "added")
    assert (added.actor, added.detail["role"]) == ("OpenID groups", "specialist")


def test_a_name_that_cannot_be_taken_makes_nobody_or_a_plain_one(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    claims = {"sub": "x", "email_verified": True, "groups": ["leads"]}
    provider.claims = {**claims, "email": "not an address@attache.example", "name": "X"}
    assert come(app.test_client()).status_code == 403
    refused(app, "not_made")
    provider.claims = {**claims, "email": "x@attache.example", "name": "\u202ex\r\nBcc: all"}
    assert come(app.test_client()).location == "/overview"
    with app.app_context():
        name = db.session.scalars(select(User.name).where(User.email == "x@attache.example")).one()
        assert name == "x Bcc: all"


@pytest.mark.parametrize("groups", [[], None, ["Support"], "visitors"])
def test_whoever_lost_all_groups_stays_outside(
    app: Flask, world: World, provider: OpenidProvider, groups: list[str] | None
) -> None:
    be(provider, world.sam, groups=groups)
    answer = come(app.test_client())
    assert answer.status_code == 403
    assert "in no group that works here" in answer.text
    refused(app, "no_role")


def test_another_group_is_another_role_and_old_sessions_end(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    elsewhere = client_of(app, world.ada)
    change(app, update(User).where(User.id == world.rita.id).values(role="administrator"))
    be(provider, world.ada, groups=["l2"])
    client = app.test_client()
    assert come(client).location == "/schedule"
    (changed,) = facts(app, "changed the role")
    assert (changed.actor, changed.detail) == ("OpenID groups", {"role": ["administrator", "senior"]})
    assert not is_signed_in(elsewhere, "/overview")
    assert client.get("/overview").status_code == 404
    with app.app_context():
        assert db.session.get_one(Specialist, world.ada.id).country == "SK"


def test_groups_that_take_a_stand_in_of_a_closed_account_away_are_told(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    change(app, update(User).where(User.id == world.sam.id).values(is_active=False))
    usual = update(Specialist).where(Specialist.user_id == world.sam.id)
    change(app, usual.values(stand_in_id=world.lev.id))
    be(provider, world.lev, groups=["l2"])
    come(app.test_client())
    wanted = select(OutgoingMail.recipient).where(OutgoingMail.thread.like(f"closed:{world.sam.id}:%"))
    with app.app_context():
        assert db.session.scalars(wanted).all() == []
    be(provider, world.lev, groups=["leads"])
    come(app.test_client())
    with app.app_context():
        assert sorted(db.session.scalars(wanted)) == [world.ada.email, world.lev.email]


def test_groups_do_not_take_the_last_administrator_away(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    be(provider, world.ada, groups=["l2"])
    assert come(app.test_client()).location == "/overview"
    (kept,) = facts(app, "could not change the role")
    assert "last administrator" in kept.detail["why"]


def test_a_specialist_whom_companies_count_on_keeps_the_role(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    be(provider, world.sam, groups=["leads", "support"])
    assert come(app.test_client()).location == "/schedule"
    (kept,) = facts(app, "could not change the role")
    assert kept.detail["role"] == ["specialist", "administrator"]
    assert "Nordwind" in kept.detail["why"]
    change(app, delete(Assignment))
    assert come(app.test_client()).location == "/overview"


@pytest.mark.parametrize(
    "settings", [{"OIDC_ALLOWED_DOMAINS": "attache.example"}], indirect=True, ids=["domain"]
)
def test_only_the_addresses_of_certain_domains_come_in(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    be(provider, world.sam, groups=["support"])
    assert come(app.test_client()).location == "/schedule"
    for address in ("sam@evil.example", "sam@attache.example.evil.example", "sam@xattache.example"):
        be(provider, world.sam, groups=["support"], email=address)
        assert come(app.test_client()).status_code == 403
    be(provider, world.sam, groups=["support"], email_verified=False)
    assert come(app.test_client()).status_code == 403
    assert {entry.detail["reason"] for entry in facts(app, "was refused by OpenID")} == {"domain"}


@OWN_STEP
def test_requirement_07_our_own_second_proof_follows_when_the_provider_saw_none(
    app: Flask, world: World, provider: OpenidProvider
) -> None:
    seed, client = authenticator_of(app, world.sam.user), app.test_client()
    be(provider, world.sam, groups=["support"], amr=["pwd"])
    assert come(client, "/hours").location == "/sign-in/second"
    assert not is_signed_in(client, "/schedule")
    assert post(client, "/sign-in/second", code=codes_now(seed)[0]).location == "/hours"
    assert methods(app) == ["oidc+totp"]


@OWN_STEP
@pytest.mark.parametrize("proof", [{"amr": ["pwd", "otp"]}, {"amr": ["mfa"]}, {"acr": "phr"}], ids=str)
def test_a_second_factor_that_the_provider_saw_counts_when_it_is_signed(
    app: Flask, world: World, provider: OpenidProvider, proof: dict[str, object]
) -> None:
    be(provider, world.sam)
    provider.userinfo = {"groups": ["support"], **proof}
    assert come(app.test_client()).location == "/sign-in/second"
    be(provider, world.sam, groups=["support"], **proof)
    assert come(app.test_client()).location == "/schedule"
    assert methods(app) == ["oidc"]
