"""Counts the statements that a database was sent, so that a page's cost is a number in a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class QueryRecorder:
    """The statements in the order in which they were sent, without BEGIN and PRAGMA."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)

    def starting_with(self, verb: str) -> list[str]:
        """The statements that begin with this word, like ``INSERT``."""
        return [text for text in self.statements if text.lstrip().upper().startswith(verb.upper())]


@contextmanager
def recorded_queries() -> Iterator[QueryRecorder]:
    """Everything that any engine of this process is sent while it is open."""
    recorder = QueryRecorder()

    def remember(_link: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("BEGIN", "PRAGMA")):
            recorder.statements.append(statement)

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield recorder
    finally:
        event.remove(Engine, "before_cursor_execute", remember)
