"""Calls that belong to requests: linked from either page, seen on both."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.booking.values import CallValue
from app.config import Settings
from app.desk import queries as desk
from app.desk.calls import queries, service
from app.desk.models import LinkedCall
from app.desk.requests.service import open_request, solve
from app.desk.requests.values import RequestValue
from app.desk.values import Happening
from app.lib import clock
from app.lib.db import db, write
from tests.booking.core.desk import Desk
from tests.booking.core.settled import confirm
from tests.desk.test_conversations import asked
from tests.support.replica import open_calendar
from tests.world import Member, World, build_world, client_of

HOUR = timedelta(hours=1)


class Place:
    """Vera's call and her request, and Pavel's call beside."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session, self.settings, self.now = session, settings, clock.now().replace(microsecond=0)
        self.world: World = build_world(session, self.now)
        open_calendar(session, settings, self.now, self.world.sam.id)
        office = Desk(session, settings, self.world, self.now)
        first, *_others, last = office.open_starts(self.world.vera)
        self.call: CallValue = confirm(office, office.book(self.world.vera, first))
        self.foreign: CallValue = confirm(office, office.book(self.world.pavel, last))
        wanted = asked(self.world, 3)
        self.request: RequestValue = write(session, [], lambda s: open_request(s, self.now, settings, wanted))

    def does(self, work: Callable[..., Any], who: Member, call: CallValue) -> None:
        about = (self.request.conversation.public_id, call.public_id)
        write(self.session, [], lambda s: work(s, self.now, self.settings, who.user, *about))

    def linked(self) -> list[str]:
        return [call.reference for call in queries.linked_calls(self.session, self.request.conversation.id)]


@pytest.fixture
def place(session: Session, settings: Settings) -> Place:
    return Place(session, settings)


@pytest.mark.postgres
def test_a_call_is_linked_once_told_and_taken_off(place: Place) -> None:
    vera, sam = place.world.vera, place.world.sam
    for who in (vera, sam):
        place.does(service.link, who, place.call)
    assert place.linked() == [place.call.reference]
    told = desk.messages(place.session, place.request.conversation.id, for_staff=False)
    facts = [item.facts for item in told if item.happening == Happening.CALL_LINKED]
    assert facts == [{"call": place.call.reference}]
    found = queries.requests_of_call(
        place.session, place.now, place.settings, vera.user, place.call.public_id
    )
    assert [(item.reference, item.is_solved) for item in found] == [("R-1001", False)]
    place.does(service.unlink, sam, place.call)
    assert place.linked() == []


def test_calls_of_others_and_other_requests_cannot_be_linked(place: Place) -> None:
    world = place.world
    for who, call in ((world.vera, place.foreign), (world.sam, place.foreign), (world.pavel, place.foreign)):
        with pytest.raises(NotFound):
            place.does(service.link, who, call)
        place.session.rollback()
    for who in (world.mallory, world.rita):
        with pytest.raises(NotFound):
            place.does(service.link, who, place.call)
        place.session.rollback()
    assert place.session.scalars(select(LinkedCall)).all() == []


def test_what_can_be_linked_is_offered(place: Place) -> None:
    session, now, vera, mallory = place.session, place.now, place.world.vera.user, place.world.mallory.user
    about = (place.request.conversation.company_id, place.request.conversation.id)

    def calls() -> list[str]:
        return [call.reference for call in queries.linkable_calls(session, now, vera, *about)]

    def requests() -> list[str]:
        found = queries.linkable_requests(session, now, place.settings, vera, place.call.public_id)
        return [item.reference for item in found]

    assert calls() == [place.call.reference] and requests() == ["R-1001"]
    assert queries.linkable_calls(session, now, mallory, *about) == []
    assert queries.linkable_calls(session, now + timedelta(days=200), vera, *about) == []
    place.does(service.link, place.world.vera, place.call)
    assert calls() == [] and requests() == []
    place.does(service.unlink, place.world.vera, place.call)
    number, sam = place.request.conversation.id, place.world.sam.user
    write(session, [], lambda s: solve(s, now + HOUR, place.settings, sam, number))
    assert requests() == []


def test_both_sides_link_from_the_call_and_see_it_there(
    app: Flask, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        place = Place(db.session(), app.extensions["attache"])
    path, request = f"/calls/{place.call.public_id}", place.request.conversation.public_id
    assert "Link to a request" in client_of(app, place.world.vera).get(path).get_data(as_text=True)
    sent = client_of(app, place.world.vera).post(f"{path}/requests", data={"request": request})
    assert sent.status_code == 303 and sent.location.endswith(f"{path}#requests")
    for who in (place.world.vera, place.world.sam, place.world.ada):
        client = client_of(app, who)
        client.get(path)
        with count_queries() as found:
            page = client.get(path).get_data(as_text=True)
        assert f'href="/requests/{request}"' in page and "R-1001" in page, who.user.name
        assert "Link to a request" not in page
        assert len(found) <= 20
    assert client_of(app, place.world.mallory).post(f"{path}/requests", data={}).status_code == 404
    assert client_of(app, place.world.ada).post(f"{path}/requests", data={}).status_code == 404


def test_a_request_shows_its_calls_and_links_lead_where_somebody_may_go(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        place = Place(db.session(), app.extensions["attache"])
    path, call = f"/requests/{place.request.conversation.public_id}", place.call.public_id
    vera = client_of(app, place.world.vera)
    assert "Link a call" in vera.get(path).get_data(as_text=True)
    assert vera.post(f"{path}/calls", data={"call": call}).status_code == 303
    for who, opens in ((place.world.vera, True), (place.world.sam, True), (place.world.ada, True)):
        page = client_of(app, who).get(path).get_data(as_text=True)
        assert (f'href="/calls/{call}"' in page) is opens
        assert ('name="remove"' in page) is (who is not place.world.ada)
        assert (f'href="/calls/{call}/senior"' in page) is (who is not place.world.vera)
    foreign = {"call": place.foreign.public_id}
    assert vera.post(f"{path}/calls", data=foreign).status_code == 404
    assert vera.post(f"{path}/calls", data={"remove": call}).status_code == 303
    assert f'href="/calls/{call}"' not in vera.get(path).get_data(as_text=True)
