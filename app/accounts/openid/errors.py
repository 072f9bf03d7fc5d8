"""Why a sign-in at an OpenID provider came to nothing."""

from app.lib.errors import DomainError


class OpenidTrouble(DomainError):
    """``reason`` is a word that the page explains (app/portal/openid/openid_page.py).

    ``busy``, ``not_ready``, ``unreachable``: the provider cannot be asked now. ``bad_answer``: what it said
    cannot be taken. ``state``: this browser did not ask, or too long ago. ``declined``: the provider let
    nobody in.
    """

    code = "openid"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class UnknownKey(Exception):
    """An ID token is signed with a key that is not among those that are known."""
