"""Two administrators at once, each on a connection of their own and without the lock of the pages."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.accounts.service import record
from app.config import Settings
from app.customers.companies import service as companies
from app.customers.contacts.service import add_contact
from app.customers.files import service as files
from app.customers.users import service as users
from app.customers.users.errors import UserRefused
from app.customers.users.new_user import NewUser
from app.lib.db import write
from app.lib.errors import DomainError
from tests.customers.test_files import NOW, TODAY
from tests.support.databases import make_engine
from tests.world import World, build_world

ROUNDS = 8
Work = Callable[[Session], object]

pytestmark = pytest.mark.postgres


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, NOW)


class Race:
    """What becomes of two works at once: 'done', or the name of what stopped one."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)

    def run(self, *works: Work) -> list[str]:
        together = Barrier(len(works))

        def one(work: Work) -> str:
            with Session(self.engine) as session:
                session.connection()
                together.wait()
                try:
                    write(session, [], work)
                except DomainError as error:
                    return type(error).__name__
                return "done"

        with ThreadPoolExecutor(len(works)) as pool:
            return sorted(pool.map(one, works))


@pytest.fixture
def race(session: Session, database_url: str) -> Race:
    return Race(database_url)


def test_a_name_is_given_once(race: Race, world: World) -> None:
    for number in range(ROUNDS):
        values = {"name": f"Twin {number}", "plan": "standard", "note": ""}
        add = partial(companies.add_company, now=NOW, actor=world.ada.user, values=values)
        assert race.run(add, add) == ["NameTaken", "done"]


def test_an_address_is_given_once(race: Race, world: World) -> None:
    known = {"name": "Twin", "phone": "", "language": "en", "time_zone": "UTC"}
    about = {"now": NOW, "actor": world.ada.user, "company_id": world.otto.profile.company_public_id}
    for number in range(ROUNDS):
        add = partial(add_contact, values={**known, "email": f"twin{number}@k.example"}, **about)
        assert race.run(add, add) == ["AddressTaken", "done"]


def test_a_command_and_another_give_an_address_once_and_the_refused_one_can_go_on(
    session: Session, race: Race, world: World
) -> None:
    typed = NewUser("", "Twin", "administrator", "en", "UTC")

    def add(writer: Session, email: str) -> None:
        try:
            users.add(writer, NOW, replace(typed, email=email), ("en",))
        except UserRefused:
            record(writer, NOW, "operator", "refused", "user", email)
            writer.commit()
            raise

    for number in range(ROUNDS):
        email = f"twin{number}@attache.example"
        assert race.run(partial(add, email=email), partial(add, email=email)) == ["UserRefused", "done"]
    noted = select(AuditEntry.object_id).where(AuditEntry.verb == "refused")
    assert len(session.scalars(noted).all()) == ROUNDS


def test_no_day_is_paid_for_twice_and_no_plan_is_left_while_one_is(
    session: Session, race: Race, world: World
) -> None:
    about: dict[str, Any] = {"now": NOW, "actor": world.ada.user}
    span = {"starts_on": TODAY, "ends_on": None, "price_cents": 100_000, "note": ""}
    for number in range(ROUNDS):
        for has_two_spans in (True, False):
            values = {"name": f"Pair {number} {has_two_spans}", "plan": "all_inclusive", "note": ""}
            pair = companies.add_company(session, values=values, **about)
            session.commit()
            add = partial(companies.add_span, public_id=pair, values=span, **about)
            to = {**values, "plan": "standard"}
            leave = partial(companies.change_company, today=TODAY, public_id=pair, values=to, **about)
            stopped = race.run(add, add if has_two_spans else leave)
            reasons = {"SpansOverlap"} if has_two_spans else {"OptionRuns", "PlanWithoutOption"}
            assert stopped[1] == "done" and stopped[0] in reasons


def test_a_file_is_taken_once_and_not_over_what_came_between(
    session: Session, settings: Settings, race: Race, world: World
) -> None:
    about: dict[str, Any] = {"now": NOW, "today": TODAY, "actor": world.ada.user}
    nordwind = world.vera.profile.company_public_id

    def looked_at(text: str) -> Work:
        file_id = files.keep_file(session, NOW, world.ada.user, "companies", text.encode())
        digest = files.look(session, TODAY, settings, world.ada.user, file_id)[1].digest()
        session.commit()
        return partial(files.take, settings=settings, file_id=file_id, digest=digest, **about)

    for number in range(ROUNDS):
        new = f"New {number},all_inclusive,,2026-12-01"
        take = looked_at(f"name,plan,note,option_from\nNordwind,,Round {number},\n{new}\n")
        assert race.run(take, take) == ["NotFound", "done"]
        # Taken first, or told that it is overtaken: either way what the form says stands.
        take = looked_at(f"name,note\nNordwind,File {number}\n")
        typed = {"name": "Nordwind", "plan": "all_inclusive", "note": f"Form {number}"}
        change = partial(companies.change_company, public_id=nordwind, values=typed, **about)
        assert race.run(take, change) in (["done", "done"], ["FileOvertaken", "done"])
        session.rollback()
        assert companies.company(session, nordwind).note == f"Form {number}"
        session.rollback()
