"""Contexts for the administrator's pages about call types."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from app.admin.call_type_pages import (
    CallTypePage,
    CallTypeRow,
    ChangePage,
    FieldGroup,
    PersonLink,
    QuestionBlock,
    RuleField,
    WayChoice,
)
from app.availability.pages import Problem
from tests.pages.shared_samples import Sample

VIEWER = SimpleNamespace(role="administrator")
ROWS = (
    CallTypeRow("product-support", "Product support", "30 min, 1 h", "Video, Phone", "1 specialist", True),
    CallTypeRow("feature-training", "Feature training", "1 h", "Video", "", False),
)
LENGTH = RuleField("length", "Length", "Like 30 min, 2 h or 3 days", "30 min")
GRID = RuleField("grid", "A call may begin every", "Like 15 min", "30 min")
GROUPS = (
    FieldGroup("Name", (RuleField("name_en", "Name in English", "", "Product support"),)),
    FieldGroup("Length and distance", (LENGTH, GRID)),
)
WAYS = (WayChoice("video", "Video", True), WayChoice("phone", "Phone", False))
ROOM = RuleField("video_link", "Video room", "The same room for every call.", "https://meet.example/{id}")
QUESTION = QuestionBlock(
    0,
    "Which module?",
    "module",
    True,
    True,
    (
        RuleField("q0-en", "In English", "", "Which module?"),
        RuleField("q0-ru", "In Russian", "", "", "Write the question in both languages"),
    ),
    (
        RuleField(
            "q0-choices-en", "Answers to choose from, in English", "One a line", "Billing\nOther", lines=4
        ),
    ),
    True,
)
EDITED = CallTypePage(
    "product-support",
    "Product support",
    GROUPS,
    WAYS,
    ROOM,
    (replace(QUESTION, labels=QUESTION.labels[:1], is_open=False),),
    True,
    (PersonLink("sam", "Sam Okafor", "Rules of their own"),),
    is_saved=True,
)
WRONG = replace(
    EDITED,
    groups=(
        FieldGroup("Length and distance", (replace(LENGTH, value="soon", problem="Write a time"), GRID)),
    ),
    questions=(QUESTION,),
    problems=(
        Problem("length", "Length: Write a time"),
        Problem("ways", "How people talk: Choose at least one"),
        Problem("q0-ru", "Write the question in both languages"),
        Problem("is_active", "This is the only call type that is offered."),
    ),
    is_saved=False,
)
CHANGE = ChangePage(
    "product-support",
    "Product support",
    "sam",
    "Sam Okafor",
    (FieldGroup("Length and distance", (replace(LENGTH, value="", same="30 min"), GRID)),),
    WAYS,
    "Video, Phone",
    replace(ROOM, value="", same="the specialist's own room"),
    True,
)


def samples() -> Iterator[Sample]:
    """Name, template and context."""
    yield "call-types", "admin/call_types.html", {"rows": ROWS, "viewer": VIEWER}
    yield "call-type", "admin/call_type.html", {"page": EDITED, "viewer": VIEWER}
    yield "call-type-wrong", "admin/call_type.html", {"page": WRONG, "viewer": VIEWER}
    new = replace(EDITED, slug="", title="New call type", people=(), is_saved=False)
    yield "call-type-new", "admin/call_type.html", {"page": new, "viewer": VIEWER}
    yield "call-type-change", "admin/call_type_change.html", {"page": CHANGE, "viewer": VIEWER}
