"""Which routes take files, and so may be sent more than a form of words."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from app.desk.files.kinds import MOST_BYTES_TOGETHER

P = ParamSpec("P")
R = TypeVar("R")

# What the files may be together, and the words around them.
MOST_SENT = MOST_BYTES_TOGETHER + (1 << 20)
_SHUT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """Let people who are signed in send files here; stands below the view's guard."""
    view.most_sent = MOST_SENT  # type: ignore[attr-defined]
    return view


def sandboxed(view: Callable[P, R]) -> Callable[P, R]:
    """Let nothing in the answer run or load anything, should a browser show it; below the view's guard."""
    view.talisman_view_options = {"content_security_policy": _SHUT}  # type: ignore[attr-defined]
    return view
