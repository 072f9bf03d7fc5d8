"""Replacing the availability of a calendar server, which has no precondition and may forget."""

from datetime import date, time

import pytest

from app.availability.hours_edit import Step, says_the_same
from app.availability.hours_writes import NotKept, carry_out
from app.calendars.errors import Changed, NoRight, NotReached
from app.calendars.syncing.reading import digest_of
from app.ical.availability_hours import write_availability
from app.ical.hours import WeeklyRange
from tests.fakes.calendar_server import FakeCalendarServer, Quirks
from tests.ical.values import NOW

HOME, ZONE = "/sam/", "Europe/Bratislava"


def week(hour: int) -> str:
    ranges = [WeeklyRange(day, time(hour), time(17)) for day in range(5)]
    return write_availability("week", ranges, ZONE, date(2026, 11, 23), NOW)


OLD, NEW, THEIRS = week(8), week(9), week(10)
STEP = Step("set", HOME, digest_of(OLD), NEW)


class Forgetful(FakeCalendarServer):
    """Says 200 and keeps what it had, as Cyrus does on the principal."""

    def set_availability(self, href: str, text: str) -> None:
        self._begin("set_availability")


class Rewriting(FakeCalendarServer):
    """Keeps the meaning, not the bytes."""

    def set_availability(self, href: str, text: str) -> None:
        super().set_availability(href, text.replace("\r\n", "\n").replace("Attache 1", "Other"))


def holding(text: str, server: FakeCalendarServer | None = None) -> FakeCalendarServer:
    server = server or FakeCalendarServer()
    server.availabilities[HOME] = text
    return server


def carried(server: FakeCalendarServer, step: Step = STEP) -> tuple[str, str | None]:
    return carry_out(server, step, says_the_same(step, ZONE))


def test_the_version_that_the_form_showed_is_replaced() -> None:
    server = holding(OLD)
    assert carried(server) == (digest_of(NEW), NEW)
    assert server.availabilities[HOME] == NEW


def test_the_first_one_is_written_where_none_was() -> None:
    server = FakeCalendarServer()
    assert carried(server, Step("set", HOME, "", NEW)) == (digest_of(NEW), NEW)


def test_what_a_server_rewrote_is_remembered_as_it_stands_there() -> None:
    server = holding(OLD, Rewriting())
    etag, text = carried(server)
    assert text == server.availabilities[HOME] != NEW
    assert etag == digest_of(text)


@pytest.mark.parametrize("etag", [digest_of(OLD), ""])
def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(etag: str) -> None:
    server = holding(THEIRS)
    with pytest.raises(Changed) as caught:
        carried(server, Step("set", HOME, etag, NEW))
    assert caught.value.current is not None
    assert caught.value.current.text == THEIRS
    assert server.availabilities[HOME] == THEIRS


def test_what_somebody_deleted_meanwhile_is_a_conflict() -> None:
    with pytest.raises(Changed):
        carried(FakeCalendarServer())


@pytest.mark.parametrize("text", [OLD, ""])
def test_a_server_that_forgets_is_found_out_by_looking_again(text: str) -> None:
    server = holding(text, Forgetful()) if text else Forgetful()
    with pytest.raises(NotKept) as caught:
        carried(server, Step("set", HOME, digest_of(text) if text else "", NEW))
    assert caught.value.reason == "not_kept"


def test_a_server_without_the_property_is_no_right() -> None:
    with pytest.raises(NoRight):
        carried(FakeCalendarServer(Quirks(has_availability=False)), Step("set", HOME, "", NEW))


def test_after_an_unclear_answer_ones_own_write_is_found() -> None:
    server = holding(OLD)
    server.late_failures["set_availability"] = [NotReached("time-out", is_unclear=True)]
    with pytest.raises(NotReached):
        carried(server)
    assert carried(server) == (digest_of(NEW), NEW)
    assert server.calls.count("set_availability") == 1


def test_hours_that_only_we_keep_need_no_server() -> None:
    assert carry_out(None, STEP, says_the_same(STEP, ZONE)) == (digest_of(NEW), NEW)
