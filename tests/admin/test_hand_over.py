"""The pages about who serves a company and of its hand-over, for everybody who may and may not see them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.admin.record_words_page import day_words
from app.booking.handover.jobs import hand_over_pass
from app.booking.models import Booking
from app.customers.models import Assignment, HandOver
from app.lib import clock
from app.lib.wording import local_date
from app.mail.models import OutgoingMail
from tests.booking.core.desk import Desk
from tests.pages.client import PageClient
from tests.support.replica import open_calendar
from tests.world import World, build_world


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    return build_world(session, clock.now())


@pytest.fixture
def day() -> str:
    """A later day of the service zone."""
    return (local_date(clock.now(), "Europe/Bratislava") + timedelta(days=2)).isoformat()


def send(client: PageClient, path: str, **form: str) -> TestResponse:
    return client.send(path, **form)


@pytest.fixture
def planned(app: Flask, session: Session, world: World, day: str) -> str:
    """The address of a hand-over of Nordwind from Sam to Rita that Ada has planned."""
    company, rita = world.vera.profile.company_public_id, world.rita.profile.public_id
    form = {"specialist": rita, "day": day, "note": "Sam leaves"}
    answer = send(PageClient(app, world.ada), f"/companies/{company}/hand-over", **form)
    assert answer.status_code == 303
    number = session.scalars(select(HandOver.public_id)).one()
    session.rollback()
    return f"/hand-overs/{number}"


def test_the_first_specialist_of_a_company_is_assigned_and_a_plan_taken_back(
    app: Flask, session: Session, world: World, day: str
) -> None:
    ada, company = PageClient(app, world.ada), world.otto.profile.company_public_id
    assert "Nobody serves this company yet." in ada.get(f"/companies/{company}/serving").text
    for wrong in ({"day": "soon"}, {"day": "2020-01-01"}, {"specialist": "nobody", "day": day}):
        sam = {"specialist": world.sam.profile.public_id} | wrong
        assert send(ada, f"/companies/{company}/serving", **sam).status_code == 409
    sam = {"specialist": world.sam.profile.public_id, "day": day}
    assert send(ada, f"/companies/{company}/serving", **sam).status_code == 303
    text = ada.get(f"/companies/{company}/serving").text
    assert "Sam Horvath" in text and "Take back" in text
    assert send(ada, f"/companies/{company}/serving/take-back", day=day).status_code == 303
    mine = select(Assignment).where(Assignment.company_id == world.otto.profile.company_id)
    assert session.scalars(mine).all() == []


def test_only_both_specialists_and_administrators_see_a_hand_over(
    app: Flask, world: World, planned: str
) -> None:
    for member in (world.ada, world.sam, world.rita):
        assert "Nordwind" in PageClient(app, member).get(planned).text
    for member in (world.lev, world.vera, world.mallory):
        PageClient(app, member).get(planned, 404)
    assert PageClient(app).client.get(planned).status_code == 303
    PageClient(app, world.sam).get(planned.replace("hand-overs/", "hand-overs/x"), 404)


def test_who_takes_over_finds_it_on_their_schedule_and_confirms(
    app: Flask, world: World, planned: str, day: str
) -> None:
    rita, ada = PageClient(app, world.rita), PageClient(app, world.ada)
    assert planned in rita.get("/schedule").text
    assert send(PageClient(app, world.sam), f"{planned}/confirm").status_code == 404
    assert send(ada, f"{planned}/confirm").status_code == 404
    assert send(rita, f"{planned}/confirm").status_code == 303
    assert "The contacts are being told" in rita.get(planned).text
    assert send(ada, f"{planned}/call-off").status_code == 409
    company = world.vera.profile.company_public_id
    text = ada.get(f"/companies/{company}/serving").text
    assert "Rita Weiss" in text and planned in text and "Take back" not in text
    back = send(ada, f"/companies/{company}/serving/take-back", day=day)
    assert back.status_code == 409 and "plan another hand-over" in back.text


def test_who_leaves_writes_down_what_who_comes_reads(app: Flask, world: World, planned: str) -> None:
    sam, rita = PageClient(app, world.sam), PageClient(app, world.rita)
    assert send(rita, f"{planned}/note", note="mine").status_code == 404
    assert send(sam, f"{planned}/note", note="They like mornings").status_code == 303
    assert "They like mornings" in rita.get(planned).text
    assert send(sam, f"{planned}/note", note="x" * 5000).status_code == 422


def test_declining_ends_it(app: Flask, world: World, planned: str) -> None:
    rita = PageClient(app, world.rita)
    assert send(rita, f"{planned}/decline", reason="On leave then").location == "/schedule"
    assert "On leave then" in PageClient(app, world.ada).get(planned).text
    assert "On leave then" in PageClient(app, world.sam).get(planned).text
    # The company is not Rita's, nor is what it has on the page.
    rita.get(planned, 404)
    assert send(rita, f"{planned}/confirm").status_code == 409
    assert send(rita, f"{planned}/decline", reason="again").status_code == 409


def test_once_it_is_done_it_is_no_more_of_who_left(
    app: Flask, session: Session, world: World, planned: str
) -> None:
    now, sam = clock.now(), PageClient(app, world.sam)
    send(PageClient(app, world.rita), f"{planned}/confirm")
    session.execute(update(HandOver).values(told_at=now, moved_at=now))
    to_rita = update(Assignment).where(Assignment.specialist_id == world.rita.id)
    company = world.vera.profile.company_id
    today = local_date(now, "Europe/Bratislava")
    session.execute(to_rita.where(Assignment.company_id == company).values(starts_on=today))
    session.commit()
    assert "Nordwind" in PageClient(app, world.rita).get(planned).text
    sam.get(planned, 404)
    assert send(sam, f"{planned}/note", note="Still here").status_code == 404


def test_who_could_not_be_mailed_is_told_by_phone(
    app: Flask, session: Session, world: World, planned: str
) -> None:
    ada = PageClient(app, world.ada)
    send(PageClient(app, world.rita), f"{planned}/confirm")
    assert send(PageClient(app, world.rita), f"{planned}/told").status_code == 404
    assert send(ada, f"{planned}/told").status_code == 409
    session.execute(update(OutgoingMail).values(state="given_up"))
    session.commit()
    page = ada.get(planned).text
    assert "does not reach Vera Lindqvist" in page and "They were told by phone" in page
    assert send(ada, f"{planned}/told").status_code == 303
    assert "Everybody is told" in ada.get(planned).text


def test_a_stuck_call_is_decided_on_from_the_page(
    app: Flask, session: Session, world: World, planned: str
) -> None:
    settings, now = app.extensions["attache"], clock.now()
    open_calendar(session, settings, now, world.sam.id)
    desk = Desk(session, settings, world, now=now)
    since = now + timedelta(days=3)
    call = desk.book(world.vera, next(at for at in desk.open_starts(world.vera) if at > since))
    send(PageClient(app, world.rita), f"{planned}/confirm")
    session.execute(update(HandOver).values(told_at=now))
    session.execute(update(Booking).values(status="confirmed", confirmed_at=now))
    session.commit()
    hand_over_pass(session, settings, now)
    rita, sam = PageClient(app, world.rita), PageClient(app, world.sam)
    assert "cannot pass on" in rita.get(planned).text
    decide = f"{planned}/calls/{call.public_id}"
    assert send(rita, decide, decision="sing").status_code == 404
    assert send(rita, decide, decision="cancel").status_code == 404
    assert send(PageClient(app, world.lev), decide, decision="keep").status_code == 404
    assert send(rita, decide, decision="keep").status_code == 303
    assert "stays with Sam" in rita.get(planned).text
    assert send(sam, decide, decision="retry").status_code == 303
    assert "waits to be passed on" in sam.get(planned).text
    assert send(sam, decide, decision="cancel").status_code == 303
    assert call.reference not in sam.get(planned).text.split("Past calls")[0]


@pytest.mark.postgres
def test_what_happened_to_a_company_tells_of_its_hand_overs(
    app: Flask, world: World, planned: str, day: str
) -> None:
    rita, ada = PageClient(app, world.rita), PageClient(app, world.ada)
    first = day_words(date.fromisoformat(day), "en")
    assert send(rita, f"{planned}/decline", reason="I am away").status_code == 303
    company, other = (
        ada.get(f"/companies/{member.profile.company_public_id}").words for member in (world.vera, world.otto)
    )
    planning = f"Ada Kovac: planned a hand-over (Sam Horvath → Rita Weiss, from {first})"
    declining = "Rita Weiss: declined the hand-over (I am away)"
    assert planning in company and declining in company
    assert company.index(declining) < company.index(planning)
    assert "hand-over (" not in other


def test_no_page_asks_more_than_twelve_queries(
    app: Flask,
    world: World,
    planned: str,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    ada = PageClient(app, world.ada)
    company = f"/companies/{world.vera.profile.company_public_id}"
    for path in (planned, company, f"{company}/serving"):
        ada.get(path)
        with count_queries() as queries:
            ada.get(path)
        assert len(queries) <= 12


def test_all_companies_of_a_specialist_are_handed_over_but_those_that_are_already(
    app: Flask, session: Session, world: World, planned: str, day: str
) -> None:
    ada, sam = PageClient(app, world.ada), world.sam.profile.public_id
    path = f"/people/{sam}/hand-over"
    assert path in ada.get(f"/people/{sam}").links()
    page = ada.get(path)
    assert planned in page.links() and "Under way already, left out here Nordwind" in page.words
    assert "for each of these companies: Sever" in page.words
    rita = {"specialist": world.rita.profile.public_id, "day": day, "note": "Sam leaves"}
    for wrong in ({"day": "soon"}, {"day": "2020-01-01"}, {"specialist": sam}):
        assert send(ada, path, **rita | wrong).status_code == 409
    address, page = ada.follow(path, **rita)
    assert "1 hand-over is planned." in page.words and "No company is left" in page.words
    assert "Nordwind Hand-over to" in page.words and "Sever Hand-over to" in page.words
    rows = session.execute(select(HandOver.from_id, HandOver.to_id, HandOver.starts_on)).all()
    assert {row[:2] for row in rows} == {(world.sam.id, world.rita.id)} and len(rows) == 2
    assert send(ada, path, **rita).status_code == 409
    PageClient(app, world.sam).get(path, 404)
    ada.get("/people/nobody/hand-over", 404)
