"""Settings: defaults that work, and nonsense refused by name."""

from pathlib import Path

import pytest

from app.config import SettingsError, load_settings


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path)})
    assert settings.public_url == "http://localhost:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/attache.sqlite"
    assert settings.caldav_allowed_origins == ("http://127.0.0.1:5232",)
    assert not settings.is_secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "web"),
        ("PORT", "0"),
        ("PUBLIC_URL", "http://calls.example.com"),
        ("PUBLIC_URL", "calls.example.com"),
        ("PUBLIC_URL", "https://m\u00fcnchen.example"),
        ("SERVICE_TIME_ZONE", "CET+1"),
        ("CALENDAR_MAX_AGE", "5"),
        ("DATABASE_URL", "mysql://x"),
        ("SMTP_URL", "http://x"),
        ("IMAP_URL", "https://u:p@x"),
        ("IMAP_URL", "imaps://mail.example"),
        ("IMAP_URL", "imaps://u:p@mail.example:many"),
        ("DEMO", "perhaps"),
        ("CALDAV_ALLOWED_ORIGINS", "dav.example"),
        ("LOG_LEVEL", "loud"),
        ("SECRET_KEY", "short"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({"DATA_DIR": str(tmp_path), name: value})


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "canary-" * 8,
            "SMTP_URL": "smtp://u:canary-2@h",
            "IMAP_URL": "imaps://u:canary-3@h",
        }
    )
    assert "canary" not in repr(settings)


def test_the_demo_mail_page_is_for_this_machine_without_a_mail_server(tmp_path: Path) -> None:
    base = {"DATA_DIR": str(tmp_path), "DEMO": "1"}
    assert load_settings(base).shows_demo_mail
    assert not load_settings({**base, "SMTP_URL": "smtp://mail.example"}).shows_demo_mail
    assert not load_settings({**base, "PUBLIC_URL": "https://calls.example.com"}).shows_demo_mail
    assert not load_settings({**base, "DEMO": "0"}).shows_demo_mail


def test_guests_get_addresses_of_their_own_where_answers_are_read(tmp_path: Path) -> None:
    base = {"DATA_DIR": str(tmp_path)}
    with_mailbox = base | {"IMAP_URL": "imaps://u:p@mail.example"}
    assert not load_settings(base).organizer_tags and load_settings(with_mailbox).organizer_tags
    assert not load_settings(with_mailbox | {"ORGANIZER_TAGS": "0"}).organizer_tags
    long = with_mailbox | {"ORGANIZER_ADDRESS": "c" * 38 + "@mail.example"}
    with pytest.raises(SettingsError, match="ORGANIZER_ADDRESS"):
        load_settings(long)
