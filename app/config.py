"""All settings, read once from the environment into one frozen value; nonsense is refused by name."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from limits import RateLimitItem

from app.config_openid import OpenidSettings, read_openid
from app.config_phone import PhoneSettings, read_phone
from app.lib.addresses import is_loopback
from app.lib.keys import KeyFiles
from app.lib.rates import read_limits
from app.lib.zones import is_zone
from app.settings.values import RESPONSE_TIMES, Feature, ResponseTime, ServiceWindow

T = TypeVar("T")


class SettingsError(ValueError):
    """A setting has a value that cannot be meant; the text names the setting and says what to write."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can choose; docs/configuration.md has the same list in words."""

    data_dir: Path
    database_url: str
    public_url: str
    host: str
    port: int
    secret_key: str = field(repr=False)
    sealing_keys: tuple[str, ...] = field(repr=False)
    organisation: str
    service_time_zone: str
    service_window: ServiceWindow
    service_country: str
    service_region: str
    languages: tuple[str, ...]
    calendar_max_age: timedelta
    sync_interval: timedelta
    subscription_interval: timedelta
    caldav_embedded: bool
    caldav_port: int
    caldav_allowed_origins: tuple[str, ...]
    caldav_ca_file: str
    smtp_url: str = field(repr=False)
    imap_url: str = field(repr=False)
    mail_authserv_id: str
    mail_from: str
    organizer_address: str
    organizer_tags: bool
    desk_address: str
    standard_chat_url: str
    standard_email: str
    option_contact: str
    option_price: str
    response_times: tuple[ResponseTime, ...]
    callback_hours: int
    mail_retention_days: int
    audit_retention_days: int
    ended_session_days: int
    features_off: frozenset[Feature]
    demo: bool
    trusted_proxies: int
    limits: Mapping[str, RateLimitItem]
    log_level: str
    openid: OpenidSettings | None
    phone: PhoneSettings | None

    def offers(self, feature: Feature) -> bool:
        """Whether a part of the service is switched on."""
        return feature not in self.features_off

    @property
    def is_secure(self) -> bool:
        """Whether pages are served over https, so that cookies can be Secure."""
        return self.public_url.startswith("https://")

    @property
    def mail_dir(self) -> Path:
        """Where mail goes while there is no SMTP server."""
        return self.data_dir / "mail"

    @property
    def reads_answers(self) -> bool:
        """Whether there is a mailbox that answers to invitations are read from."""
        return bool(self.imap_url)

    @property
    def shows_demo_mail(self) -> bool:
        """The demo's mail page exists only on loopback and without a real SMTP server."""
        return self.demo and not self.smtp_url and is_loopback(urlsplit(self.public_url).hostname or "")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; missing keys are made in DATA_DIR/keys.

    Raises SettingsError, naming the variable, for a value that cannot be meant.
    """
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("DATA_DIR", "var")).absolute()
    host = env.get("HOST", "127.0.0.1")
    port = _integer(env, "PORT", 8000, 1, 65535)
    caldav_port = _integer(env, "CALDAV_PORT", 5232, 1, 65535)
    # A name, though we listen on its number: browsers bind passkeys to names alone.
    public_url = _public_url(env.get("PUBLIC_URL", f"http://localhost:{port}"))
    embedded = _boolean(env, "CALDAV_EMBEDDED", True)
    keys = KeyFiles(data_dir / "keys")
    domain = urlsplit(public_url).hostname or "localhost"
    # An address literal is not a mail domain; the demo's own domain stands in for it.
    mail_domain = "attache.example" if is_loopback(domain) else domain
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(env, data_dir),
        public_url=public_url,
        host=host,
        port=port,
        secret_key=_secret_key(env, keys),
        sealing_keys=keys.sealing_keys(),
        organisation=env.get("ORGANISATION", "Attaché"),
        **_service_settings(env),
        languages=("en", "ru"),
        calendar_max_age=timedelta(seconds=_integer(env, "CALENDAR_MAX_AGE", 900, 60, 86400)),
        sync_interval=timedelta(seconds=_integer(env, "SYNC_INTERVAL", 60, 1, 3600)),
        subscription_interval=timedelta(seconds=_integer(env, "SUBSCRIPTION_INTERVAL", 300, 10, 86400)),
        caldav_embedded=embedded,
        caldav_port=caldav_port,
        caldav_allowed_origins=_origins(env, f"http://127.0.0.1:{caldav_port}" if embedded else ""),
        caldav_ca_file=env.get("CALDAV_CA_FILE", ""),
        **_mail_settings(env, mail_domain),
        standard_chat_url=env.get("STANDARD_CHAT_URL", ""),
        standard_email=env.get("STANDARD_EMAIL", f"support@{mail_domain}"),
        option_contact=env.get("OPTION_CONTACT", f"sales@{mail_domain}"),
        demo=_boolean(env, "DEMO", False),
        trusted_proxies=_integer(env, "TRUSTED_PROXIES", 0, 0, 10),
        limits=_named(read_limits, env),
        log_level=_choice(env, "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        openid=_named(read_openid, env),
        phone=_named(read_phone, env),
    )


def _service_settings(env: Mapping[str, str]) -> dict[str, Any]:
    """When the service works and what it promises; what has no variable is built in and changed on pages."""
    return {
        "service_time_zone": _zone(env, "SERVICE_TIME_ZONE", "Europe/Bratislava"),
        "service_window": ServiceWindow(),
        "service_country": _code(env, "SERVICE_COUNTRY", "SK", r"[A-Z]{2}"),
        "service_region": _code(env, "SERVICE_REGION", "", r"[A-Za-z0-9-]{0,10}"),
        "option_price": "",
        "response_times": RESPONSE_TIMES,
        "callback_hours": 2,
        "mail_retention_days": _integer(env, "MAIL_RETENTION_DAYS", 180, 7, 3650),
        "audit_retention_days": _integer(env, "AUDIT_RETENTION_DAYS", 730, 31, 3650),
        "ended_session_days": _integer(env, "ENDED_SESSION_DAYS", 30, 1, 365),
        "features_off": frozenset(),
    }


def _code(env: Mapping[str, str], name: str, default: str, pattern: str) -> str:
    value = env.get(name, default)
    if not re.fullmatch(pattern, value):
        raise SettingsError(f"{name}={value!r} is not a code of ISO 3166 like SK (country) or BY (region)")
    return value


def _mail_settings(env: Mapping[str, str], domain: str) -> dict[str, Any]:
    sender, imap_url = env.get("MAIL_FROM", f"calls@{domain}"), _imap_url(env.get("IMAP_URL", ""))
    organizer = env.get("ORGANIZER_ADDRESS", sender)
    return {
        "smtp_url": _smtp_url(env.get("SMTP_URL", "")),
        "imap_url": imap_url,
        "mail_authserv_id": env.get("MAIL_AUTHSERV_ID", ""),
        "mail_from": sender,
        "organizer_address": organizer,
        "organizer_tags": _tags(env, organizer, default=bool(imap_url)),
        "desk_address": env.get("DESK_ADDRESS", organizer),
    }


def _named(read: Callable[[Mapping[str, str]], T], env: Mapping[str, str]) -> T:
    try:
        return read(env)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _secret_key(env: Mapping[str, str], keys: KeyFiles) -> str:
    given = env.get("SECRET_KEY", "")
    if given and len(given) < 32:
        raise SettingsError("SECRET_KEY is too short: at least 32 random characters, or leave it out")
    return given or keys.secret_key()


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise SettingsError(f"{name}={text!r} is not a whole number") from None
    if not low <= value <= high:
        raise SettingsError(f"{name}={value} is not between {low} and {high}")
    return value


def _boolean(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "").lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise SettingsError(f"{name}={text!r} is neither 1 nor 0")


def _choice(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, default).upper()
    if value not in allowed:
        raise SettingsError(f"{name}={value!r} is none of {', '.join(allowed)}")
    return value


def _zone(env: Mapping[str, str], name: str, default: str) -> str:
    value = env.get(name, default)
    if not is_zone(value):
        raise SettingsError(f"{name}={value!r} is not an IANA time zone like Europe/Bratislava")
    return value


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise SettingsError(f"PUBLIC_URL={text!r} is not an address like https://calls.company.example")
    if not parts.hostname.isascii():
        name = parts.hostname.encode("idna").decode()
        raise SettingsError(f"PUBLIC_URL={text!r}: write the name as browsers send it, {name}")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise SettingsError(f"PUBLIC_URL={text!r} must be https: plain http is for this machine alone")
    return text.rstrip("/")


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    url = env.get("DATABASE_URL", "") or f"sqlite:///{data_dir / 'attache.sqlite'}"
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    return url


def _origins(env: Mapping[str, str], default: str) -> tuple[str, ...]:
    origins = []
    for text in env.get("CALDAV_ALLOWED_ORIGINS", default).split(","):
        if not text.strip():
            continue
        parts = urlsplit(text.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
            raise SettingsError(f"CALDAV_ALLOWED_ORIGINS: {text!r} is not like https://host:port")
        origins.append(f"{parts.scheme}://{parts.netloc}")
    return tuple(origins)


def _smtp_url(text: str) -> str:
    if text and urlsplit(text).scheme not in {"smtp", "smtps", "smtp+starttls"}:
        raise SettingsError("SMTP_URL must begin with smtp://, smtps:// or smtp+starttls://")
    return text


def _imap_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_meant = bool(parts.hostname and parts.username and parts.port != 0)
    except ValueError:
        is_meant = False
    if text and not (is_meant and parts.scheme in {"imap", "imaps", "imap+starttls"}):
        raise SettingsError("IMAP_URL must be like imaps://user:password@host:port/folder")
    return text


def _tags(env: Mapping[str, str], organizer: str, *, default: bool) -> bool:
    wanted = _boolean(env, "ORGANIZER_TAGS", default)
    # A local part has at most 64 octets (RFC 5321, 4.5.3.1.1); a tag takes 27 of them.
    if wanted and len(organizer.rpartition("@")[0]) > 37:
        raise SettingsError("ORGANIZER_ADDRESS is too long for tags: shorten it or set ORGANIZER_TAGS=0")
    return wanted
