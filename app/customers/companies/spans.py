"""The rules of the days for which the option is paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.customers.companies.errors import OptionRuns, PlanWithoutOption, SpanBegun, SpansOverlap
from app.customers.entitlement import PLAN_WITH_OPTION, DaySpan


@dataclass(frozen=True, slots=True)
class Ended:
    """What becomes of spans after a last day: those to be cut to it, and those that never begin."""

    cut: tuple[int, ...]
    removed: tuple[int, ...]


def check_plan(plan: str) -> None:
    """Raises PlanWithoutOption on any but the fullest plan."""
    if plan != PLAN_WITH_OPTION:
        raise PlanWithoutOption(plan)


def check_apart(wanted: DaySpan, others: Iterable[DaySpan]) -> None:
    """Raises SpansOverlap when some day is in the wanted span and in another."""
    for other in others:
        begins_before = other.last is None or wanted.first <= other.last
        ends_after = wanted.last is None or other.first <= wanted.last
        if begins_before and ends_after:
            raise SpansOverlap(f"{wanted} and {other}")


def check_change(before: DaySpan, after: DaySpan, today: date) -> None:
    """The days of a span that lie behind today stay; raises SpanBegun."""
    if before.first <= today and after.first != before.first:
        raise SpanBegun(f"began on {before.first}")
    is_over = before.last is not None and before.last < today
    if is_over and after.last != before.last:
        raise SpanBegun(f"ended on {before.last}")
    # It may end yesterday at the earliest: that it held until then is a fact.
    yesterday = today - timedelta(days=1)
    if before.first <= today and not is_over and after.last is not None and after.last < yesterday:
        raise SpanBegun(f"held until {yesterday}")


def check_leaving(plan: str, spans: Iterable[DaySpan], today: date) -> None:
    """Raises OptionRuns when a plan without the option is wanted while a span runs or comes."""
    left = [span for span in spans if span.last is None or span.last >= today]
    if plan == PLAN_WITH_OPTION or not left:
        return
    ends = [span.last for span in left if span.last is not None]
    raise OptionRuns(max(ends) if len(ends) == len(left) else None)


def ended(spans: Iterable[tuple[int, DaySpan]], last: date) -> Ended:
    """What becomes of spans, by id, when the option ends on a day."""
    cut, removed = [], []
    for number, span in spans:
        if span.first > last:
            removed.append(number)
        elif span.last is None or span.last > last:
            cut.append(number)
    return Ended(tuple(cut), tuple(removed))
