"""Working hours on the server: the calendar-availability property and VAVAILABILITY objects (RFC 7953)."""

from app.calendars.errors import CalendarTrouble
from tests.contract.ground import Ground
from tests.support.caldav_servers import CalDavServer

AVAILABILITY = "\r\n".join(
    (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//tests//EN",
        "BEGIN:VAVAILABILITY",
        "UID:{uid}",
        "DTSTAMP:20260101T000000Z",
        "BEGIN:AVAILABLE",
        "UID:{uid}-1",
        "DTSTAMP:20260101T000000Z",
        "DTSTART:20261123T090000Z",
        "DTEND:20261123T170000Z",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU",
        "SUMMARY:Hours & <more>",
        "END:AVAILABLE",
        "END:VAVAILABILITY",
        "END:VCALENDAR",
        "",
    )
)
_PLACES = ("inbox", "home", "principal")


def lines(text: str) -> list[str]:
    """Its lines without their ends, for servers keep LF or CRLF."""
    return [line for line in text.replace("\r\n", "\n").split("\n") if line]


class Hours:
    def test_a_property_that_was_kept_reads_back(self, ground: Ground) -> None:
        told = _kept(ground, ground.work)
        ground.fact("on calendar", told)

    def test_where_the_property_is_kept(self, ground: Ground, dav: CalDavServer) -> None:
        found = dav.client()
        places = _places(dav)
        for place in _PLACES:
            if place in places:
                told = _kept(ground, places[place])
                ground.fact(f"on {place}", told)
            else:
                ground.fact(f"on {place}", "no such resource")
        found.close()

    def test_hours_as_an_object_are_stored_or_refused(self, ground: Ground) -> None:
        href, text = ground.href("hours"), AVAILABILITY.format(uid=f"hours-{ground.mark}")
        try:
            ground.server.put(href, text, etag=None)
        except CalendarTrouble as error:
            ground.fact("vavailability", f"refused ({type(error).__name__})")
            assert ground.server.get(href) is None
            return
        stored = ground.standing("hours").text
        assert "BEGIN:AVAILABLE" in stored and "RRULE:FREQ=WEEKLY;BYDAY=MO,TU" in stored
        ground.fact("vavailability", "stored")


def _kept(ground: Ground, href: str) -> str:
    """Writes the property there and reads it back; the outcome as the matrix words it."""
    text = AVAILABILITY.format(uid=f"hours-{ground.mark}")
    try:
        ground.server.set_availability(href, text)
    except CalendarTrouble as error:
        # A refusal leaves nothing behind, and asking afterwards harms nothing.
        assert _asked(ground, href) is None
        return f"refused ({type(error).__name__})"
    found = _asked(ground, href)
    if found is None:
        return "**accepted, but lost**"
    assert lines(found) == lines(text)
    return "stored"


def _asked(ground: Ground, href: str) -> str | None:
    try:
        return ground.server.availability(href)
    except CalendarTrouble:
        return None


def _places(dav: CalDavServer) -> dict[str, str]:
    """The principal, the first home and the scheduling inbox, as another client finds them."""
    from tests.contract.reach import resources_of

    return resources_of(dav)
