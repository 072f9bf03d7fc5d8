"""What the pieces about who serves a company show: plain values, every text in the reader's words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServingLine:
    """An assignment: ``until`` is its last day, empty while none follows.

    ``take_back`` is the day (ISO 8601) of one that can be taken back, empty otherwise.
    """

    name: str
    since: str
    until: str
    is_now: bool
    take_back: str


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody who can serve."""

    id: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PassingLine:
    """A hand-over that is under way already, by its public id."""

    id: str
    company: str
    words: str


@dataclass(frozen=True, slots=True)
class HandOverAllPage:
    """Handing over all companies of one specialist: ``companies`` are those that would pass, by name.

    ``more`` do besides those named; ``under_way`` are left out. ``planned`` says what was just done.
    """

    id: str
    name: str
    companies: tuple[str, ...]
    more: int
    under_way: tuple[PassingLine, ...]
    people: tuple[PersonChoice, ...]
    first_day: str
    day: str
    note: str = ""
    problem: str = ""
    planned: str = ""


@dataclass(frozen=True, slots=True)
class ServingPage:
    """Who serves a company: history and plan, and what can be done.

    ``form`` is ``first`` (nobody serves it yet), ``hand_over``, or empty while ``hand_over_id`` is under way.
    ``first_day`` is the earliest day that can be chosen, ``day`` the one chosen (ISO 8601).
    """

    id: str
    company: str
    lines: tuple[ServingLine, ...]
    people: tuple[PersonChoice, ...]
    form: str
    first_day: str
    day: str
    note: str = ""
    hand_over_id: str = ""
    hand_over: str = ""
    problem: str = ""
