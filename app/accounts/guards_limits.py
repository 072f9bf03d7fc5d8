"""Limits as requests meet them: counted before anything else is done, refused with 429."""

import ipaddress
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request
from sqlalchemy.orm import Session

from app.accounts import service_limits
from app.accounts.errors import TooMany
from app.accounts.guards import current_settings, signed_in_user
from app.accounts.service_limits import Refusal, Use, key_of, rate_of
from app.accounts.values import SignedIn
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import Limit, step_of
from app.lib.tally import Tally

P = ParamSpec("P")
R = TypeVar("R")


def init_app(app: Flask) -> None:
    """Give the process its tally."""
    app.extensions["attache.tally"] = Tally()


def client_address() -> str:
    """Where the request comes from, as far as the proxies can be trusted (shell.py)."""
    return request.remote_addr or ""


def client_network() -> str:
    """What is counted as one client: an IPv4 address, or the /64 that IPv6 gives to one."""
    try:
        address = ipaddress.ip_address(client_address())
    except ValueError:
        return client_address()
    if address.version == 4:
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((address, 64), strict=False))


def limited(
    limit: Limit, whose: Callable[[], SignedIn] = signed_in_user
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Count each use of a view for the person and for where they come from.

    It stands below the view's guard. Raises TooMany.
    """

    def guarded(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R:
            person = whose()
            hit(Use(limit, f"person {person.id}"), Use(limit, f"client {client_network()}"), actor=person)
            return view(*args, **kwargs)

        entered.limit = limit.name  # type: ignore[attr-defined]
        return entered

    return guarded


def hit(*uses: Use, actor: SignedIn | str) -> None:
    """Count uses, in this order and up to the first that is too many, in a transaction of their own.

    ``actor`` is who the audit log names when one is too many. Raises TooMany, and Busy when nothing could be
    counted: no limit is open because the database is not.
    """
    settings, now, address = current_settings(), clock.now(), client_address()
    tally: Tally = current_app.extensions["attache.tally"]
    keys = [key_of(settings, use) for use in uses]
    if until := max(filter(None, (tally.closed_until(now, key) for key in keys)), default=None):
        raise TooMany(until - now)
    due: list[Use] = []
    for use, key in zip(uses, keys, strict=True):
        rate = rate_of(settings, use.limit)
        if count := tally.add(now, key, timedelta(seconds=rate.get_expiry()), step_of(use.limit, rate)):
            due.append(replace(use, count=count))
    if not due:
        return

    def work(session: Session) -> Refusal | None:
        refusal = service_limits.count(session, now, settings, due)
        if refusal is not None and refusal.is_news:
            service_limits.record_refusal(session, now, actor, address, refusal)
        return refusal

    refusal = write(db.session(), [], work)
    if refusal is not None:
        tally.close(key_of(settings, refusal.use), refusal.until)
        raise TooMany(refusal.until - now)
