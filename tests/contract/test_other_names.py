"""A server that stores objects under names of its own choosing, as Zimbra does."""

import contextlib

from app.calendars.errors import Changed
from app.calendars.server.writing import put_new
from app.ical.event import write_event
from tests.contract.ground import MemoryReplica, booking, is_ours
from tests.fakes.calendar_server import Quirks
from tests.fakes.dav_server import imitated_server


def test_a_booking_that_is_written_twice_is_there_once_and_known_by_its_uid() -> None:
    event = booking("attache-1")
    with imitated_server("renames", Quirks(renames=True)) as server:
        work = server.new_calendar()
        client = server.client()
        for _ in range(2):
            with contextlib.suppress(Changed):
                put_new(client, f"{work}{event.uid}.ics", write_event(event), is_ours(event))
        replica = MemoryReplica(client, work)
        replica.look()
        client.close()
    (stored,) = replica.objects.values()
    assert stored.href != f"{work}{event.uid}.ics"
    assert is_ours(event)(stored.text)
