"""The token that came with a request (RFC 6750)."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from flask import request
from sqlalchemy.exc import DBAPIError

from app.accounts.guards import from_here
from app.accounts.tokens import service
from app.accounts.tokens.tokens import TokenUse, is_due
from app.lib.db import Busy, db, write


def token_use(now: datetime) -> TokenUse | None:
    """The living token of this request, with the address that it came from."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    found = service.find_use(db.session(), now, token.strip())
    return found and replace(found, user=from_here(found.user))


def note_token_use(now: datetime, use: TokenUse) -> None:
    """Write down that it was used, unless it was just before."""
    if is_due(use, now):
        # If the database is busy, the next request writes it down.
        with suppress(Busy, DBAPIError):
            write(db.session(), [], lambda s: service.note_use(s, now, use))
