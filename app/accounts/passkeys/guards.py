"""Whether passkeys can be asked for at the address of this request."""

from flask import request

from app.accounts.guards import current_settings
from app.accounts.passkeys.ceremony import Reach, reach


def reach_here() -> Reach:
    """How passkeys are reached from the address in use."""
    return reach(current_settings().public_url, request.host)
