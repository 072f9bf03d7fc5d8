"""What can be chosen and answered on the booking pages besides the time, in the reader's words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LengthChoice:
    """A length to choose, "60 min"; ``url`` opens the same page with it."""

    name: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionField:
    """A question of the call type with what was answered; ``choices`` are empty for a text."""

    id: str
    label: str
    choices: tuple[str, ...]
    required: bool
    value: str = ""
    problem: str = ""
