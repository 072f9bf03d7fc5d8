"""The list of phone calls, the recordings of unknown callers, and whose calls they were."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.phone import service
from app.desk.phone.models import PhoneCall
from app.desk.phone.values import Incoming, PhoneCallValue, Recording
from app.desk.values import NewFile
from app.lib import clock
from app.lib.db import write
from tests.desk.phone.provider import VERA
from tests.desk.phone.test_calls import AUDIO, UNKNOWN
from tests.desk.phone.test_fetching import SOUND
from tests.pages.client import Page, PageClient, words
from tests.world import World, build_world, client_of

PAGE = "/phone-calls"


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, clock.now())


@pytest.fixture
def left(session: Session, settings: Settings, world: World) -> Callable[..., PhoneCallValue]:
    """A call with a recording that is here already."""

    def make(number: str, name: str) -> PhoneCallValue:
        now = clock.now()
        sound = NewFile("voicemail-2026-11-30-1830.wav", "audio/x-wav", SOUND)

        def work(s: Session) -> PhoneCallValue:
            call = service.take_call(s, now, settings, Incoming(name, number))
            service.note_recording(s, now, settings, call.id, Recording(AUDIO, 34))
            service.note_fetched(s, call.id, sound)
            return call

        return write(session, [], work)

    return make


def cells(page: Page) -> list[list[str]]:
    """The table's rows, the form's words aside."""
    return [[words(cell) for cell in row.findall("*")][:4] for row in page.tree.findall(".//tbody/tr")]


def test_our_people_see_their_companies_calls_and_those_of_unknown_callers(
    app: Flask, world: World, left: Callable[..., PhoneCallValue]
) -> None:
    left(VERA, "CA1")
    left(UNKNOWN, "CA2")
    seen = cells(PageClient(app, world.sam).get(PAGE))
    assert [row[1:] for row in seen] == [
        [
            "+420 222 333 444",
            "Unknown caller",
            f"Voicemail, 34 sDownload the recording (+420 222 333 444, {seen[0][0]})",
        ],
        ["+49 30 55501010", "Vera LindqvistNordwind", "Voicemail, 34 s"],
    ]
    assert [row[2] for row in cells(PageClient(app, world.rita).get(PAGE))] == ["Unknown caller"]
    assert len(cells(PageClient(app, world.ada).get(PAGE))) == 2
    PageClient(app, world.vera).get(PAGE, 404)


def test_a_recording_is_saved_and_never_shown_in_place(
    app: Flask, world: World, left: Callable[..., PhoneCallValue]
) -> None:
    address = f"{PAGE}/{left(UNKNOWN, 'CA1').public_id}/recording"
    answer = client_of(app, world.rita).get(address)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, SOUND, "audio/x-wav")
    assert answer.headers["Content-Disposition"] == "attachment; filename=voicemail-2026-11-30-1830.wav"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    PageClient(app, world.vera).get(address, 404)
    PageClient(app, world.sam).get(f"{PAGE}/{left(VERA, 'CA2').public_id}/recording", 404)


def test_an_unknown_call_is_given_to_a_contact_on_the_page(
    app: Flask, world: World, left: Callable[..., PhoneCallValue]
) -> None:
    address = f"{PAGE}/{left(UNKNOWN, 'CA1').public_id}/contact"
    rita, sam = PageClient(app, world.rita), PageClient(app, world.sam)
    refused = rita.post(address, 422, email="vera@nordwind.example")
    assert "No contact whom you look after has this address" in refused.words
    assert refused.forms(address)[0].fields["email"] == "vera@nordwind.example"
    _where, page = sam.follow(address, email="vera@nordwind.example")
    assert cells(page)[0][2:] == ["Vera LindqvistNordwind", "Voicemail, 34 s"] and not page.forms(PAGE)
    sam.post(address, 409, email="vera@nordwind.example")
    rita.post(address, 404, email="mallory@lynx.example")


def test_the_list_goes_on_without_gaps_and_costs_little(
    app: Flask,
    session: Session,
    world: World,
    count_queries: Callable[[], Any],
) -> None:
    now = clock.now()
    for number in range(120):
        session.add(PhoneCall(provider_id=f"CA{number}", number="", came_at=now, state="missed"))
    session.commit()
    sam, path, seen = PageClient(app, world.sam), PAGE, 0
    while path:
        with count_queries() as queries:
            page = sam.get(path)
        seen += len(cells(page))
        assert len(queries) <= 12
        path = next((link for link in page.links() if "before=" in link), "")
    assert seen == 120
    assert "Nobody has rung yet" in sam.get(PAGE, before="1").words
