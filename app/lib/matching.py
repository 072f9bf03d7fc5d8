"""Finding rows by a part of a text, whatever its case, and paging through them by key."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, or_, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.lib.paging import PAGE_SIZE, Place, parts_of

_ESCAPE = "\\"


def holds(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether one of the columns holds the text somewhere; ``%`` and ``_`` mean themselves."""
    # SQLite knows upper and lower case of ASCII alone, so that others are looked for as people write them.
    spellings = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    patterns = [f"%{_plain(spelling)}%" for spelling in sorted(spellings)]
    return or_(*(_Like(column, pattern) for column in columns for pattern in patterns))


class _Like(FunctionElement[bool]):
    """A column LIKE a pattern, whatever the case."""

    type = Boolean()
    inherit_cache = True


@compiles(_Like)
def _ilike(element: _Like, compiler: SQLCompiler, **kw: Any) -> str:
    column, pattern = element.clauses
    return f"{compiler.process(column, **kw)} ILIKE {compiler.process(pattern, **kw)} ESCAPE '{_ESCAPE}'"


@compiles(_Like, "sqlite")
def _plain_like(element: _Like, compiler: SQLCompiler, **kw: Any) -> str:
    # SQLite's own LIKE knows no case in ASCII; what SQLAlchemy writes for ILIKE costs three times as much.
    column, pattern = element.clauses
    return f"{compiler.process(column, **kw)} LIKE {compiler.process(pattern, **kw)} ESCAPE '{_ESCAPE}'"


def _plain(text: str) -> str:
    for letter in (_ESCAPE, "%", "_"):
        text = text.replace(letter, _ESCAPE + letter)
    return text


def paged(
    statement: Select[*tuple[Any, ...]], place: Place, name: Any, number: Any, size: int = PAGE_SIZE
) -> Select[*tuple[Any, ...]]:
    """The rows of one page and one more, ordered by name and then number, from a place on."""
    key = tuple_(name, number)
    if place.after:
        number_then, name_then = parts_of(place.after)
        statement = statement.where(key > tuple_(name_then, number_then))
    elif place.before:
        number_then, name_then = parts_of(place.before)
        falling = statement.where(key < tuple_(name_then, number_then))
        return falling.order_by(name.desc(), number.desc()).limit(size + 1)
    return statement.order_by(name, number).limit(size + 1)
