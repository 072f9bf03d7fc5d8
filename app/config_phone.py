"""The settings of the telephony provider; nonsense is refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.lib.phone_numbers import to_e164
from app.lib.urls import origin_of

_VARIABLES = ("PHONE_ACCOUNT_SID", "PHONE_NUMBER", "PHONE_MEDIA_ORIGINS")


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """One provider that speaks TwiML.

    ``auth_token`` signs what it sends and, with ``account_sid``, opens its recordings, which are fetched from
    ``media_origins`` alone. ``number`` (E.164) is what those see whom we let ring.
    """

    auth_token: str = field(repr=False)
    account_sid: str
    number: str
    media_origins: tuple[str, ...]


def read_phone(env: Mapping[str, str]) -> PhoneSettings | None:
    """The provider that the variables name, None without PHONE_AUTH_TOKEN.

    Raises ValueError, naming the variable, for a value that cannot be meant.
    """
    token = env.get("PHONE_AUTH_TOKEN", "")
    if not token:
        stray = next((name for name in _VARIABLES if env.get(name)), "")
        if stray:
            raise ValueError(f"{stray} is set, but PHONE_AUTH_TOKEN is not")
        return None
    if len(token) < 16:
        raise ValueError("PHONE_AUTH_TOKEN is too short: at least 16 random characters")
    return PhoneSettings(
        auth_token=token,
        account_sid=env.get("PHONE_ACCOUNT_SID", ""),
        number=_number(env.get("PHONE_NUMBER", "")),
        media_origins=_origins(env.get("PHONE_MEDIA_ORIGINS", "") or "https://api.twilio.com"),
    )


def _number(text: str) -> str:
    try:
        return to_e164(text)
    except ValueError:
        raise ValueError(f"PHONE_NUMBER={text!r} is not a phone number like +421220000000") from None


def _origins(text: str) -> tuple[str, ...]:
    try:
        return tuple(origin_of(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError(f"PHONE_MEDIA_ORIGINS={text!r} is not like https://host,https://host") from None
