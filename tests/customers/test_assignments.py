"""Who serves a company from when: planned, replaced, taken back, and what is history."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.service import history
from app.customers.errors import AssignmentRefused
from app.customers.service import assign, assign_first, assignments, company, serving, take_back
from tests.world import World, build_world

# Monday 23 November 2026, 23:30 UTC: it is Tuesday in Bratislava.
NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LATER = TODAY + timedelta(days=7)
ZONE = "Europe/Bratislava"


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, NOW)


def test_an_assignment_counts_from_its_day_on_and_says_who_was_before(session: Session, world: World) -> None:
    nordwind = world.vera.profile.company_id
    assign(session, NOW, world.ada.user, nordwind, world.rita.id, LATER, zone=ZONE)
    assert serving(session, nordwind, LATER - timedelta(days=1)).person.user_id == world.sam.id
    assert serving(session, nordwind, LATER).person.user_id == world.rita.id
    fact = history(session, "company", nordwind)[-1]
    assert (fact.verb, fact.detail["starts_on"]) == ("assigned", LATER.isoformat())
    assert fact.detail["changes"] == {"specialist": [world.sam.profile.name, world.rita.profile.name]}


def test_one_planned_for_the_same_day_is_replaced(session: Session, world: World) -> None:
    nordwind = world.vera.profile.company_id
    for person in (world.rita, world.lev):
        assign(session, NOW, world.ada.user, nordwind, person.id, LATER, zone=ZONE)
    planned = assignments(session, nordwind)[-1]
    assert (planned.specialist_id, planned.starts_on) == (world.lev.id, LATER)
    assert len(assignments(session, nordwind)) == 2


def test_today_is_that_of_the_service_zone(session: Session, world: World) -> None:
    otto = world.otto.profile.company_id
    with pytest.raises(AssignmentRefused, match="past"):
        assign(session, NOW, world.ada.user, otto, world.sam.id, TODAY - timedelta(days=1), zone=ZONE)
    assign_first(session, NOW, world.ada.user, otto, world.sam.id, TODAY, zone=ZONE)
    assert serving(session, otto, TODAY).person.user_id == world.sam.id


def test_only_people_who_can_serve_are_assigned(session: Session, world: World) -> None:
    for person in (world.ada, world.vera):
        with pytest.raises(AssignmentRefused, match="person"):
            assign(session, NOW, world.ada.user, world.vera.profile.company_id, person.id, LATER, zone=ZONE)


def test_a_company_that_is_served_is_handed_over_not_assigned_anew(session: Session, world: World) -> None:
    nordwind = world.vera.profile.company_id
    with pytest.raises(AssignmentRefused, match="served"):
        assign_first(session, NOW, world.ada.user, nordwind, world.rita.id, LATER, zone=ZONE)


def test_what_is_planned_can_be_taken_back_and_what_has_begun_cannot(session: Session, world: World) -> None:
    nordwind, ada = world.vera.profile.company_id, world.ada.user
    assign(session, NOW, ada, nordwind, world.rita.id, LATER, zone=ZONE)
    take_back(session, NOW, ada, nordwind, LATER, zone=ZONE)
    assert serving(session, nordwind, LATER).person.user_id == world.sam.id
    begun = assignments(session, nordwind)[0].starts_on
    with pytest.raises(AssignmentRefused, match="past"):
        take_back(session, NOW, ada, nordwind, begun, zone=ZONE)
    assert company(session, world.vera.profile.company_public_id).id == nordwind
