"""The token of a private link: random, and telling its kind, so that a poll knows what to read."""

from app.booking.values import CALLS, PRESENCE
from app.lib.tokens import new_token

# No other token has a dot: they are url-safe base64.
_MARK = "presence."


def new_feed_token(kind: str) -> str:
    """A token for a new link of this kind."""
    return (_MARK if kind == PRESENCE else "") + new_token()


def kind_of(token: str) -> str:
    """What a link with this token shows, if there is one."""
    return PRESENCE if token.startswith(_MARK) else CALLS
