"""What can be chosen and answered on the booking pages besides the time, in the reader's words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LengthChoice:
    """A length to choose, "60 min"; ``url`` opens the same page with it."""

    name: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class LengthOption:
    """A length to choose in a form: its ``minutes`` and "60 minutes"."""

    minutes: str
    name: str
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


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A likely zone: ``name`` its IANA name, ``city`` in words, ``now`` its clock, ``why`` "your profile"."""

    name: str
    city: str
    offset: str
    now: str
    why: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """The zone that times are in; ``service`` "CET" (or "CEST", "CET/CEST"), empty when both agree.

    ``all_url`` opens the same page with the list of all zones, which ``all_zones`` holds only then.
    """

    name: str
    city: str
    offset: str
    now: str
    service: str
    choices: tuple[ZoneChoice, ...]
    all_url: str
    all_zones: tuple[str, ...] = ()
