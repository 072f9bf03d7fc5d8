"""The calendar-availability property (RFC 7953, 7.2.2) as another program reads and writes it."""

from xml.etree import ElementTree
from xml.sax.saxutils import escape

from tests.support.radicale import Radicale

_NAME = "{urn:ietf:params:xml:ns:caldav}calendar-availability"
_ASK = """<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"
><d:prop><c:calendar-availability/></d:prop></d:propfind>"""
_SET = """<?xml version="1.0"?><d:propertyupdate xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"
><d:set><d:prop><c:calendar-availability>{text}</c:calendar-availability></d:prop></d:set></d:propertyupdate>"""


def set_availability(server: Radicale, path: str, text: str) -> None:
    """Replace the property of a resource."""
    body = _SET.format(text=escape(text.replace("\r\n", "\n")))
    server.request("PROPPATCH", path, body, {"Content-Type": "application/xml"}).raise_for_status()


def availability_of(server: Radicale, path: str) -> str:
    """The property's text, '' when there is none."""
    answer = server.request("PROPFIND", path, _ASK, {"Depth": "0", "Content-Type": "application/xml"})
    answer.raise_for_status()
    return next((node.text or "" for node in ElementTree.fromstring(answer.content).iter(_NAME)), "")
