from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.config import Settings
from app.customers.entitlement import is_entitled
from app.customers.errors import NoSpecialist, NotEntitled
from app.customers.models import Assignment, Entitlement, Specialist
from app.customers.roster import Served
from app.customers.service import (
    contact_profile,
    require_entitled,
    serving,
    specialist_profile,
    specialists,
)
from tests.world import build_world

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def test_a_contact_comes_with_company_and_option(session: Session) -> None:
    vera = contact_profile(session, build_world(session, NOW).vera.id)
    assert (vera.name, vera.company_name, vera.time_zone) == ("Vera Lindqvist", "Nordwind", "Europe/Berlin")
    assert is_entitled(vera.option, TODAY)


def test_a_contact_is_read_in_one_query(session: Session, count_queries) -> None:
    world = build_world(session, NOW)
    with count_queries() as queries:
        contact_profile(session, world.vera.id)
    assert len(queries) == 1


def test_a_renewed_option_has_all_its_spans(session: Session) -> None:
    world = build_world(session, NOW)
    company_id = world.vera.profile.company_id
    session.add(Entitlement(company_id=company_id, starts_on=date(2030, 1, 1), ends_on=None))
    session.flush()
    assert len(contact_profile(session, world.vera.id).option.spans) == 2


def test_a_specialist_is_no_contact_and_a_contact_no_specialist(session: Session) -> None:
    world = build_world(session, NOW)
    with pytest.raises(NotFound):
        contact_profile(session, world.sam.id)
    with pytest.raises(NotFound):
        specialist_profile(session, world.vera.id)


def test_a_company_is_served_by_its_latest_assignment(session: Session) -> None:
    world = build_world(session, NOW)
    company_id = world.vera.profile.company_id
    handover = TODAY + timedelta(days=7)
    session.add(Assignment(company_id=company_id, specialist_id=world.rita.id, starts_on=handover))
    session.flush()
    before = serving(session, company_id, handover - timedelta(days=1))
    assert before == Served(world.sam.profile, world.sam.profile, until=handover - timedelta(days=1))
    assert serving(session, company_id, handover).by == world.rita.profile


def test_a_company_before_its_first_assignment_is_served_by_nobody(session: Session) -> None:
    world = build_world(session, NOW)
    with pytest.raises(NoSpecialist):
        serving(session, world.vera.profile.company_id, date(2020, 1, 1))
    with pytest.raises(NoSpecialist):
        serving(session, world.otto.profile.company_id, TODAY)


def test_otto_is_told_about_the_option(session: Session, settings: Settings) -> None:
    world = build_world(session, NOW)
    require_entitled(world.vera.profile, NOW, settings)
    with pytest.raises(NotEntitled):
        require_entitled(world.otto.profile, NOW, settings)


def test_the_option_ends_with_the_day_of_the_service_zone(session: Session, settings: Settings) -> None:
    world = build_world(session, NOW)
    row = session.query(Entitlement).filter_by(company_id=world.vera.profile.company_id).one()
    row.ends_on = TODAY
    session.flush()
    vera = contact_profile(session, world.vera.id)
    # Midnight in Bratislava in winter is 23:00 UTC.
    require_entitled(vera, datetime(2026, 11, 24, 22, 59, tzinfo=UTC), settings)
    with pytest.raises(NotEntitled):
        require_entitled(vera, datetime(2026, 11, 24, 23, 0, tzinfo=UTC), settings)


def test_all_specialists_are_listed_by_name(session: Session) -> None:
    build_world(session, NOW)
    assert [person.name for person in specialists(session)] == ["Lev Orlov", "Rita Weiss", "Sam Horvath"]


def test_the_cast_is_made_once(session: Session) -> None:
    assert build_world(session, NOW) == build_world(session, NOW + timedelta(days=3))


@pytest.mark.parametrize("role", ["administrator", "contact"])
def test_who_has_left_the_role_serves_nobody(session: Session, role: str) -> None:
    world = build_world(session, NOW)
    usual = update(Specialist).where(Specialist.user_id == world.sam.id)
    session.execute(usual.values(stand_in_id=world.rita.id))
    session.execute(update(User).where(User.id == world.sam.id).values(is_active=False))
    company_id = world.vera.profile.company_id
    assert serving(session, company_id, TODAY).person.name == "Rita Weiss"
    session.execute(update(User).where(User.id == world.rita.id).values(role=role))
    assert serving(session, company_id, TODAY).by is None
