"""Conditional writes end in certainty, whatever the server said."""

import pytest

from app.calendars.errors import BadAnswer, Changed, Gone, NoRight, NotReached
from app.calendars.server.writing import is_same, is_strong, put_changed, put_new, remove, version_of
from app.calendars.values import Fetched
from tests.calendars.world import WORK, ics
from tests.fakes.calendar_server import FakeCalendarServer

A = WORK + "a.ics"
OURS, THEIRS = ics("a"), ics("a", "20261124T150000Z", "20261124T160000Z")
NEWER = ics("a", "20261124T110000Z", "20261124T120000Z")


def is_ours(text: str) -> bool:
    return text in (OURS, NEWER)


def is_newer(text: str) -> bool:
    return text == NEWER


@pytest.fixture
def server() -> FakeCalendarServer:
    fake = FakeCalendarServer()
    fake.make_calendar(WORK, "Work")
    return fake


def lost() -> NotReached:
    return NotReached("reset", is_unclear=True)


def test_a_plain_create_is_one_request(server: FakeCalendarServer) -> None:
    etag = put_new(server, A, OURS, is_ours)
    assert server.calendars[WORK][A].etag == etag
    assert server.calls == ["put"]


def test_a_lost_answer_to_a_stored_create_is_success(server: FakeCalendarServer) -> None:
    server.late_failures["put"] = [lost()]
    assert put_new(server, A, OURS, is_ours) == server.calendars[WORK][A].etag
    assert server.calls == ["put", "get"]


def test_a_lost_create_is_tried_once_more(server: FakeCalendarServer) -> None:
    server.failures["put"] = [lost()]
    put_new(server, A, OURS, is_ours)
    assert server.calls == ["put", "get", "put"]


def test_a_create_that_stays_unclear_says_so(server: FakeCalendarServer) -> None:
    server.failures["put"] = [lost(), lost()]
    with pytest.raises(NotReached):
        put_new(server, A, OURS, is_ours)
    assert A not in server.calendars[WORK]


def test_our_own_earlier_create_counts(server: FakeCalendarServer) -> None:
    etag = server.store(A, OURS)
    assert put_new(server, A, OURS, is_ours) == etag


def test_a_foreign_object_at_our_href_is_shown(server: FakeCalendarServer) -> None:
    server.store(A, THEIRS)
    with pytest.raises(Changed) as caught:
        put_new(server, A, OURS, is_ours)
    assert caught.value.current is not None
    assert caught.value.current.text == THEIRS


def test_a_taken_uid_is_told_without_an_object(server: FakeCalendarServer) -> None:
    server.store(WORK + "other.ics", OURS)
    with pytest.raises(Changed) as caught:
        put_new(server, A, OURS, is_ours)
    assert (caught.value.current, caught.value.reason) == (None, "uid")


def test_a_missing_etag_is_looked_up(server: FakeCalendarServer, monkeypatch: pytest.MonkeyPatch) -> None:
    put = server.put
    monkeypatch.setattr(server, "put", lambda *args, **named: put(*args, **named) and "")
    assert put_new(server, A, OURS, is_ours) == server.calendars[WORK][A].etag


