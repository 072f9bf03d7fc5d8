"""Single objects: versions, refusals, and what a server makes of our texts."""

import pytest

from app.calendars.errors import BadAnswer, CalendarTrouble, Changed, Gone, NoRight, NotReached
from app.ical.edited import holds
from app.ical.event import read_event, write_event
from tests.contract.ground import Ground, booking
from tests.support.caldav_servers import CalDavServer

LATER = ("20261124T110000Z", "20261124T120000Z")


def status_of(dav: CalDavServer, method: str, path: str, text: str, **guard: str) -> str:
    """What the server says to another client."""
    headers = {name.replace("_", "-"): value for name, value in guard.items()}
    headers["Content-Type"] = "text/calendar; charset=utf-8"
    status = dav.request(method, path, text, headers).status_code
    # What another server would have refused stands out.
    return f"**{status}**" if guard and status < 300 else str(status)


def _now(ground: Ground) -> str:
    return ground.standing("a").etag


class Objects:
    def test_a_created_object_is_read_back_with_its_etag(self, ground: Ground) -> None:
        told = ground.server.put(ground.href("a"), ground.ics("a"), etag=None)
        found = ground.standing("a")
        assert found.href == ground.href("a")
        assert found.etag and told in {"", found.etag}
        assert f"UID:a-{ground.mark}" in found.text
        ground.fact("etag", "yes" if told else "no")
        ground.fact("etag holds", "yes" if told == found.etag else "no")

    def test_what_is_not_there_is_none(self, ground: Ground) -> None:
        assert ground.server.get(ground.href("a")) is None

    def test_creating_where_something_stands_is_refused(self, ground: Ground) -> None:
        ground.put("a")
        with pytest.raises(Changed):
            ground.server.put(ground.href("a"), ground.ics("a", *LATER), etag=None)
        assert "110000Z" not in ground.standing("a").text

    def test_a_change_moves_the_etag(self, ground: Ground) -> None:
        old = ground.put("a")
        ground.server.put(ground.href("a"), ground.ics("a", *LATER), etag=old)
        new = ground.standing("a")
        assert new.etag != old and "110000Z" in new.text

    def test_changing_a_version_that_is_gone_is_refused(self, ground: Ground) -> None:
        old = ground.put("a")
        ground.server.put(ground.href("a"), ground.ics("a", *LATER), etag=old)
        with pytest.raises(Changed):
            ground.server.put(ground.href("a"), ground.ics("a"), etag=old)
        assert "110000Z" in ground.standing("a").text

    def test_changing_what_is_not_there_is_refused(self, ground: Ground) -> None:
        with pytest.raises((Changed, Gone)):
            ground.server.put(ground.href("a"), ground.ics("a"), etag='"none"')
        assert not ground.is_there("a")

    def test_preconditions_as_servers_look_at_them(self, ground: Ground, dav: CalDavServer) -> None:
        """The client does not rely on any of it alone."""
        old, href, text = ground.put("a"), ground.href("a"), ground.ics("a", *LATER)
        ground.fact("create", status_of(dav, "PUT", href, text, If_None_Match="*"))
        ground.server.put(href, ground.ics("a", "20261124T130000Z", "20261124T140000Z"), etag=_now(ground))
        ground.fact("stale put", status_of(dav, "PUT", href, text, If_Match=old))
        ground.fact("stale delete", status_of(dav, "DELETE", href, "", If_Match=old))
        missing = status_of(dav, "PUT", ground.href("none"), ground.ics("none"), If_Match='"none"')
        ground.fact("put missing", missing)

    def test_writing_into_a_calendar_that_is_gone_is_refused(self, ground: Ground) -> None:
        gone = ground.new_calendar()
        ground.remove_calendar(gone)
        with pytest.raises((Changed, Gone, NoRight)):
            ground.server.put(f"{gone}a.ics", ground.ics("a"), etag=None)

    def test_deleting_a_version_that_is_gone_is_refused(self, ground: Ground) -> None:
        old = ground.put("a")
        ground.server.put(ground.href("a"), ground.ics("a", *LATER), etag=old)
        with pytest.raises(Changed):
            ground.server.delete(ground.href("a"), old)
        assert ground.is_there("a")

    def test_deleting_the_version_that_stands_there(self, ground: Ground) -> None:
        ground.server.delete(ground.href("a"), ground.put("a"))
        assert not ground.is_there("a")

    def test_deleting_what_is_not_there_says_so(self, ground: Ground) -> None:
        with pytest.raises(Gone):
            ground.server.delete(ground.href("a"), None)

    def test_a_uid_that_stands_elsewhere_is_refused_by_its_name_or_taken(self, ground: Ground) -> None:
        ground.put("a")
        try:
            ground.server.put(ground.href("b"), ground.ics("a"), etag=None)
        except Changed as error:
            # SOGo only says 409, as others do when the calendar is gone: whoever writes has to look.
            assert error.reason in {"uid", "conflict"}
            assert not ground.is_there("b")
        else:
            assert ground.is_there("b")

    def test_a_uid_twice_as_servers_tell_it(self, ground: Ground, dav: CalDavServer) -> None:
        ground.put("a")
        other = ground.new_calendar()
        text = ground.ics("a")
        ground.fact("uid elsewhere", status_of(dav, "PUT", f"{other}a.ics", text, If_None_Match="*"))
        ground.fact("uid", status_of(dav, "PUT", ground.href("b"), text, If_None_Match="*"))

    def test_our_event_is_kept_by_its_meaning(self, ground: Ground) -> None:
        event = booking(f"attache-{ground.mark}")
        text = write_event(event)
        ground.server.put(ground.href("ours"), text, etag=None)
        stored = ground.standing("ours").text
        assert holds(stored, event, "UTC")
        assert read_event(stored, event.uid) == event
        ground.fact("bytes", "yes" if stored.encode() == text.encode() else "no")
        ground.fact("x property", "yes" if "X-ATTACHE-REFERENCE:booking-1" in stored else "**no**")

    def test_nothing_that_we_write_is_mailed(self, ground: Ground, dav: CalDavServer) -> None:
        before, event = dav.mails(), booking(f"attache-{ground.mark}")
        ground.server.put(ground.href("ours"), write_event(event), etag=None)
        moved = booking(f"attache-{ground.mark}", summary="Moved")
        ground.server.put(ground.href("ours"), write_event(moved), etag=ground.standing("ours").etag)
        ground.server.delete(ground.href("ours"), ground.standing("ours").etag)
        assert dav.mails() == before

    def test_a_large_object_is_kept_whole(self, ground: Ground) -> None:
        line = "DESCRIPTION:" + "\\n".join(f"line {number} of a long text" for number in range(4000))
        folded = "\r\n ".join(line[start : start + 70] for start in range(0, len(line), 70))
        text = ground.ics("a", "20261124T090000Z", "20261124T100000Z", folded)
        assert len(text) > 100_000
        ground.server.put(ground.href("a"), text, etag=None)
        stored = ground.standing("a").text.replace("\r\n ", "").replace("\n ", "")
        assert "line 3999 of a long text" in stored
        ground.fact("big", "kept")

    def test_what_is_no_calendar_is_refused_or_never_read(self, ground: Ground) -> None:
        try:
            ground.server.put(ground.href("a"), "no calendar", etag=None)
        except (BadAnswer, NoRight, Changed, Gone, NotReached) as error:
            ground.fact("unreadable", f"refused ({type(error).__name__})")
        else:
            ground.fact("unreadable", "accepted")
        try:
            assert ground.server.get(ground.href("a")) is None
        except CalendarTrouble as error:
            assert isinstance(error, BadAnswer)
