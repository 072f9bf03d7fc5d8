"""Whether a company has the option of dedicated support on a day."""

from dataclasses import dataclass
from datetime import date, timedelta

# The fullest plan: on any other the option cannot be switched on.
PLAN_WITH_OPTION = "all_inclusive"


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Whole days from ``first`` to ``last``, both included; no ``last`` means an open end."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Option:
    """What a company has: its plan, and the spans of days that are paid for (service zone)."""

    plan: str
    spans: tuple[DaySpan, ...]


def is_entitled(option: Option, day: date) -> bool:
    """Whether the option holds on this day of the service zone."""
    return option.plan == PLAN_WITH_OPTION and any(span.holds(day) for span in option.spans)


def entitled_until(option: Option, day: date) -> date | None:
    """The last day up to which the option holds without a gap from ``day`` on; None when it has no end.

    Raises ValueError, naming the day, when the option does not hold on it.
    """
    if not is_entitled(option, day):
        raise ValueError(f"the option does not hold on {day}")
    last = day
    for span in sorted(option.spans, key=lambda item: item.first):
        if span.first > last + timedelta(days=1):
            break
        if span.last is None:
            return None
        last = max(last, span.last)
    return last
