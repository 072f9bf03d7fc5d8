"""Whose time a call takes."""

from typing import Protocol


class Shared(Protocol):
    """A call, as far as it matters who takes part for us."""

    @property
    def specialist_id(self) -> int:
        """Its specialist."""
        ...

    @property
    def senior_id(self) -> int | None:
        """The senior who was brought in, if any."""
        ...


def people_of(row: Shared) -> tuple[int, ...]:
    """Everybody whose time the call takes: its specialist, then the senior who was brought in."""
    return (row.specialist_id,) if row.senior_id is None else (row.specialist_id, row.senior_id)
