"""The bars of a report's chart: for each clock how much was kept and missed, in shares of the longest bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.desk.reports.figures import Figures

# In pixels: a line of text with its bar below, and the gap to the next.
_TEXT, _BAR, _ROW = 15, 24, 54


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the middle of its text and its own top in pixels, its parts in per cent of the width."""

    index: int
    text_y: int
    bar_y: int
    kept: float
    missed: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars that there are, and the whole height in pixels."""

    bars: tuple[Bar, ...]
    height: int


def chart(rows: Sequence[Figures]) -> Chart:
    """The bars of the rows in which something was kept or missed; ``index`` says which row."""
    counted = [(index, row) for index, row in enumerate(rows) if row.kept + row.missed]
    longest = max((row.kept + row.missed for _, row in counted), default=1)
    bars = tuple(
        Bar(
            index=index,
            text_y=place * _ROW + _TEXT,
            bar_y=place * _ROW + _BAR,
            kept=round(100 * row.kept / longest, 2),
            missed=round(100 * row.missed / longest, 2),
        )
        for place, (index, row) in enumerate(counted)
    )
    return Chart(bars, len(bars) * _ROW)
