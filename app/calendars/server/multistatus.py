"""Reads a WebDAV multistatus (RFC 4918, 13) strictly: what cannot be read whole is not read at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.calendars.errors import BadAnswer
from app.calendars.server.hrefs import ForeignHref, canonical_path

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
CALENDAR_SERVER = "{http://calendarserver.org/ns/}"
_THREE_DIGITS = re.compile(r"[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Member:
    """One response: its path, its own status (None when it has propstats), the properties that are there."""

    href: str
    status: int | None
    properties: Mapping[str, Any]

    def text(self, tag: str) -> str:
        """The text of a property, '' without it."""
        element = self.properties.get(tag)
        return "" if element is None or element.text is None else str(element.text).strip()

    def hrefs(self, tag: str) -> list[str]:
        """The DAV:href texts inside a property."""
        element = self.properties.get(tag)
        return [] if element is None else [str(node.text or "") for node in element.iter(f"{DAV}href")]

    def names(self, tag: str) -> set[str]:
        """The tags of all elements inside a property."""
        element = self.properties.get(tag)
        return set() if element is None else {str(node.tag) for node in element.iter() if node is not element}


@dataclass(frozen=True, slots=True)
class Multistatus:
    """The members in the order of the answer, and the sync-token if it has one."""

    members: tuple[Member, ...]
    token: str | None


def read_multistatus(tree: Any, base_url: str) -> Multistatus:
    """The parsed answer as values.

    Raises BadAnswer when it is no multistatus, a response has no href or no status, or an href leads to
    another origin.
    """
    if tree is None or tree.tag != f"{DAV}multistatus":
        raise BadAnswer("no multistatus")
    members = [_member(node, base_url) for node in tree.iterfind(f"{DAV}response")]
    return Multistatus(tuple(members), tree.findtext(f"{DAV}sync-token"))


def _member(node: Any, base_url: str) -> Member:
    try:
        href = canonical_path(node.findtext(f"{DAV}href") or "", base_url)
    except ForeignHref as error:
        raise BadAnswer("foreign href") from error
    status = _code(node.findtext(f"{DAV}status"))
    properties: dict[str, Any] = {}
    propstats = node.findall(f"{DAV}propstat")
    if status is None and not propstats:
        raise BadAnswer("response without status")
    for propstat in propstats:
        code = _code(propstat.findtext(f"{DAV}status"))
        if code is None or 200 <= code < 300:
            for prop in propstat.iterfind(f"{DAV}prop"):
                properties.update({child.tag: child for child in prop if isinstance(child.tag, str)})
    return Member(href, status, properties)


def _code(text: str | None) -> int | None:
    """The number in a line like ``HTTP/1.1 404 Not Found``."""
    words = (text or "").split()
    if len(words) < 2 or not _THREE_DIGITS.fullmatch(words[1]):
        return None
    return int(words[1])
