"""A seed that is offered to somebody: sealed, in their browser, until their app shows a code of it.

It is nobody's in the database before that, so that two browsers never see the same one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.lib.sealed import CannotOpen, seal, unseal

OFFER_LIFETIME = timedelta(minutes=10)


def make_offer(keys: Sequence[str], now: datetime, public_id: str, seed: str) -> str:
    """What the browser keeps of a seed, for ten minutes."""
    until = (now + OFFER_LIFETIME).isoformat()
    return seal(keys, f"{until} {seed}", public_id, "offered seed")


def offered_seed(keys: Sequence[str], now: datetime, public_id: str, offer: str) -> str:
    """The seed again; empty when it was offered to somebody else, or too long ago."""
    try:
        until, _, seed = unseal(keys, offer, public_id, "offered seed").partition(" ")
    except CannotOpen:
        return ""
    return seed if now < datetime.fromisoformat(until) else ""
