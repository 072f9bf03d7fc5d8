"""Which servers are believed to mail nobody (RFC 6638, 2)."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from app.calendars.inviting.jobs import probe
from app.calendars.inviting.quiet import is_quiet
from app.calendars.models import CalendarAccount
from app.calendars.service import choose, connect, list_guests
from app.config import Settings
from app.lib import clock
from tests.calendars.odd_server import OddServer, Told, odd_server
from tests.world import build_world

PLAIN = "1, 2, 3, access-control, calendar-access"


@pytest.mark.parametrize(
    ("told", "quiet"),
    [
        ([PLAIN], True),
        ([PLAIN, PLAIN], True),
        ([PLAIN, f"{PLAIN}, calendar-auto-schedule"], False),
        (["1, calendar-access, calendar-schedule"], False),
        (["1, 2, 3"], False),
        ([""], False),
        ([], False),
    ],
)
def test_only_a_calendar_server_that_announces_no_scheduling_anywhere_is_quiet(
    told: list[str], quiet: bool
) -> None:
    assert is_quiet(frozenset(word.strip() for word in line.split(",")) for line in told) is quiet


@pytest.fixture
def server() -> Iterator[OddServer]:
    with odd_server() as started:
        yield started


@pytest.fixture
def settings_here(allowing: Callable[..., Settings], server: OddServer) -> Settings:
    return allowing(server)


@pytest.fixture
def account(session: Session, settings_here: Settings, server: OddServer) -> CalendarAccount:
    """Sam's account there, whose entries shall list guests."""
    now = clock.now()
    sam = build_world(session, now).sam.id
    made = connect(session, now, settings_here, sam, f"{server.url}/dav/", "sam", "secret")
    choose(session, made, {"/dav/work/": "busy"}, "/dav/work/")
    list_guests(session, now, sam, made.id, wanted=True)
    session.commit()
    return made


@pytest.mark.parametrize(
    ("headers", "quiet"),
    [
        ({"DAV": PLAIN}, True),
        ({"DAV": f"{PLAIN}, calendar-auto-schedule"}, False),
        # In two lines, as Cyrus tells it.
        ({"DAV": "calendar-auto-schedule", "dav": PLAIN}, False),
    ],
)
def test_the_worker_asks_the_account_and_its_calendars(
    session: Session,
    settings_here: Settings,
    server: OddServer,
    account: CalendarAccount,
    headers: dict[str, str],
    quiet: bool,
) -> None:
    server.by_method["OPTIONS", "/dav/"] = Told(200, "", {"DAV": PLAIN})
    server.by_method["OPTIONS", "/dav/work/"] = Told(200, "", headers)
    assert account.is_quiet is None
    assert probe(session, settings_here, account.id, 0) is None
    session.refresh(account)
    assert (account.invites_guests, account.is_quiet) == (True, quiet)


def test_a_server_that_cannot_be_asked_counts_as_one_that_mails(
    session: Session, settings_here: Settings, account: CalendarAccount
) -> None:
    pauses = [probe(session, settings_here, account.id, attempt) for attempt in range(5)]
    assert all(pauses[:4]) and pauses[4] is None
    session.refresh(account)
    assert account.is_quiet is False
