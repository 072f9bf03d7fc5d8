"""In which order to ring: by what is due first, then who was not reached, then who is rung later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.callbacks.due import not_before
from app.desk.callbacks.values import CallbackValue
from app.lib.paging import PAGE_SIZE
from app.lib.wording import rfc3339


@dataclass(frozen=True, slots=True)
class Waiting:
    """A callback in the queue: its ``place`` from 1, and when to ring at the earliest if not yet."""

    value: CallbackValue
    place: int
    after: datetime | None

    @property
    def key(self) -> str:
        """What the queue is ordered by, as text."""
        moment = self.after or self.value.due_at
        rank = 2 if self.after is not None else int(bool(self.value.attempts))
        return f"{rank}~{rfc3339(moment)}~{self.value.id:012}"


def in_order(values: Sequence[CallbackValue], now: datetime) -> list[Waiting]:
    """The whole queue as it is at this moment."""
    found = [
        Waiting(value, 0, not_before(now, value.due_at, value.wished_at, value.zone)) for value in values
    ]
    ordered = sorted(found, key=lambda item: item.key)
    return [Waiting(item.value, place, item.after) for place, item in enumerate(ordered, start=1)]


def page_after(queue: Sequence[Waiting], key: str) -> tuple[list[Waiting], str]:
    """The page behind a key ('' for the first), and the key to ask for the next one, '' at the end."""
    rest = [item for item in queue if item.key > key]
    page = rest[:PAGE_SIZE]
    return page, page[-1].key if len(rest) > PAGE_SIZE else ""
