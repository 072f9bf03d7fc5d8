"""Companies that somebody has to look at."""

from dataclasses import dataclass
from datetime import date

NOBODY, AWAY, ENDING = "nobody", "away", "ending"


@dataclass(frozen=True, slots=True)
class Served:
    """The companies of a specialist: the first by name, and how many there are."""

    names: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Concern:
    """A company to look at: ``nobody`` serves it, its specialist is ``away``, or its option is ``ending``.

    ``day`` is the last day away (None: their account is closed), or of the option; ``count`` how many
    companies have the same concern.
    """

    kind: str
    company: str
    specialist: str
    day: date | None
    count: int
