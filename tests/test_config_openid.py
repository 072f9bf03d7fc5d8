"""The settings of the OpenID provider: what is meant, and nonsense refused by name."""

from pathlib import Path

import pytest

from app.config import SettingsError, load_settings

WHOLE = {
    "OIDC_DISCOVERY_URL": "https://sso.company.example/realms/staff/.well-known/openid-configuration",
    "OIDC_CLIENT_ID": "attache",
    "OIDC_CLIENT_SECRET": "canary-secret",
}


def test_without_a_discovery_url_there_is_no_provider(tmp_path: Path) -> None:
    assert load_settings({"DATA_DIR": str(tmp_path)}).openid is None


def test_three_variables_are_enough(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), **WHOLE})
    chosen = settings.openid
    assert chosen is not None
    assert (chosen.scopes, chosen.group_claim) == ("openid email profile", "groups")
    assert (chosen.roles, chosen.allowed_domains, chosen.trusts_second_factor) == ((), (), False)
    assert "canary-secret" not in repr(settings)


def test_groups_are_read_in_their_order(tmp_path: Path) -> None:
    roles = "cn=leads=administrator, support=specialist"
    more = {"OIDC_ROLES": roles, "OIDC_COUNTRY": "sk", "OIDC_ALLOWED_DOMAINS": "Company.example, b.example"}
    chosen = load_settings({"DATA_DIR": str(tmp_path), **WHOLE, **more}).openid
    assert chosen is not None
    assert chosen.roles == (("cn=leads", "administrator"), ("support", "specialist"))
    assert (chosen.country, chosen.allowed_domains) == ("SK", ("company.example", "b.example"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_DISCOVERY_URL", "http://sso.company.example/.well-known/openid-configuration"),
        ("OIDC_DISCOVERY_URL", "https://sso.company.example/"),
        ("OIDC_DISCOVERY_URL", "https://u:p@sso.company.example/.well-known/openid-configuration"),
        ("OIDC_DISCOVERY_URL", "https://sso:many/.well-known/openid-configuration"),
        ("OIDC_DISCOVERY_URL", ""),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_CLIENT_SECRET", ""),
        ("OIDC_NAME", "x" * 41),
        ("OIDC_NAME", "Key\ncloak"),
        ("OIDC_SCOPES", "email profile"),
        ("OIDC_ROLES", "support"),
        ("OIDC_ROLES", "support=contact"),
        ("OIDC_ROLES", "support=senior,support=administrator"),
        ("OIDC_ROLES", ","),
        ("OIDC_COUNTRY", "Slovakia"),
        ("OIDC_ALLOWED_DOMAINS", "sam@company.example"),
        ("OIDC_TRUST_SECOND_FACTOR", "perhaps"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({"DATA_DIR": str(tmp_path), **WHOLE, "OIDC_COUNTRY": "SK", name: value})


def test_specialists_of_a_group_need_a_country(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OIDC_COUNTRY"):
        load_settings({"DATA_DIR": str(tmp_path), **WHOLE, "OIDC_ROLES": "support=specialist"})


def test_plain_http_is_for_this_machine(tmp_path: Path) -> None:
    here = {"OIDC_DISCOVERY_URL": "http://127.0.0.1:8080/.well-known/openid-configuration"}
    assert load_settings({"DATA_DIR": str(tmp_path), **WHOLE, **here}).openid is not None
