"""Writes that end in certainty on every server, those that do not look at conditions included."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.calendars.errors import CalendarTrouble, Changed, Gone
from app.calendars.server.writing import put_changed, put_new, remove
from app.ical.event import CalendarEvent, read_event, write_event
from tests.contract.ground import BOOKED_AT, Ground, MemoryReplica, booking, is_ours
from tests.support.caldav_servers import CalDavServer


class Writes:
    def _event(self, ground: Ground, summary: str = "Call with Carl") -> CalendarEvent:
        return booking(f"attache-{ground.mark}", summary=summary)

    def _write(self, ground: Ground, event: CalendarEvent) -> str:
        return put_new(ground.server, ground.href("ours"), write_event(event), is_ours(event))

    def _phone(self, ground: Ground, summary: str) -> None:
        """Another client changes the event."""
        text = write_event(self._event(ground, summary))
        ground.server.put(ground.href("ours"), text, etag=ground.standing("ours").etag)

    def test_what_put_new_gives_is_the_version_that_stands_there(self, ground: Ground) -> None:
        assert self._write(ground, self._event(ground)) == ground.standing("ours").etag

    def test_writing_the_same_again_is_no_second_event(self, ground: Ground) -> None:
        self._write(ground, self._event(ground))
        assert self._write(ground, self._event(ground)) == ground.standing("ours").etag
        assert len(ground.server.etags(ground.work).etags) == 1

    def test_what_somebody_made_of_it_is_never_overwritten(self, ground: Ground) -> None:
        self._write(ground, self._event(ground))
        self._phone(ground, "Changed on the phone")
        with pytest.raises(Changed) as caught:
            self._write(ground, self._event(ground))
        assert caught.value.current is not None
        assert "Changed on the phone" in ground.standing("ours").text

    def test_a_change_gives_the_version_that_stands_there(self, ground: Ground) -> None:
        etag, moved = self._write(ground, self._event(ground)), self._event(ground, "Moved")
        told = put_changed(ground.server, ground.href("ours"), write_event(moved), etag, is_ours(moved))
        assert told == ground.standing("ours").etag
        assert "Moved" in ground.standing("ours").text

    def test_a_change_of_an_old_version_shows_what_stands_there(self, ground: Ground) -> None:
        etag, moved = self._write(ground, self._event(ground)), self._event(ground, "Moved")
        self._phone(ground, "Changed on the phone")
        with pytest.raises(Changed) as caught:
            put_changed(ground.server, ground.href("ours"), write_event(moved), etag, is_ours(moved))
        assert caught.value.current is not None
        assert "Changed on the phone" in caught.value.current.text
        assert "Changed on the phone" in ground.standing("ours").text

    def test_what_was_deleted_does_not_come_back_by_a_change(self, ground: Ground) -> None:
        etag, moved = self._write(ground, self._event(ground)), self._event(ground, "Moved")
        ground.server.delete(ground.href("ours"), etag)
        with pytest.raises(Gone):
            put_changed(ground.server, ground.href("ours"), write_event(moved), etag, is_ours(moved))
        assert not ground.is_there("ours")

    def test_what_somebody_changed_is_not_removed(self, ground: Ground) -> None:
        etag = self._write(ground, self._event(ground))
        self._phone(ground, "Changed on the phone")
        with pytest.raises(Changed):
            remove(ground.server, ground.href("ours"), etag)
        assert ground.is_there("ours")

    def test_removing_twice_is_removing(self, ground: Ground) -> None:
        etag = self._write(ground, self._event(ground))
        remove(ground.server, ground.href("ours"), etag)
        remove(ground.server, ground.href("ours"), etag)
        assert not ground.is_there("ours")

    def test_eight_writers_of_one_address_leave_one_event(self, ground: Ground, dav: CalDavServer) -> None:
        """None of them may believe in a booking that does not stand there, once it has looked again."""
        events = [self._event(ground, f"writer {number}") for number in range(8)]

        def write_one(event: CalendarEvent) -> None:
            client = dav.client()
            try:
                put_new(client, ground.href("ours"), write_event(event), is_ours(event))
            except CalendarTrouble:
                pass
            finally:
                client.close()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write_one, events))
        replica = MemoryReplica(ground.server, ground.work)
        replica.look()
        (stored,) = replica.objects.values()
        found = read_event(stored.text, events[0].uid)
        assert found is not None and found.summary in {event.summary for event in events}
        agreeing = [event for event in events if is_ours(event)(ground.standing("ours").text)]
        assert len(agreeing) == 1

    def test_different_bookings_written_at_once_all_stand(self, ground: Ground, dav: CalDavServer) -> None:
        events = [booking(f"attache-{ground.mark}-{number}", BOOKED_AT) for number in range(8)]

        def write_one(event: CalendarEvent) -> None:
            client = dav.client()
            try:
                href = ground.href(event.uid)
                for _ in range(5):
                    # A writer that a busy server turned away looks first and then asks again (SOGo: 500).
                    try:
                        put_new(client, href, write_event(event), is_ours(event))
                        return
                    except CalendarTrouble as error:
                        unclear = error
                raise unclear
            finally:
                client.close()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write_one, events))
        replica = MemoryReplica(ground.server, ground.work)
        replica.look()
        assert replica.uids() == sorted(event.uid for event in events)
