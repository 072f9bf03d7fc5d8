"""Looking at a calendar file before subscribing to it."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.calendars.connecting.service_lookup import accept_subscription
from app.calendars.models import CalendarAccount
from app.calendars.service import open_password
from app.config import Settings
from tests.calendars.lookup_world import FILE, row_of, subscribe, view
from tests.calendars.odd_server import OddServer, Told, moved, odd_server
from tests.calendars.world import NOW


def file_server(server: OddServer) -> OddServer:
    server.answers["/x.ics?key=hidden"] = moved("/y.ics?key=hidden", 302)
    server.answers["/y.ics?key=hidden"] = Told(200, FILE, {"Content-Type": "text/calendar"})
    return server


def test_a_file_is_found_where_it_stands_in_the_end(
    session: Session, allowing: Callable[..., Settings]
) -> None:
    with odd_server() as server:
        settings = allowing(file_server(server))
        public_id = subscribe(session, settings, f"{server.url}/x.ics?key=hidden")
        assert all(not asked.authorization for asked in server.asked)
    found = view(session, public_id)
    assert (found.state, found.name, found.event_count, found.username) == ("found", "Team", 1, "")
    row = row_of(session, public_id)
    assert "hidden" not in f"{row.address} {row.url} {row.username} {row.found} {row.sealed_secret}"
    account_id = accept_subscription(session, NOW, settings, row.person_id, public_id, "")
    account = session.get(CalendarAccount, account_id)
    assert account is not None
    assert open_password(settings, account) == f"{server.url}/y.ics?key=hidden"
    assert (account.name, account.kind) == ("Team", "subscription")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Told(200, "<html></html>"), "not_a_calendar"),
        (Told(200, FILE[:120]), "not_a_calendar"),
        (moved("http://169.254.169.254/"), "address_refused"),
        (moved("/round.ics"), "not_a_calendar"),
        (Told(401), "credentials"),
        (Told(500), "not_reached"),
        (Told(200, FILE + "x" * (9 << 20)), "too_large"),
    ],
    ids=["html", "cut off", "private", "circle", "password", "broken", "huge"],
)
def test_what_is_no_file_is_told(
    session: Session, allowing: Callable[..., Settings], told: Told, reason: str
) -> None:
    with odd_server() as server:
        server.answers["/round.ics"] = told
        public_id = subscribe(session, allowing(server), f"{server.url}/round.ics")
    assert (view(session, public_id).state, view(session, public_id).reason) == ("failed", reason)
