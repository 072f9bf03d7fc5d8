"""What a hostile server tries when an account is looked for on it."""

from collections.abc import Iterator

import pytest

from app.calendars.errors import BadAnswer, CalendarTrouble, NotReached
from tests.calendars.odd_server import (
    SPACES,
    OddServer,
    Told,
    calendar,
    home_is,
    moved,
    odd_server,
    principal_is,
    serve,
)


@pytest.fixture
def server() -> Iterator[OddServer]:
    with odd_server() as running:
        yield running


def test_redirects_end_after_some_hops(server: OddServer) -> None:
    server.answers |= {f"/{number}/": moved(f"/{number + 1}/") for number in range(50)}
    with pytest.raises(BadAnswer):
        server.client("/0/").discover()
    assert len([asked for asked in server.asked if asked.path.strip("/").isdigit()]) == 5


@pytest.mark.parametrize("location", ["", "http://[", "//", "/a/../b", "/x?y=z"])
def test_a_redirect_to_nowhere_is_no_caldav(server: OddServer, location: str) -> None:
    server.answers["/"] = moved(location)
    with pytest.raises(BadAnswer):
        server.client().discover()


@pytest.mark.parametrize("body", ["x" * (9 << 20), "<a>" * 300_000], ids=["huge", "deep"])
def test_huge_answers_are_thrown_away(server: OddServer, body: str) -> None:
    server.answers["/"] = Told(207, body, {"Content-Type": "application/xml"})
    with pytest.raises(CalendarTrouble):
        server.client().discover()


def test_a_foreign_calendar_in_the_listing_spoils_it(server: OddServer) -> None:
    serve(server, calendar("https://other.example/x/", "X"))
    with pytest.raises(BadAnswer):
        server.client().discover()


def test_a_thousand_calendars_are_not_all_taken(server: OddServer) -> None:
    serve(server, *(calendar(f"/home/{number}/") for number in range(1000)))
    assert len(server.client().discover().calendars) == 200


def test_nobody_listening_is_told(server: OddServer) -> None:
    with odd_server() as other:
        client = other.client()
    with pytest.raises(NotReached) as caught:
        client.discover()
    assert caught.value.reason == "not_reached"


def test_two_slashes_at_the_begin_of_a_path_do_not_lead_to_another_origin(server: OddServer) -> None:
    with odd_server() as other:
        elsewhere = f"{server.url}//{other.url.partition('//')[2]}"
        server.answers["/"] = principal_is(f"{elsewhere}/me/")
        serve(other).answers["/me/"] = home_is(f"{elsewhere}/home/")
        with pytest.raises(CalendarTrouble):
            server.client("/", other.url).discover()
        assert other.asked == []


@pytest.mark.parametrize("path", ["//other.example/dav/", "/%2e%2e/dav/"])
def test_an_address_with_a_path_that_cannot_be_used_is_no_caldav(server: OddServer, path: str) -> None:
    with pytest.raises(BadAnswer):
        server.client(path).discover()
    assert server.asked == []


@pytest.mark.parametrize("code", ["\u00b2", "9" * 5000, "-1", "20"])
def test_a_status_that_is_no_number_spoils_the_answer(server: OddServer, code: str) -> None:
    response = f"<d:response><d:href>/</d:href><d:status>HTTP/1.1 {code} X</d:status></d:response>"
    server.answers["/"] = Told(207, f"<d:multistatus {SPACES}>{response}</d:multistatus>")
    with pytest.raises(BadAnswer):
        server.client().discover()
