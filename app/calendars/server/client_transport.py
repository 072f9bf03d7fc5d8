"""The `caldav` package's client on our own guarded session, and its errors in our words."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import lxml.etree as etree
from caldav.davclient import DAVClient
from caldav.elements.base import BaseElement
from caldav.lib import error as dav_error

from app.calendars.errors import (
    BadAnswer,
    CalendarTrouble,
    Changed,
    CredentialsRefused,
    Gone,
    Moved,
    NoRight,
    NotReached,
)
from app.calendars.server.hrefs import canonical_path, is_same_path
from app.calendars.server.multistatus import Multistatus, read_multistatus
from app.lib.outbound import (
    AddressRefused,
    Answer,
    BadResponse,
    CertificateRefused,
    GuardedSession,
    NotReachable,
    OutboundError,
    Policy,
)
from app.lib.sound_xml import check_xml

# The package writes strangers' calendars and addresses into the log, and whole exchanges into /tmp when an
# environment variable asks for it.
logging.getLogger("caldav").setLevel(logging.CRITICAL)
dav_error.debug_dump_communication = False

_XML = {"Content-Type": "application/xml; charset=utf-8"}
_LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a DAV request: ``tree`` is its XML, checked, if it had any."""

    status: int
    headers: Mapping[str, str]
    tree: Any
    preconditions: frozenset[str]


class _Doorway:
    """Stands where the package keeps its own HTTP session, whose habits cannot be made safe."""

    def __init__(self, session: GuardedSession) -> None:
        self._session = session

    def request(
        self, method: str, url: str, data: bytes | None, headers: Mapping[str, str], **_ignored: Any
    ) -> Answer:
        """Send; a body that is not sound XML is an error in a multistatus and left out elsewhere."""
        answer = self._session.request(method, url, data or b"", headers)
        try:
            if answer.content:
                check_xml(answer.content)
            return answer
        except BadResponse:
            if answer.status_code == 207:
                raise
        headers = {**answer.headers, "Content-Type": "text/plain"}
        return Answer(answer.status_code, answer.reason, headers, b"")

    def close(self) -> None:
        """Nothing to close here: the guarded session is closed by its owner."""


class Transport:
    """DAV requests of one account; used by one thread at a time."""

    def __init__(self, url: str, username: str, password: str, policy: Policy) -> None:
        try:
            self.session = GuardedSession(url, username, password, policy)
        except AddressRefused as error:
            raise NotReached("address_refused") from error
        self.url = url
        # With an auth object of any kind the package never negotiates; the header is the session's own.
        preset: Any = object()
        self._dav = DAVClient(url=url, auth=preset, enable_rfc6764=False)
        self._dav.session.close()
        doorway: Any = _Doorway(self.session)
        self._dav.session = doorway

    def send(
        self, method: str, href: str, body: BaseElement | str = "", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request to a path of the account's origin, whatever its status.

        Raises NotReached or BadAnswer.
        """
        url, text = urljoin(self.url, href), str(body)
        try:
            response = self._dav.request(url, method, text, {**_XML, **(headers or {})})
        except OutboundError as error:
            raise _trouble(error) from error
        except dav_error.AuthorizationError as error:
            return Reply(error.status or 401, {}, None, frozenset(error.preconditions))
        except dav_error.RateLimitError as error:
            pause = timedelta(seconds=min(error.retry_after_seconds or 0, _LONGEST_PAUSE.total_seconds()))
            raise NotReached("throttled", is_unclear=True, retry_after=pause or None) from error
        except (dav_error.DAVError, etree.LxmlError, ValueError) as error:
            raise BadAnswer("unreadable", is_unclear=True) from error
        found = _preconditions(response.tree)
        return Reply(response.status, response.headers, response.tree, found)

    def propfind(self, href: str, body: BaseElement, depth: int) -> Multistatus:
        """PROPFIND; raises CalendarTrouble for everything but a sound multistatus about what is there."""
        answer = self.multistatus(self.send("PROPFIND", href, body, {"Depth": str(depth)}), href)
        for member in answer.members:
            # Xandikos says inside of a 207 that the resource itself is not there.
            if (member.status or 200) >= 400 and is_same_path(member.href, href):
                raise refusal(member.status or 404, {}, urljoin(self.url, href))
        return answer

    def report(self, href: str, body: BaseElement, depth: int | None) -> Multistatus:
        """REPORT; raises CalendarTrouble for everything but a sound multistatus."""
        headers = {} if depth is None else {"Depth": str(depth)}
        return self.multistatus(self.send("REPORT", href, body, headers), href)

    def get(self, href: str) -> Answer:
        """GET, past the package (it would try to read the calendar as XML and log it)."""
        try:
            url = urljoin(self.url, href)
            return self.session.request("GET", url, b"", {"Accept": "text/calendar"})
        except OutboundError as error:
            raise _trouble(error) from error

    def path(self, href: str) -> str:
        """The canonical path of an href. Raises ForeignHref."""
        return canonical_path(href, self.url)

    def multistatus(self, reply: Reply, href: str) -> Multistatus:
        """The multistatus of a reply; raises CalendarTrouble for any other status."""
        if reply.status != 207:
            raise refusal(reply.status, reply.headers, urljoin(self.url, href))
        return read_multistatus(reply.tree, urljoin(self.url, href))


def refusal(status: int, headers: Mapping[str, str], url: str) -> CalendarTrouble:
    """The error that a status stands for where it was not expected."""
    if status == 401:
        return CredentialsRefused("credentials")
    if 300 <= status < 400:
        try:
            return Moved(urljoin(url, headers.get("Location", "")))
        except ValueError:
            return BadAnswer("unreadable", is_unclear=True)
    if status in {404, 410}:
        return Gone("gone")
    if status in {409, 412}:
        return Changed(None, "conflict" if status == 409 else "changed")
    if status in {403, 405, 413, 423, 507}:
        return NoRight({413: "too_large", 423: "locked", 507: "quota"}.get(status, "no_right"))
    # Infomaniak answers 418 where others answer 503.
    if status >= 500 or status in {408, 418, 429}:
        return NotReached(f"status_{status}", is_unclear=True)
    return BadAnswer(f"status_{status}", is_unclear=True)


def _trouble(error: OutboundError) -> CalendarTrouble:
    if isinstance(error, CertificateRefused):
        return NotReached("certificate")
    if isinstance(error, NotReachable):
        return NotReached("not_reached", is_unclear=error.is_unclear)
    if isinstance(error, AddressRefused):
        return NotReached("address_refused")
    return BadAnswer("unreadable", is_unclear=True)


def _preconditions(tree: Any) -> frozenset[str]:
    """The names inside a DAV:error (RFC 4918, 16)."""
    if tree is None or tree.tag != "{DAV:}error":
        return frozenset()
    return frozenset(str(node.tag) for node in tree)
