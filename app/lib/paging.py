"""Pages of a long list by the key of their first or last row: the last page costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE_SIZE = 50
# What every database takes as a number.
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this key, or before it; the first page without either."""

    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """A page in order; ``before`` and ``after`` are the keys to ask for its neighbours, empty at an end."""

    items: tuple[T, ...]
    before: str = ""
    after: str = ""


def cut(rows: Sequence[tuple[str, T]], place: Place, size: int = PAGE_SIZE) -> Slice[T]:
    """The page of rows with their keys that were read from ``place`` on, one more than fits if there is one.

    Before a key they come in falling order.
    """
    is_backwards = bool(place.before) and not place.after
    has_more, kept = len(rows) > size, list(rows[:size])
    if is_backwards:
        kept.reverse()
    if not kept:
        return Slice(())
    first, last = kept[0][0], kept[-1][0]
    comes_before = has_more if is_backwards else bool(place.after)
    comes_after = True if is_backwards else has_more
    return Slice(
        tuple(item for _key, item in kept), first if comes_before else "", last if comes_after else ""
    )


def key_of(*parts: object) -> str:
    """One text of a key's parts: a row's id first, then what the list is ordered by."""
    return "~".join(str(part) for part in parts)


def parts_of(key: str) -> tuple[int, str]:
    """Id and text of a key; what was not made by ``key_of`` stands before everything."""
    number, _tilde, text = key.partition("~")
    return (int(number), text) if number.isdecimal() and len(number) < 16 else (0, "")


def number_of(text: str) -> int | None:
    """The id after or before which a page is asked for; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
