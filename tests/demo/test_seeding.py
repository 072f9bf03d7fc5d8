"""A database filled to see what pages cost."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.booking.models import Booking
from app.customers.companies.service import companies
from app.customers.models import Contact
from app.demo.seeding.made_up import made_companies, made_contacts
from app.demo.seeding.service import SeededAlready, seed
from app.lib.db import db
from tests.world import build_world

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
COUNTS = {"companies": 120, "contacts": 300}


def test_the_same_seed_makes_the_same() -> None:
    for number in (1, 2):
        assert [*made_companies(number, 50, NOW.date())] == [*made_companies(number, 50, NOW.date())]
        assert [*made_contacts(number, 50, 20)] == [*made_contacts(number, 50, 20)]
    assert [*made_companies(1, 50, NOW.date())] != [*made_companies(2, 50, NOW.date())]


@pytest.mark.postgres
def test_as_many_are_made_as_were_asked_for_and_once(session: Session) -> None:
    build_world(session, NOW)
    made = seed(session, NOW, **COUNTS, number=1, tag="s1")
    assert made == {"companies": 120, "contacts": 300, "specialists": 40, "calls": 400}
    assert session.scalar(select(func.count()).select_from(Contact)) == 304
    assert session.scalar(select(func.count()).select_from(Booking)) == 400
    assert companies(session, NOW.date(), text="00119").items[0].contacts >= 1
    with pytest.raises(SeededAlready):
        seed(session, NOW, **COUNTS, number=1, tag="s1")
    seed(session, NOW, **COUNTS, number=2, tag="s2")


def test_only_a_demo_is_filled_without_being_asked_twice(app: Flask) -> None:
    with app.app_context():
        build_world(db.session(), NOW)
    arguments = ["seed", "--companies", "5", "--contacts", "8"]
    refused = app.test_cli_runner().invoke(args=arguments)
    assert refused.exit_code == 1 and "--yes" in refused.output
    done = app.test_cli_runner().invoke(args=[*arguments, "--yes"])
    assert done.exit_code == 0, done.output
    assert "companies: 5, contacts: 8" in done.output
    with app.app_context():
        made = select(func.count()).select_from(User).where(User.email.like("s1-%"))
        assert db.session.scalar(made) == 48
