"""What the pages of the settings show: plain values, every text already in the reader's words."""

from dataclasses import dataclass
from typing import Literal

from app.availability.pages import Problem


@dataclass(frozen=True, slots=True)
class Input:
    """A field of a form; ``choices`` (value and name) are for ``choice`` alone, a tick's value is "1"."""

    id: str
    label: str
    value: str
    kind: Literal["text", "date", "number", "choice", "tick"] = "text"
    hint: str = ""
    problem: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class InputGroup:
    """Fields under one heading."""

    title: str
    inputs: tuple[Input, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One page of settings; ``warning`` says what has to be confirmed before it is saved."""

    name: str
    title: str
    intro: str
    groups: tuple[InputGroup, ...]
    problems: tuple[Problem, ...] = ()
    is_saved: bool = False
    warning: str = ""
    confirms: int = 0
