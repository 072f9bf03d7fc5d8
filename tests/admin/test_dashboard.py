"""What the overview brings to an administrator's eyes, and trying again what failed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app.accounts.jobs import mail_link
from app.accounts.links import LINK_LIFETIME
from app.accounts.models import AuditEntry, SignInLink, User
from app.accounts.service_unsent import unsent_links
from app.admin.attention_page import concern_lists
from app.booking.models import Booking
from app.booking.values import CallValue
from app.config import Settings
from app.customers.attention.queries import concerns, served_companies
from app.customers.attention.values import AWAY, ENDING, NOBODY
from app.customers.models import Assignment, Company, Entitlement, Specialist, TimeOff
from app.jobs.client import client_of, enqueue
from app.lib.db import db
from app.mail.draft import Draft, Party
from app.mail.errors import Refused
from app.mail.models import OutgoingMail
from app.mail.service import GIVEN_UP, WAITING, post
from tests.pages.client import PageClient
from tests.support.queries import QueryRecorder
from tests.world import World, build_world

TODAY = date(2026, 11, 24)
Counting = Callable[[], AbstractContextManager[QueryRecorder]]


def made_company(session: Session, name: str, **option: Any) -> int:
    row = Company(public_id=name, name=name, plan=option.pop("plan", "all_inclusive"))
    session.add(row)
    session.flush()
    if option:
        session.add(Entitlement(company_id=row.id, **option))
    return row.id


def away(world: World, first: date, last: date, stand_in: int | None = None) -> TimeOff:
    return TimeOff(
        specialist_id=world.sam.id,
        uid="leave",
        first_day=first,
        last_day=last,
        stand_in_id=stand_in,
        noticed_at=world_time(),
    )


def world_time() -> datetime:
    return datetime.fromisoformat("2026-11-24T09:00:00Z")


def told(session: Session) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in concerns(session, TODAY, TODAY + timedelta(days=30)):
        found.setdefault(item.kind, []).append(item.company)
    return found


@pytest.mark.postgres
def test_companies_that_nobody_serves_are_named_while_they_have_the_option(session: Session) -> None:
    build_world(session, world_time())
    made_company(session, "Alone", starts_on=TODAY, ends_on=None)
    made_company(session, "Later", starts_on=TODAY + timedelta(days=1), ends_on=None)
    made_company(session, "Other plan", plan="basic", starts_on=TODAY, ends_on=None)
    assert told(session) == {NOBODY: ["Alone"]}


@pytest.mark.postgres
def test_companies_whose_specialist_is_away_are_named_unless_somebody_stands_in(session: Session) -> None:
    world = build_world(session, world_time())
    session.add(away(world, TODAY - timedelta(days=1), TODAY))
    by_default = update(Specialist).where(Specialist.user_id == world.sam.id)
    session.execute(by_default.values(stand_in_id=None))
    assert told(session) == {AWAY: ["Nordwind", "Sever"]}
    session.execute(by_default.values(stand_in_id=world.rita.id))
    assert told(session) == {}
    session.execute(by_default.values(stand_in_id=None))
    session.execute(update(TimeOff).values(stand_in_id=world.rita.id))
    assert told(session) == {}


@pytest.mark.postgres
def test_a_stand_in_who_is_away_or_gone_does_not_count(session: Session) -> None:
    world = build_world(session, world_time())
    session.add(away(world, TODAY, TODAY))
    theirs = away(world, TODAY, TODAY)
    theirs.specialist_id, theirs.uid = world.rita.id, "hers"
    session.add(theirs)
    session.flush()
    session.execute(update(Specialist).values(stand_in_id=None))
    session.execute(
        update(Specialist).where(Specialist.user_id == world.sam.id).values(stand_in_id=world.rita.id)
    )
    assert {"Nordwind", "Sever"} <= set(told(session)[AWAY])
    session.delete(theirs)
    session.flush()
    assert told(session) == {}
    for values in ({"is_active": False}, {"is_active": True, "role": "administrator"}):
        session.execute(update(User).where(User.id == world.rita.id).values(**values))
        assert told(session) == {AWAY: ["Lynx", "Nordwind", "Sever"]}


@pytest.mark.postgres
def test_a_closed_account_that_nobody_stands_in_for_is_named_without_a_day(session: Session) -> None:
    world = build_world(session, world_time())
    by_default = update(Specialist).where(Specialist.user_id == world.sam.id)
    session.execute(update(User).where(User.id == world.sam.id).values(is_active=False))
    session.execute(by_default.values(stand_in_id=world.rita.id))
    assert told(session) == {}
    session.execute(by_default.values(stand_in_id=None))
    session.add(away(world, TODAY, TODAY))
    session.flush()
    found = concerns(session, TODAY, TODAY)
    assert [(item.kind, item.company, item.day) for item in found] == [
        (AWAY, "Nordwind", None),
        (AWAY, "Sever", None),
    ]
    (closed,) = concern_lists(found[:1], "en")
    assert closed.rows == ("Nordwind: the account of Sam Horvath is closed",)


@pytest.mark.postgres
def test_of_two_overlapping_times_off_one_that_names_somebody_is_enough(session: Session) -> None:
    world = build_world(session, world_time())
    session.execute(update(Specialist).values(stand_in_id=None))
    second = away(world, TODAY, TODAY + timedelta(days=1))
    second.uid = "course"
    session.add_all([away(world, TODAY, TODAY, world.rita.id), second])
    session.flush()
    assert told(session) == {}


@pytest.mark.postgres
def test_options_that_end_soon_are_named_unless_they_go_on(session: Session) -> None:
    world = build_world(session, world_time())
    for name, days, goes_on in (("Soon", 30, False), ("Far", 31, False), ("Renewed", 10, True)):
        number, last = None, TODAY + timedelta(days=days)
        number = made_company(session, name, starts_on=TODAY, ends_on=last)
        session.add(Assignment(company_id=number, specialist_id=world.rita.id, starts_on=TODAY))
        if goes_on:
            session.add(Entitlement(company_id=number, starts_on=last + timedelta(days=1), ends_on=None))
    session.flush()
    assert told(session) == {ENDING: ["Soon"]}


@pytest.mark.postgres
def test_of_many_companies_three_are_named(session: Session) -> None:
    world = build_world(session, world_time())
    for number in range(5):
        company = made_company(session, f"Company {number}")
        session.add(Assignment(company_id=company, specialist_id=world.rita.id, starts_on=TODAY))
    session.flush()
    served = served_companies(session, TODAY)
    assert served[world.rita.id].names == ("Company 0", "Company 1", "Company 2")
    assert served[world.rita.id].count == 6
    assert served[world.sam.id].names == ("Nordwind", "Sever")


def post_mail(app: Flask, now: datetime, **values: Any) -> int:
    with app.app_context():
        draft = Draft(
            Party("calls@attache.example"), Party("vera@nordwind.example"), "Your call", "text", "<p>", "en"
        )
        post(db.session(), now, f"key:{values}", "thread", draft)
        row = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)).one()
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()
        return row.id


def facts(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        tried = select(AuditEntry.object_type, AuditEntry.object_id).where(AuditEntry.verb == "tried again")
        return [(kind, key) for kind, key in db.session.execute(tried)]


def test_a_mail_that_was_given_up_is_told_and_sent_again(app: Flask, ada: PageClient, now: datetime) -> None:
    mail = post_mail(app, now, state=GIVEN_UP, detail="550 no such user", attempts=8)
    post_mail(app, now, state=GIVEN_UP, detail="overtaken")
    page = ada.get("/overview")
    assert "Mail to vera@nordwind.example was not sent: Your call" in page.words
    assert "550 no such user" in page.words
    assert len(page.forms("/overview/again")) == 1
    _there, page = ada.follow("/overview/again", kind="mail", key=str(mail))
    assert "It is tried again." in page.words and not page.forms("/overview/again")
    with app.app_context():
        row = db.session.get(OutgoingMail, mail)
        assert row is not None and (row.state, row.attempts) == (WAITING, 0)
    assert facts(app) == [("mail", str(mail))]
    assert ada.send("/overview/again", kind="mail", key=str(mail)).status_code == 404
    assert ada.send("/overview/again", kind="anything", key="1").status_code == 404


def test_work_that_ended_in_an_error_is_begun_anew(app: Flask, ada: PageClient) -> None:
    with app.app_context():
        enqueue(db.session(), "booking", "booking:7", 7, order="7")
        db.session.commit()
        db.session.execute(text("UPDATE workflow_status SET status = 'ERROR'"))
        db.session.commit()
    assert "Writing a call into a calendar failed" in ada.get("/overview").words
    ada.follow("/overview/again", kind="work", key="booking:7")
    with app.app_context():
        (item,) = client_of(db.session()).list_workflows()
        assert (item.status, item.queue_partition_key) == ("ENQUEUED", "7")
    assert facts(app) == [("work", "booking:7")]
    assert ada.send("/overview/again", kind="work", key="booking:8").status_code == 404


@pytest.mark.postgres
def test_a_sign_in_mail_that_the_server_refused_is_told_and_sent_again(
    app: Flask, make_settings: Callable[..., Settings], ada: PageClient, now: datetime, monkeypatch: Any
) -> None:
    def refuse(*_arguments: object) -> None:
        raise Refused("550 closed")

    monkeypatch.setattr("app.accounts.jobs.client.send", refuse)
    with app.app_context():
        session = db.session()
        link = SignInLink(email="vera@nordwind.example", created_at=now, expires_at=now + LINK_LIFETIME)
        session.add(link)
        session.commit()
        number = link.id
        assert mail_link(session, make_settings(), number, 0) is None
        assert [item.said for item in unsent_links(session, now, 5)] == ["550 closed"]
    assert "Sign-in mail to vera@nordwind.example was not sent" in ada.get("/overview").words
    ada.follow("/overview/again", kind="link", key=str(number))
    with app.app_context():
        (item,) = client_of(db.session()).list_workflows()
        assert item.workflow_id.startswith(f"sign_in:{number}:")
        late = now + LINK_LIFETIME
        assert [found.can_go for found in unsent_links(db.session(), late, 5)] == [False]


@pytest.mark.postgres
def test_todays_calls_and_those_that_wait_for_a_calendar_are_counted(
    ada: PageClient, book_call: Callable[[], CallValue]
) -> None:
    book_call()
    assert "Waiting for a calendar, all days1, the first since" in ada.get("/overview").words


def test_the_coming_calls_are_paged(app: Flask, ada: PageClient, book_call: Callable[[], CallValue]) -> None:
    call = book_call()
    with app.app_context():
        row = db.session.execute(select(Booking.__table__)).mappings().one()
        more = [
            {**row, "id": None, "public_id": f"p{n}", "reference": f"R{n}", "uid": f"u{n}"} for n in range(60)
        ]
        for values in more:
            values.pop("id")
        db.session.execute(insert(Booking), more)
        db.session.commit()
    page = ada.get("/overview")
    assert page.words.count("Nordwind, Vera") == 20
    assert "/overview/calls" in page.links()
    first = ada.get("/overview/calls")
    assert first.words.count("Nordwind, Vera") == 50
    (onward,) = [href for href in first.links() if "after=" in href]
    second = ada.get(onward)
    assert second.words.count("Nordwind, Vera") == 11
    shown = [href for href in (*first.links(), *second.links()) if href.startswith("/calls/")]
    assert len(shown) == len(set(shown)) == 61 and f"/calls/{call.public_id}" in shown
    assert ada.get("/overview/calls", after="nonsense_x").words.count("Nordwind, Vera") == 50


def test_ten_thousand_companies_cost_twelve_queries(
    app: Flask, ada: PageClient, world: World, now: datetime, count_queries: Counting
) -> None:
    long_ago = now.date() - timedelta(days=400)
    with app.app_context():
        session, many = db.session(), range(10_000)
        names = [{"public_id": f"c{n}", "name": f"Company {n}", "plan": "all_inclusive"} for n in many]
        session.execute(insert(Company), names)
        ids = session.scalars(select(Company.id).where(Company.public_id.like("c%"))).all()
        paid = [{"company_id": n, "starts_on": long_ago, "ends_on": None, "note": ""} for n in ids]
        session.execute(insert(Entitlement), paid)
        served = [{"company_id": n, "specialist_id": world.sam.id, "starts_on": long_ago} for n in ids]
        session.execute(insert(Assignment), served[:9_990])
        session.commit()
    ada.get("/overview")
    with count_queries() as queries:
        page = ada.get("/overview")
    assert len(queries) <= 12, "\n".join(queries.statements)
    assert "Companies without a specialist" in page.words
    assert len(page.text.encode()) < 60_000
