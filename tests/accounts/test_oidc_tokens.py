"""ID tokens that the OpenID provider did not make for us, here and now, sign nobody in."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.config import Settings
from tests.accounts.oidc_browsing import be, come, facts, methods, read_provider
from tests.fakes.openid_provider import OpenidProvider, key_named
from tests.world import World

HOUR = 3600


@pytest.fixture
def settings(make_settings: Callable[..., Settings], provider: OpenidProvider) -> Settings:
    return make_settings(**provider.environ(OIDC_TRUST_SECOND_FACTOR="1"))


@pytest.fixture
def sam(app: Flask, world: World, provider: OpenidProvider) -> World:
    """Sam at the provider, which the worker has read."""
    be(provider, world.sam)
    read_provider(app)
    return world


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": "another", "azp": "attache:web"},
        {"aud": ["attache:web", "another"]},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": -HOUR},
        {"exp": None},
        {"iat": HOUR},
        {"sub": ""},
        {"sub": None},
        {"sub": ["s"]},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_and_now_signs_nobody_in(
    app: Flask, sam: World, provider: OpenidProvider, changes: dict[str, object]
) -> None:
    moment = provider.now
    provider.token_changes = {
        name: moment + value if isinstance(value, int) else value for name, value in changes.items()
    }
    assert_untrusted(app)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_only_a_public_key_proves_a_provider(
    app: Flask, sam: World, provider: OpenidProvider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    assert_untrusted(app)


def assert_untrusted(app: Flask) -> None:
    client = app.test_client()
    answer = come(client)
    assert answer.status_code == 502
    assert "cannot be trusted" in answer.text
    assert methods(app) == []
    assert len(facts(app, "was refused by OpenID")) == 1


def test_a_clock_may_be_wrong_by_a_little(app: Flask, sam: World, provider: OpenidProvider) -> None:
    provider.token_changes = {"iat": provider.now + 30, "exp": provider.now - 30}
    assert come(app.test_client()).location == "/schedule"


def test_new_keys_are_read_once_and_kept(app: Flask, sam: World, provider: OpenidProvider) -> None:
    provider.rotate("second")
    provider.asked.clear()
    assert come(app.test_client()).location == "/schedule"
    assert provider.asked == ["/authorize", "/token", "/keys"]
    assert come(app.test_client()).location == "/schedule"
    assert provider.asked.count("/keys") == 1


def test_a_key_that_the_provider_does_not_publish_proves_nothing(
    app: Flask, sam: World, provider: OpenidProvider
) -> None:
    provider.key = key_named("stolen")
    provider.asked.clear()
    assert_untrusted(app)
    assert provider.asked.count("/keys") == 1


def test_a_forged_signature_of_a_known_key_proves_nothing(
    app: Flask, sam: World, provider: OpenidProvider
) -> None:
    genuine = provider.published
    provider.rotate("second")
    forger = dict(key_named("second").as_dict(private=True), kid="first")
    provider.key = type(provider.key).import_key(forger)
    provider.published = genuine
    assert_untrusted(app)
