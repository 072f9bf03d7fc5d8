"""Lists of companies, contacts and people: what is found, page by page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.customers.companies import service as companies
from app.customers.companies.values import Only
from app.customers.contacts import service as contacts
from app.customers.finding.queries import people as find_people
from app.customers.models import Company, Specialist
from app.customers.people import service as people
from app.lib.paging import Place
from tests.world import World, build_world

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, NOW)


def many(session: Session, count: int) -> None:
    session.add_all(
        Company(public_id=f"many-{n}", name=f"Many {n:03}", plan="standard") for n in range(count)
    )
    session.flush()


@pytest.mark.postgres
def test_pages_lead_forth_and_back_over_every_company_once(session: Session, world: World) -> None:
    many(session, 120)
    forth, place = [], Place()
    while True:
        page = companies.companies(session, TODAY, text="Many", place=place)
        forth.append([item.name for item in page.items])
        if not page.after:
            break
        place = Place(after=page.after)
    assert [len(names) for names in forth] == [50, 50, 20]
    assert sum(forth, []) == [f"Many {n:03}" for n in range(120)]
    back = companies.companies(session, TODAY, text="Many", place=Place(before=page.before))
    assert [item.name for item in back.items] == forth[1]
    first = companies.companies(session, TODAY, text="Many", place=Place(before=back.before))
    assert [item.name for item in first.items] == forth[0]
    assert (first.before, bool(first.after)) == ("", True)


@pytest.mark.postgres
def test_filters_say_who_has_the_option_and_who_serves(session: Session, world: World) -> None:
    def names(only: Only) -> list[str]:
        return [item.name for item in companies.companies(session, TODAY, only=only).items]

    assert names(Only.WITH) == ["Lynx", "Nordwind", "Sever"]
    assert names(Only.WITHOUT) == ["Krause"]
    assert (names(Only.ENDING), names(Only.UNSERVED)) == ([], [])
    companies.end_option(
        session, NOW, world.ada.user, world.mallory.profile.company_public_id, TODAY + timedelta(days=20)
    )
    people.switch_person(session, NOW, world.ada.user, world.sam.user.public_id, is_active=False)
    assert names(Only.ENDING) == ["Lynx"]


@pytest.mark.postgres
def test_whom_a_stand_in_serves_is_not_without_a_specialist(session: Session, world: World) -> None:
    def unserved() -> list[str]:
        return [item.name for item in companies.companies(session, TODAY, only=Only.UNSERVED).items]

    people.switch_person(session, NOW, world.ada.user, world.sam.user.public_id, is_active=False)
    session.execute(
        update(Specialist).where(Specialist.user_id == world.sam.id).values(stand_in_id=world.rita.id)
    )
    assert unserved() == []
    session.execute(update(Specialist).values(stand_in_id=None))
    assert unserved() == ["Nordwind", "Sever"]


@pytest.mark.postgres
def test_search_knows_no_case_in_any_script_and_takes_signs_as_they_are(
    session: Session, world: World
) -> None:
    for name in ("Ёлка и Партнёры", "100% Öl", "a_b"):
        companies.add_company(session, NOW, world.ada.user, {"name": name, "plan": "standard", "note": ""})

    def found(text: str) -> list[str]:
        return [item.name for item in companies.companies(session, TODAY, text=text).items]

    assert found("NORD") == ["Nordwind"]
    assert found("ёлка") == ["Ёлка и Партнёры"]
    assert found("0%") == ["100% Öl"]
    assert found("%") == ["100% Öl"]
    assert found("_") == ["a_b"]
    assert found("\\") == []


def test_contacts_are_found_by_name_and_address(session: Session, world: World) -> None:
    assert [item.email for item in contacts.contacts(session, text="lindq").items] == [world.vera.email]
    assert [item.email for item in contacts.contacts(session, text="SEVER.ex").items] == [world.pavel.email]
    of_lynx = contacts.contacts(session, company_id=world.mallory.profile.company_id)
    assert [item.company for item in of_lynx.items] == ["Lynx"]


def test_a_whole_address_finds_its_owner_alone(session: Session, world: World) -> None:
    assert [found.name for found in find_people(session, "SAM@attache.example", 20)] == ["Sam Horvath"]


def test_a_broken_place_is_the_beginning(session: Session, world: World) -> None:
    for key in ("x", "~", "999999999999999999999~Z", "-1~Z"):
        assert len(companies.companies(session, TODAY, place=Place(after=key)).items) in {0, 4}
