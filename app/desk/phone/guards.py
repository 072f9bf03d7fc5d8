"""Whether the telephony provider asks: its signature over the address and what is sent."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import request
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings
from app.accounts.guards_limits import client_address, client_network, hit
from app.accounts.service import record
from app.accounts.service_limits import Use
from app.config_phone import PhoneSettings
from app.desk.phone.errors import NotSigned
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import UNSIGNED_PER_CLIENT

P = ParamSpec("P")
R = TypeVar("R")

_PROVIDER = "telephony provider"


def from_provider(view: Callable[P, R]) -> Callable[P, R]:
    """The provider may come in, by ``X-Twilio-Signature``; without a provider there is nothing here.

    Whoever else comes is refused, and written down as far as one client is within its limit.
    """

    @wraps(view)
    def entered(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _is_signed(current_phone()):
            hit(Use(UNSIGNED_PER_CLIENT, f"client {client_network()}"), actor=_PROVIDER)
            write(db.session(), [], _record_refusal)
            raise NotSigned(request.path)
        return view(*args, **kwargs)

    entered.guard = ("signed",)  # type: ignore[attr-defined]
    return entered


def current_phone() -> PhoneSettings:
    """The provider that is set up; raises NotFound when there is none."""
    phone = current_settings().phone
    if phone is None:
        raise NotFound("no telephony provider is set up")
    return phone


def _is_signed(phone: PhoneSettings) -> bool:
    query = request.query_string.decode("latin-1")
    # Behind a proxy only the service itself knows the address that the provider called.
    url = f"{current_settings().public_url}{request.path}" + (f"?{query}" if query else "")
    validator = RequestValidator(phone.auth_token)
    return bool(validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")))


def _record_refusal(session: Session) -> None:
    where, what = client_address(), request.endpoint or ""
    record(session, clock.now(), _PROVIDER, "was refused", "route", what, where, why="signature")