def test_an_object_that_the_server_put_elsewhere_is_not_put_again(
    server: FakeCalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = server.put
    monkeypatch.setattr(
        server, "put", lambda href, text, *, etag: put(WORK + "own.ics", text, etag=etag) and ""
    )
    with pytest.raises(Changed) as caught:
        put_new(server, A, OURS, is_ours)
    assert (caught.value.current, caught.value.reason) == (None, "elsewhere")
    assert server.calls == ["put", "get"]


def test_a_clear_refusal_is_not_tried_again(server: FakeCalendarServer) -> None:
    server.failures["put"] = [NoRight("quota")]
    with pytest.raises(NoRight):
        put_new(server, A, OURS, is_ours)
    assert server.calls == ["put"]


def test_a_change_replaces_the_version_it_knows(server: FakeCalendarServer) -> None:
    old = server.store(A, OURS)
    assert put_changed(server, A, NEWER, old, is_newer) == server.calendars[WORK][A].etag
    assert server.calendars[WORK][A].text == NEWER


def test_a_lost_answer_to_a_stored_change_is_success(server: FakeCalendarServer) -> None:
    old = server.store(A, OURS)
    server.late_failures["put"] = [lost()]
    assert put_changed(server, A, NEWER, old, is_newer) == server.calendars[WORK][A].etag


def test_a_change_made_twice_counts_once(server: FakeCalendarServer) -> None:
    old = server.store(A, OURS)
    new = put_changed(server, A, NEWER, old, is_newer)
    assert put_changed(server, A, NEWER, old, is_newer) == new


def test_somebody_elses_change_is_never_overwritten(server: FakeCalendarServer) -> None:
    old = server.store(A, OURS)
    server.store(A, THEIRS)
    with pytest.raises(Changed) as caught:
        put_changed(server, A, NEWER, old, is_newer)
    assert caught.value.current is not None
    assert caught.value.current.text == THEIRS
    assert server.calendars[WORK][A].text == THEIRS


def test_somebody_elses_change_during_an_unclear_write_is_kept(server: FakeCalendarServer) -> None:
    old = server.store(A, OURS)
    server.store(A, THEIRS)
    server.failures["put"] = [lost()]
    with pytest.raises(Changed):
        put_changed(server, A, NEWER, old, is_newer)


def test_changing_a_deleted_object_says_gone(server: FakeCalendarServer) -> None:
    with pytest.raises(Gone):
        put_changed(server, A, NEWER, '"1"', is_newer)


def test_removing_what_is_gone_is_done(server: FakeCalendarServer) -> None:
    remove(server, A, '"1"')


def test_a_lost_answer_to_a_removal_is_success(server: FakeCalendarServer) -> None:
    etag = server.store(A, OURS)
    server.late_failures["delete"] = [lost()]
    remove(server, A, etag)
    assert A not in server.calendars[WORK]


def test_a_changed_object_is_not_removed(server: FakeCalendarServer) -> None:
    old = server.store(A, OURS)
    server.store(A, THEIRS)
    with pytest.raises(Changed) as caught:
        remove(server, A, old)
    assert caught.value.current is not None
    assert A in server.calendars[WORK]


def test_a_removal_that_stays_unclear_says_so(server: FakeCalendarServer) -> None:
    etag = server.store(A, OURS)
    server.failures["delete"] = [BadAnswer("x", is_unclear=True), lost()]
    with pytest.raises(NotReached):
        remove(server, A, etag)


class Unguarded(FakeCalendarServer):
    """Gives weak ETags, or none (``prefix`` None); a write with any of them as its condition is refused."""

    def __init__(self, prefix: str | None) -> None:
        super().__init__()
        self.prefix = prefix
        self.make_calendar(WORK, "Work")

    def _told(self, etag: str) -> str:
        return "" if self.prefix is None else self.prefix + etag

    def get(self, href: str) -> Fetched | None:
        found = super().get(href)
        return None if found is None else Fetched(href, self._told(found.etag), found.text)

    def put(self, href: str, text: str, *, etag: str | None) -> str:
        there = self.calendars[WORK].get(href)
        # As the client does: a version that cannot guard a write is not sent.
        guard = there.etag if there is not None and etag is not None and not is_strong(etag) else etag
        super().put(href, text, etag=guard)
        return ""

    def delete(self, href: str, etag: str | None) -> None:
        assert etag is None or is_strong(etag), "a condition that never holds"
        super().delete(href, etag)


@pytest.fixture(params=["W/", None])
def unguarded(request: pytest.FixtureRequest) -> Unguarded:
    return Unguarded(request.param)


def test_without_a_strong_etag_it_is_looked_at_before_and_after_the_change(unguarded: Unguarded) -> None:
    put_new(unguarded, A, OURS, is_ours)
    there = unguarded.get(A)
    assert there is not None
    unguarded.calls.clear()
    told = put_changed(unguarded, A, NEWER, there.etag, is_newer, there.text)
    assert unguarded.calls == ["get", "put", "get"]
    assert unguarded.calendars[WORK][A].text == NEWER
    assert not is_strong(told)


def test_without_a_strong_etag_somebody_elses_change_is_kept(unguarded: Unguarded) -> None:
    put_new(unguarded, A, OURS, is_ours)
    there = unguarded.get(A)
    assert there is not None
    unguarded.store(A, THEIRS)
    with pytest.raises(Changed):
        put_changed(unguarded, A, NEWER, there.etag, is_newer, there.text)
    with pytest.raises(Changed):
        remove(unguarded, A, there.etag, there.text)
    assert unguarded.calendars[WORK][A].text == THEIRS


def test_without_a_strong_etag_what_is_gone_stays_gone(unguarded: Unguarded) -> None:
    with pytest.raises(Gone):
        put_changed(unguarded, A, NEWER, unguarded._told('"1"'), is_newer, OURS)
    remove(unguarded, A, unguarded._told('"1"'), OURS)
    assert A not in unguarded.calendars[WORK]


def test_without_a_strong_etag_a_lost_change_is_tried_once_more(unguarded: Unguarded) -> None:
    put_new(unguarded, A, OURS, is_ours)
    there = unguarded.get(A)
    assert there is not None
    unguarded.failures["put"] = [lost()]
    put_changed(unguarded, A, NEWER, there.etag, is_newer, there.text)
    assert unguarded.calendars[WORK][A].text == NEWER


def test_without_a_strong_etag_a_known_version_is_removed(unguarded: Unguarded) -> None:
    put_new(unguarded, A, OURS, is_ours)
    there = unguarded.get(A)
    assert there is not None
    remove(unguarded, A, there.etag, there.text)
    assert A not in unguarded.calendars[WORK]


def test_versions_are_compared_weakly_and_by_what_is_said() -> None:
    assert is_same('W/"1"', '"1"') and not is_same('"1"', '"2"') and not is_same("", "")
    stamped = OURS.replace("UID:a", "DTSTAMP:20261124T090000Z\r\nUID:a")
    again = OURS.replace("UID:a", "DTSTAMP:20261125T090000Z\r\nUID:a")
    assert version_of("", stamped) == version_of("", again) != version_of("", THEIRS)
    assert version_of('"1"', OURS) == '"1"'
    assert [is_strong(text) for text in ('"1"', 'W/"1"', "", version_of("", OURS))] == [
        True,
        False,
        False,
        False,
    ]
