"""How often wrong proofs may be given."""

from dataclasses import dataclass
from datetime import timedelta

_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``amount`` within each ``window``, counted by one kind of key."""

    name: str
    amount: int
    window: timedelta


PASSWORDS_PER_ADDRESS = Limit("passwords of address", 10, _QUARTER)
PASSWORDS_PER_CLIENT = Limit("passwords from client", 30, _QUARTER)
SECOND_PROOFS = Limit("second proofs", 10, _QUARTER)
