"""The days for which the option is paid."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.customers.companies import service
from app.customers.companies.errors import (
    NameTaken,
    OptionRuns,
    PlanWithoutOption,
    SpanBegun,
    SpansOverlap,
)
from app.customers.companies.spans import check_apart, check_change, ended
from app.customers.entitlement import DaySpan
from tests.world import World, build_world

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def values(first: date, last: date | None = None) -> dict[str, object]:
    return {"starts_on": first, "ends_on": last, "price_cents": 100_000, "note": ""}


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, NOW)


@pytest.mark.parametrize(
    ("wanted", "is_apart"),
    [
        (DaySpan(day(11), None), True),
        (DaySpan(day(10), None), False),
        (DaySpan(day(-9), day(-1)), True),
        (DaySpan(day(-9), day(0)), False),
        (DaySpan(day(-9), None), False),
    ],
)
def test_no_day_is_paid_for_twice(wanted: DaySpan, is_apart: bool) -> None:
    others = [DaySpan(day(0), day(10))]
    if is_apart:
        check_apart(wanted, others)
    else:
        with pytest.raises(SpansOverlap):
            check_apart(wanted, others)


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        (DaySpan(day(-5), None), DaySpan(day(-5), day(-1)), True),
        (DaySpan(day(-5), None), DaySpan(day(-5), day(-2)), False),
        (DaySpan(day(-5), None), DaySpan(day(-4), None), False),
        (DaySpan(day(-5), day(-2)), DaySpan(day(-5), None), False),
        (DaySpan(day(1), None), DaySpan(day(3), day(4)), True),
    ],
)
def test_days_behind_us_stay_as_they_were(before: DaySpan, after: DaySpan, may: bool) -> None:
    if may:
        check_change(before, after, TODAY)
    else:
        with pytest.raises(SpanBegun):
            check_change(before, after, TODAY)


def test_an_end_cuts_what_reaches_beyond_and_takes_back_what_comes_after() -> None:
    spans = [(1, DaySpan(day(-9), day(-5))), (2, DaySpan(day(-4), day(8))), (3, DaySpan(day(9), None))]
    outcome = ended(spans, day(3))
    assert (outcome.cut, outcome.removed) == ((2,), (3,))


def test_no_other_plan_takes_the_option(session: Session, world: World) -> None:
    krause = world.otto.profile.company_public_id
    with pytest.raises(PlanWithoutOption):
        service.add_span(session, NOW, world.ada.user, krause, values(TODAY))


def test_the_plan_is_kept_while_the_option_runs_or_comes(session: Session, world: World) -> None:
    nordwind = world.vera.profile.company_public_id
    other_plan = {"name": "Nordwind", "plan": "standard", "note": ""}
    with pytest.raises(OptionRuns):
        service.change_company(session, NOW, TODAY, world.ada.user, nordwind, other_plan)
    service.end_option(session, NOW, world.ada.user, nordwind, TODAY)
    with pytest.raises(OptionRuns) as refused:
        service.change_company(session, NOW, TODAY, world.ada.user, nordwind, other_plan)
    assert refused.value.last == TODAY
    service.change_company(session, NOW, day(1), world.ada.user, nordwind, other_plan)
    assert service.company(session, nordwind).plan == "standard"


def test_a_span_is_added_changed_and_removed_and_the_log_says_from_what_to_what(
    session: Session, world: World
) -> None:
    nordwind, ada = world.vera.profile.company_public_id, world.ada.user
    with pytest.raises(SpansOverlap):
        service.add_span(session, NOW, ada, nordwind, values(day(5)))
    service.end_option(session, NOW, ada, nordwind, day(3))
    service.add_span(session, NOW, ada, nordwind, values(day(5)))
    added = service.company(session, nordwind).spans[-1]
    service.change_span(session, NOW, TODAY, ada, nordwind, added.id, values(day(6), day(9)))
    with pytest.raises(SpanBegun):
        service.remove_span(session, NOW, day(6), ada, nordwind, added.id)
    service.remove_span(session, NOW, TODAY, ada, nordwind, added.id)
    session.flush()
    assert [span.ends_on for span in service.company(session, nordwind).spans] == [day(3)]
    about = AuditEntry.object_type == "company"
    told = {row.verb: row.detail["changes"] for row in session.scalars(select(AuditEntry).where(about))}
    assert list(told) == ["option_ended", "option_added", "option_changed", "option_removed"]
    assert told["option_ended"] == {"ends_on": [None, day(3).isoformat()]}
    assert told["option_changed"]["starts_on"] == [day(5).isoformat(), day(6).isoformat()]


def test_two_companies_are_not_called_the_same(session: Session, world: World) -> None:
    with pytest.raises(NameTaken):
        service.add_company(
            session, NOW, world.ada.user, {"name": "Nordwind", "plan": "standard", "note": ""}
        )
