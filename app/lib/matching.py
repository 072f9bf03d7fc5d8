"""Finding rows by a part of a text, whatever its case, and paging through them by key."""

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, tuple_

from app.lib.paging import PAGE_SIZE, Place, parts_of

_ESCAPE = "\\"


def holds(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether one of the columns holds the text somewhere; ``%`` and ``_`` mean themselves."""
    # SQLite knows upper and lower case of ASCII alone, so that others are looked for as people write them.
    spellings = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    patterns = [f"%{_plain(spelling)}%" for spelling in sorted(spellings)]
    return or_(*(_like(column, pattern) for column in columns for pattern in patterns))


def _like(column: Any, pattern: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.ilike(pattern, escape=_ESCAPE)
    return found


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
