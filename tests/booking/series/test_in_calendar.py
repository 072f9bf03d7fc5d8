"""A series as calendars and mailboxes get it: single events, single invitations."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy.orm import Session

from app.booking import service
from app.booking.series.values import Repeat, SeriesRequest
from app.config import Settings
from app.lib.db import write
from tests.booking.core.office import Office, open_office
from tests.support.radicale import Radicale


@pytest.fixture
def office(session: Session, settings: Settings, radicale: Radicale) -> Office:
    """Sam's calendars on a real server, at the present time."""
    return open_office(session, settings, radicale)


def test_each_call_is_its_own_event_and_invitation_and_each_is_called_off(office: Office) -> None:
    vera, weeks = office.world.vera, timedelta(weeks=2)
    tomorrow = office.now + timedelta(days=1)
    starts = set(office.open_starts(vera, days=40))
    first = min(item for item in starts if item > tomorrow and {item + weeks, item + 2 * weeks} <= starts)
    wanted = SeriesRequest(office.request(first), Repeat(2, count=3))
    series = write(
        office.session,
        [office.world.sam.id],
        lambda s: service.book_series(s, office.now, office.settings, vera.id, wanted),
    )
    for call in series.calls:
        office.work(call)
    assert {str(event["UID"]) for event in office.events()} == {call.uid for call in series.calls}
    assert not [event for event in office.events() if "RRULE" in event or "RECURRENCE-ID" in event]
    mails = [mail for _key, mail in office.mails()]
    assert [mail["Subject"][-8:] for mail in mails] == ["(1 of 3)", "(2 of 3)", "(3 of 3)"]
    write(
        office.session,
        [office.world.sam.id],
        lambda s: service.cancel_rest(s, office.now, office.settings, vera.user, series.public_id),
    )
    for call in series.calls:
        office.work(call)
    assert office.events() == []
    cancels = [mail for key, mail in office.mails() if ":cancelled:" in key]
    parts = [part for mail in cancels for part in mail.walk() if part.get_content_type() == "text/calendar"]
    called_off = [icalendar.Calendar.from_ical(part.get_content()) for part in parts]
    assert {str(item["METHOD"]) for item in called_off} == {"CANCEL"}
    assert {str(event["UID"]) for item in called_off for event in item.walk("VEVENT")} == {
        call.uid for call in series.calls
    }
