"""What the pages about call types show: plain values, every text already in the reader's words."""

from dataclasses import dataclass

from app.availability.pages import Problem


@dataclass(frozen=True, slots=True)
class CallTypeRow:
    """A call type in the list: "30 min, 60 min", "video, phone"."""

    slug: str
    name: str
    lengths: str
    ways: str
    own_rules: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class RuleField:
    """A field of the form; ``same`` is what holds when it is left empty, ``lines`` how many it has."""

    id: str
    label: str
    hint: str
    value: str
    problem: str = ""
    same: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields under one heading."""

    title: str
    fields: tuple[RuleField, ...]


@dataclass(frozen=True, slots=True)
class WayChoice:
    """A way to talk to tick."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """A question to edit: its ``number`` names its fields, ``key`` stays with it."""

    number: int
    title: str
    key: str
    is_choice: bool
    is_required: bool
    labels: tuple[RuleField, ...]
    choices: tuple[RuleField, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class PersonLink:
    """A specialist whose calls can differ; ``detail`` says whether they do."""

    public_id: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class CallTypePage:
    """The form of a call type, new when there is no ``slug``."""

    slug: str
    title: str
    groups: tuple[FieldGroup, ...]
    ways: tuple[WayChoice, ...]
    room: RuleField
    questions: tuple[QuestionBlock, ...]
    is_active: bool
    people: tuple[PersonLink, ...]
    problems: tuple[Problem, ...] = ()
    is_saved: bool = False


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The form of what is different for one specialist."""

    slug: str
    call_type: str
    public_id: str
    name: str
    groups: tuple[FieldGroup, ...]
    ways: tuple[WayChoice, ...]
    same_ways: str
    room: RuleField
    has_changes: bool
    problems: tuple[Problem, ...] = ()
    is_saved: bool = False
