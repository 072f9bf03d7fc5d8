"""What every calendar server must do for us: the fake in memory and a real one, by the same tests."""

from collections.abc import Iterator
from typing import Protocol

import pytest

from app.calendars.client import CalDavClient
from app.calendars.errors import Changed, Gone, TokenRefused
from app.calendars.values import CalendarServer
from app.lib.outbound import Policy
from tests.calendars.world import WORK, ics
from tests.fakes.calendar_server import FakeCalendarServer


class Server(CalendarServer, Protocol):
    """A server on which calendars can be made as well."""

    def make_calendar(self, href: str, name: str) -> None:
        """An empty calendar."""


@pytest.fixture(params=["fake", "radicale"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "fake":
        fake = FakeCalendarServer()
        fake.make_calendar(WORK, "Work")
        yield fake
        return
    radicale = request.getfixturevalue("radicale")
    policy = Policy(allowed_origins=(radicale.url,))
    client = CalDavClient(radicale.home("sam"), "sam", "sam-secret", policy)
    client.make_calendar(WORK, "Work")
    yield client
    client.close()


A, B = WORK + "a.ics", WORK + "b.ics"
LATER = ("20261124T110000Z", "20261124T120000Z")


class TestCalendarServer:
    def test_a_created_object_is_read_back_with_its_etag(self, server: Server) -> None:
        etag = server.put(A, ics("a"), etag=None)
        found = server.get(A)
        assert found is not None
        assert (found.href, found.etag) == (A, etag)
        assert "UID:a" in found.text

    def test_what_is_not_there_is_none(self, server: Server) -> None:
        assert server.get(A) is None

    def test_creating_twice_is_refused(self, server: Server) -> None:
        server.put(A, ics("a"), etag=None)
        with pytest.raises(Changed):
            server.put(A, ics("a", *LATER), etag=None)

    def test_a_uid_stands_only_once_in_a_calendar(self, server: Server) -> None:
        server.put(A, ics("a"), etag=None)
        with pytest.raises(Changed) as caught:
            server.put(B, ics("a"), etag=None)
        assert caught.value.reason == "uid"

    def test_a_change_needs_the_version_that_stands_there(self, server: Server) -> None:
        old = server.put(A, ics("a"), etag=None)
        new = server.put(A, ics("a", *LATER), etag=old)
        assert new != old
        with pytest.raises(Changed):
            server.put(A, ics("a"), etag=old)

    def test_changing_what_is_not_there_is_refused(self, server: Server) -> None:
        with pytest.raises(Changed):
            server.put(A, ics("a"), etag='"none"')

    def test_writing_into_a_calendar_that_is_gone_is_refused(self, server: Server) -> None:
        with pytest.raises(Changed):
            server.put("/sam/none/a.ics", ics("a"), etag=None)

    def test_deleting_needs_the_version_that_stands_there(self, server: Server) -> None:
        old = server.put(A, ics("a"), etag=None)
        new = server.put(A, ics("a", *LATER), etag=old)
        with pytest.raises(Changed):
            server.delete(A, old)
        server.delete(A, new)
        assert server.get(A) is None

    def test_deleting_what_is_not_there_says_so(self, server: Server) -> None:
        with pytest.raises(Gone):
            server.delete(A, None)

    def test_a_listing_holds_every_object_and_a_token(self, server: Server) -> None:
        etags = {A: server.put(A, ics("a"), etag=None), B: server.put(B, ics("b"), etag=None)}
        listing = server.etags(WORK)
        assert dict(listing.etags) == etags
        assert listing.is_calendar
        page = server.sync(WORK, listing.token or "")
        assert (page.changed, page.removed) == ((), ())

    def test_a_token_gives_what_changed_since(self, server: Server) -> None:
        old = server.put(A, ics("a"), etag=None)
        token = server.sync(WORK, "").token
        new = server.put(B, ics("b"), etag=None)
        page = server.sync(WORK, token)
        assert (page.changed, page.removed) == (((B, new),), ())
        server.delete(A, old)
        assert server.sync(WORK, page.token).removed == (A,)

    def test_the_empty_token_gives_everything(self, server: Server) -> None:
        etag = server.put(A, ics("a"), etag=None)
        assert server.sync(WORK, "").changed == ((A, etag),)

    def test_a_strange_token_is_refused(self, server: Server) -> None:
        with pytest.raises(TokenRefused):
            server.sync(WORK, "http://strange.example/token")

    def test_the_ctag_moves_with_every_change(self, server: Server) -> None:
        before = server.ctag(WORK)
        etag = server.put(A, ics("a"), etag=None)
        between = server.ctag(WORK)
        server.delete(A, etag)
        assert len({before, between}) == 2
        assert between != server.ctag(WORK)

    def test_multiget_gives_whole_objects_and_leaves_out_what_is_missing(self, server: Server) -> None:
        etag = server.put(A, ics("a"), etag=None)
        (found,) = server.multiget(WORK, [A, B])
        assert (found.href, found.etag) == (A, etag)
        assert "UID:a" in found.text

    def test_a_calendar_that_is_not_there_says_so(self, server: Server) -> None:
        with pytest.raises(Gone):
            server.etags("/sam/none/")

    def test_a_calendar_is_made_once(self, server: Server) -> None:
        with pytest.raises(Changed):
            server.make_calendar(WORK, "Work")
