"""Reaching a server: discovery, rights, refused credentials, connections that are gone."""

import http.client
import ssl
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from app.calendars.errors import BadAnswer, CredentialsRefused
from tests.contract.ground import Ground
from tests.support.caldav_servers import CalDavServer

_D, _C = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_ASK = """<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop
><d:current-user-principal/><c:calendar-home-set/><c:schedule-inbox-URL/></d:prop></d:propfind>"""


def resources_of(dav: CalDavServer) -> dict[str, str]:
    """The principal, the home and the scheduling inbox of the user, as another client finds them."""
    found: dict[str, str] = {"home": dav.home}
    principal = _href(dav, dav.start, f"{_D}current-user-principal") or dav.start
    found["principal"] = principal
    inbox = _href(dav, principal, f"{_C}schedule-inbox-URL")
    return found | ({"inbox": inbox} if inbox else {})


def _href(dav: CalDavServer, path: str, name: str) -> str | None:
    headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": "0"}
    for _ in range(5):
        answer = dav.request("PROPFIND", path, _ASK, headers)
        if not 300 <= answer.status_code < 400:
            break
        path = urlsplit(urljoin(dav.origin + path, answer.headers["Location"])).path
    if answer.status_code != 207:
        return None
    text = ElementTree.fromstring(answer.content).findtext(f".//{name}/{_D}href")
    return urlsplit(urljoin(dav.origin + path, text)).path if text else None


class Reach:
    def test_discovery_finds_the_home_and_the_calendar(self, ground: Ground, dav: CalDavServer) -> None:
        client = dav.client()
        found = client.discover()
        client.close()
        assert dav.home in found.homes
        (work,) = [calendar for calendar in found.calendars if calendar.href == ground.work]
        assert work.can_write and not work.is_shared and not work.is_subscribed
        assert work.name == "Work"
        assert all("@" in address for address in found.addresses)
        ground.fact("addresses", "yes" if found.addresses else "no")
        ground.fact("fresh", "yes" if dav.has_calendar else "**no**")
        ground.fact("zone", "yes" if any(calendar.zone for calendar in found.calendars) else "no")

    @pytest.mark.parametrize("kind", ["start", "calendar", "home", "well-known"])
    def test_discovery_goes_from_whatever_address_people_have(
        self, ground: Ground, dav: CalDavServer, kind: str
    ) -> None:
        starts = {"start": dav.start, "calendar": ground.work, "home": dav.home}
        client = dav.client(start=starts.get(kind, "/.well-known/caldav"))
        assert dav.home in client.discover().homes
        client.close()

    def test_an_address_that_is_no_calendar_server_says_so(self, dav: CalDavServer) -> None:
        client = dav.client(start="/none/of/this/")
        try:
            assert client.discover().homes
        except BadAnswer as error:
            assert error.reason == "not_caldav"
        finally:
            client.close()

    def test_a_wrong_password_is_told_as_that(self, ground: Ground, dav: CalDavServer) -> None:
        client = dav.client(password="wrong")
        for ask in (
            lambda: client.discover(),
            lambda: client.etags(ground.work),
            lambda: client.sync(ground.work, ""),
            lambda: client.ctag(ground.work),
            lambda: client.get(ground.href("a")),
            lambda: client.multiget(ground.work, [ground.href("a")]),
            lambda: client.put(ground.href("a"), ground.ics("a"), etag=None),
            lambda: client.delete(ground.href("a"), None),
            lambda: client.availability(ground.work),
        ):
            with pytest.raises(CredentialsRefused):
                ask()
        client.close()
        assert not ground.is_there("a")

    def test_making_a_calendar_twice_as_servers_tell_it(self, ground: Ground, dav: CalDavServer) -> None:
        body = '<c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:set><d:prop'
        body += "><d:displayname>Work</d:displayname></d:prop></d:set></c:mkcalendar>"
        headers = {"Content-Type": "application/xml; charset=utf-8"}
        ground.fact("mkcalendar", str(dav.request("MKCALENDAR", ground.work, body, headers).status_code))

    def test_a_hundred_reads_in_a_row_all_come(self, ground: Ground, dav: CalDavServer) -> None:
        """Also where the server closes kept connections without a word (SOGo)."""
        ground.put("a")
        assert all(ground.is_there("a") for _ in range(100))
        ground.fact("kept", "**yes**" if _drops(dav, ground.href("a")) else "no")


def _drops(dav: CalDavServer, path: str) -> bool:
    """Whether a kept connection ends without the server having said so."""
    import base64

    parts = urlsplit(dav.origin)
    token = base64.b64encode(f"{dav.user}:{dav.password}".encode()).decode()
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=dav.ca_file)
        link: http.client.HTTPConnection = http.client.HTTPSConnection(parts.netloc, context=context)
    else:
        link = http.client.HTTPConnection(parts.netloc)
    will_close = True
    for _ in range(100):
        try:
            link.request("GET", path, headers={"Authorization": f"Basic {token}"})
            answer = link.getresponse()
            answer.read()
            will_close = answer.will_close
        except (http.client.HTTPException, OSError):
            if not will_close:
                return True
        if will_close:
            link.close()
    link.close()
    return False
