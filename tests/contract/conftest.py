"""The servers of the contract suite: which of them run is told by CALDAV_CONTRACT."""

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from app.calendars.errors import CalendarTrouble
from tests.contract.ground import Ground
from tests.fakes.calendar_server import IMITATIONS, FakeCalendarServer
from tests.fakes.dav_server import imitated_server
from tests.support.caldav_matrix import record
from tests.support.caldav_servers import CalDavServer, chosen_servers, running_server

for name in ("objects", "looks", "hours", "reach", "writes"):
    pytest.register_assert_rewrite(f"tests.contract.{name}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test on every server: those that ask for ``dav`` on all that speak HTTP, else in memory too.

    A real server's tests stay on one worker, so that it is started once.
    """
    real = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in chosen_servers(os.environ)]
    if "ground" in metafunc.fixturenames:
        memory = [] if "dav" in metafunc.fixturenames else ["memory"]
        metafunc.parametrize("server_name", [*memory, *IMITATIONS, *real], scope="session")
    elif "real_dav" in metafunc.fixturenames:
        metafunc.parametrize("server_name", real, scope="session")


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[[str], CalDavServer]]:
    """Starts a server when it is first asked for; all of them end with the session."""
    running: dict[str, CalDavServer] = {}
    with ExitStack() as stack:

        def start(name: str) -> CalDavServer:
            if name not in running:
                found = (
                    imitated_server(name, IMITATIONS[name]) if name in IMITATIONS else running_server(name)
                )
                running[name] = _with_first_look(stack.enter_context(found))
            return running[name]

        yield start


def _with_first_look(server: CalDavServer) -> CalDavServer:
    """Whether the server gave its user a calendar, asked before a test makes one."""
    client = server.client()
    found = client.discover().calendars
    client.close()
    return replace(server, has_calendar=bool(found))


@pytest.fixture
def real_dav(server_name: str, start_server: Callable[[str], CalDavServer]) -> CalDavServer:
    """A real server."""
    return start_server(server_name)


@pytest.fixture
def dav(ground: Ground) -> CalDavServer:
    """The server of the ground, for tests that need more of it than the client."""
    assert ground.dav is not None
    return ground.dav


@pytest.fixture
def ground(
    server_name: str, start_server: Callable[[str], CalDavServer], request: pytest.FixtureRequest
) -> Iterator[Ground]:
    """A server with one empty calendar."""
    if server_name == "memory":
        yield _in_memory()
        return
    server = start_server(server_name)
    made: list[str] = []

    def new_calendar() -> str:
        made.append(server.new_calendar())
        return made[-1]

    def remove_calendar(href: str) -> None:
        server.request("DELETE", href).raise_for_status()

    def fact(row: str, value: str) -> None:
        if server_name not in IMITATIONS:
            record(request.node.user_properties, server_name, server.version, row, value)

    client = server.client()
    yield Ground(client, new_calendar(), new_calendar, remove_calendar, fact, server)
    client.close()
    for href in made:
        server.request("DELETE", href)


def _in_memory() -> Ground:
    fake = FakeCalendarServer()
    numbers = iter(range(100))

    def new_calendar() -> str:
        href = f"/sam/calendar{next(numbers)}/"
        fake.make_calendar(href, "Work")
        return href

    def remove_calendar(href: str) -> None:
        with contextlib.suppress(CalendarTrouble):
            fake.delete(href, None)

    return Ground(fake, new_calendar(), new_calendar, remove_calendar, lambda _row, _value: None)
