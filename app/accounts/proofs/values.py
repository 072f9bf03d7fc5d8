"""What stands between the first proof of who somebody is and their session."""

from dataclasses import dataclass, replace
from datetime import timedelta

from app.accounts.values import SignedIn

STEP_LIFETIME = timedelta(minutes=10)
WRONG_TRIES = 5

# First proofs and second ones; a session's method is one of each, like ``link+totp``.
LINK = "link"
PASSWORD = "password"  # noqa: S105
OIDC = "oidc"
TOTP = "totp"
RECOVERY = "recovery"
PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A first proof that is waiting for the second; ``method`` is what the first one was."""

    id: int
    user: SignedIn
    method: str
    onward: str
    has_totp: bool
    has_passkey: bool

    def seen_from(self, client_address: str) -> "StepFacts":
        """The same, its owner being where the request comes from."""
        return replace(self, user=replace(self.user, client_address=client_address))

    @property
    def has_factor(self) -> bool:
        """False while its owner has nothing to prove with and must set something up first."""
        return self.has_totp or self.has_passkey


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody has set up to sign in with."""

    has_password: bool
    has_totp: bool
    recovery_codes_left: int
    passkeys: int = 0
