"""The switch that has guests written into our entries, on the page of a specialist's accounts."""

from flask import Flask

from app.calendars.inviting.jobs import probe
from app.calendars.models import CalendarAccount
from app.lib.db import db
from tests.calendars.views_world import connected, one_look, rows, sam, world
from tests.pages.client import PageClient
from tests.support.radicale import Radicale
from tests.world import World

__all__ = ["one_look", "sam", "world"]


def test_guests_are_listed_once_the_server_was_found_quiet(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    page = connected(app, sam, radicale)
    (account,) = rows(app, CalendarAccount)
    switch = f"/calendars/{account.id}/guests"
    assert "list nobody as a guest" in page.words and page.forms(switch)
    sam.follow(switch, on="1")
    assert "We are asking the server" in sam.get("/calendars").words
    with app.app_context():
        assert probe(db.session(), app.extensions["attache"], account.id, 0) is None
    assert "list the guests with their answers" in sam.get("/calendars").words
    sam.follow(switch, on="0")
    (account,) = rows(app, CalendarAccount)
    assert (account.invites_guests, account.is_quiet) == (False, None)


def test_a_server_that_mails_is_named_as_the_reason(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    connected(app, sam, radicale)
    with app.app_context():
        db.session.query(CalendarAccount).update({"invites_guests": True, "is_quiet": False})
        db.session.commit()
    assert "so nobody is listed" in sam.get("/calendars").words


def test_nobody_switches_somebody_elses(
    app: Flask, sam: PageClient, world: World, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    (account,) = rows(app, CalendarAccount)
    rita = PageClient(app, world.rita)
    assert rita.send(f"/calendars/{account.id}/guests", on="1").status_code == 404
    assert rows(app, CalendarAccount)[0].invites_guests is False
