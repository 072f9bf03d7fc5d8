"""What a specialist writes about a call when it is over."""

from dataclasses import dataclass

NOTE_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Notes:
    """``shown`` is for the customer too, ``private`` for the specialist's side alone."""

    shown: str = ""
    private: str = ""
