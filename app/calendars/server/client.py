"""Speaks CalDAV with a specialist's server: every answer checked, every error one of ours."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from caldav.elements import cdav, dav
from caldav.elements.base import BaseElement, ValuedBaseElement

from app.calendars.connecting.client_discovery import discover
from app.calendars.errors import BadAnswer, Changed, Gone, NoRight, TokenRefused
from app.calendars.server.client_transport import Reply, Transport, refusal
from app.calendars.server.hrefs import is_same_path
from app.calendars.server.multistatus import CALDAV, CALENDAR_SERVER, DAV, Member, Multistatus
from app.calendars.server.writing import is_strong
from app.calendars.values import Discovery, Fetched, Listing, SyncPage
from app.config import Settings
from app.lib.clock import monotonic
from app.lib.outbound import Policy

_CHUNK = 50
# Whatever a server says to a token that it does not take (measured: 403, 409, 412, 500).
_TOKEN_REFUSALS = {400, 403, 409, 412, 500, 501}
# RFC 4791, 5.3.2.1; Cyrus says it in the words of RFC 6638, 3.2.4.1, and means all calendars of the user.
_UID_CONFLICTS = {f"{CALDAV}no-uid-conflict", f"{CALDAV}unique-scheduling-object-resource"}
_CALENDAR = {"Content-Type": "text/calendar; charset=utf-8"}


class _GetCtag(BaseElement):
    # Not an RFC but everywhere (CalendarServer's extension), and not among the package's elements.
    tag = f"{CALENDAR_SERVER}getctag"


class _Availability(ValuedBaseElement):
    tag = f"{CALDAV}calendar-availability"


class CalDavClient:
    """One account's server; one thread at a time. Every method may raise CalendarTrouble.

    ``seconds`` bounds all exchanges of this client together, besides the policy's bound for each.
    """

    def __init__(
        self, url: str, username: str, password: str, policy: Policy, *, seconds: float | None = None
    ) -> None:
        self._transport = Transport(url, username, password, policy)
        if seconds is not None:
            self._transport.session.until = monotonic() + seconds

    def close(self) -> None:
        """Let go of the connection."""
        self._transport.session.close()

    def discover(self) -> Discovery:
        """Homes, addresses and calendars of the account (RFC 6764, RFC 4791 6.2)."""
        return discover(self._transport)

    def features(self, href: str) -> frozenset[str]:
        """What the server says it can do there, in lower case (the DAV header of OPTIONS, RFC 4918, 10.1)."""
        reply = self._transport.send("OPTIONS", href)
        if reply.status not in {200, 204}:
            raise refusal(reply.status, reply.headers, href)
        told = reply.headers.get("Dav", "")
        return frozenset(word.strip().lower() for word in told.split(","))

    def sync(self, href: str, token: str) -> SyncPage:
        """What changed since the token ('' for everything), RFC 6578.

        Raises TokenRefused when the server does not take the token or has no such report.
        """
        body = dav.SyncCollection() + [
            dav.SyncToken(value=token),
            dav.SyncLevel(value="1"),
            dav.Prop() + dav.GetEtag(),
        ]
        try:
            reply = self._transport.send("REPORT", href, body, {"Depth": "0"})
        except ValueError as error:
            raise TokenRefused("token") from error
        if reply.status in _TOKEN_REFUSALS:
            raise TokenRefused("token")
        answer = self._transport.multistatus(reply, href)
        if not answer.token:
            raise BadAnswer("no token")
        return _sync_page(answer, href)

    def ctag(self, href: str) -> str | None:
        """The collection's tag, None when the server has none."""
        answer = self._transport.propfind(href, dav.Propfind() + (dav.Prop() + _GetCtag()), 0)
        return next((member.text(_GetCtag.tag) or None for member in answer.members), None)

    def etags(self, href: str) -> Listing:
        """Every object with its ETag, by one PROPFIND that also says what the collection is."""
        wanted = dav.Prop() + [dav.GetEtag(), dav.ResourceType(), dav.SyncToken(), _GetCtag()]
        answer = self._transport.propfind(href, dav.Propfind() + wanted, 1)
        itself = next((member for member in answer.members if is_same_path(member.href, href)), None)
        if itself is None:
            raise BadAnswer("listing without the collection")
        found = {m.href: m.text(dav.GetEtag.tag)[:500] for m in answer.members if _is_object(m, href)}
        is_calendar = f"{CALDAV}calendar" in itself.names(dav.ResourceType.tag)
        token = itself.text(dav.SyncToken.tag)
        return Listing(found, is_calendar, token if 0 < len(token) <= 1000 else None, _tag(itself))

    def multiget(self, href: str, hrefs: Sequence[str]) -> list[Fetched]:
        """Whole objects by calendar-multiget (RFC 4791, 7.9); what is not there is left out.

        Raises Gone when it is the calendar that is not there.
        """
        found: list[Fetched] = []
        for start in range(0, len(hrefs), _CHUNK):
            chunk = hrefs[start : start + _CHUNK]
            body = cdav.CalendarMultiGet() + (dav.Prop() + [dav.GetEtag(), cdav.CalendarData()])
            body += [dav.Href(value=item) for item in chunk]
            try:
                answer = self._transport.report(href, body, None)
            except Gone:
                # SabreDAV 1.8 fails the whole report over one missing object; of a calendar that is gone,
                # or behind a gateway that has lost its way, nothing is known of any.
                self._transport.propfind(href, dav.Propfind() + (dav.Prop() + dav.ResourceType()), 0)
                found += [item for item in map(self.get, chunk) if item is not None]
                continue
            found += _fetched(answer, set(chunk))
        return found

    def get(self, href: str) -> Fetched | None:
        """One object, None when it is not there (404, 410)."""
        answer = self._transport.get(href)
        if answer.status_code in {404, 410}:
            return None
        if answer.status_code != 200:
            raise refusal(answer.status_code, answer.headers, href)
        text = answer.text.replace("\0", "")
        if "END:VCALENDAR" not in text.upper():
            raise BadAnswer("no calendar object")
        return Fetched(href, answer.headers.get("Etag", "")[:500], text)

    def put(self, href: str, text: str, *, etag: str | None) -> str:
        """Create (``etag`` None) or change the version with that ETag; the new ETag, '' when not told.

        Raises Changed when the precondition fails or the UID is taken, NoRight, NotReached and so on.
        """
        self._look_before(href, etag)
        guard = {"If-None-Match": "*"} if etag is None else _if_match(etag)
        reply = self._transport.send("PUT", href, text, {**_CALENDAR, **guard})
        if reply.status in {200, 201, 204}:
            told = reply.headers.get("Etag", "")
            # A weak tag cannot guard the next change (RFC 9110, 13.1.1).
            return "" if told.startswith("W/") else told[:500]
        raise _write_refusal(reply, href)

    def delete(self, href: str, etag: str | None) -> None:
        """Delete, with an ETag only that version. Raises Gone when nothing is there, Changed on 412."""
        if etag is not None:
            self._look_before(href, etag)
        reply = self._transport.send("DELETE", href, "", _if_match(etag or ""))
        if reply.status not in {200, 202, 204}:
            raise _write_refusal(reply, href)

    def _look_before(self, href: str, etag: str | None) -> None:
        """Raise Changed or Gone when a write with this precondition has to fail.

        SOGo does not look at preconditions: it would overwrite, or bring back, what somebody else changed or
        deleted. The server's own check stays the one without a gap between looking and writing.
        """
        try:
            current = self.get(href)
        except BadAnswer:
            # Something stands there that is no event: the server's check has to do.
            return
        if current is None and etag is not None:
            raise Gone("gone")
        if current is not None and (etag is None or (current.etag and current.etag != etag)):
            raise Changed(current)

    def availability(self, href: str) -> str | None:
        """The calendar-availability property of a resource (RFC 7953, 7.2.2), None when it has none."""
        answer = self._transport.propfind(href, dav.Propfind() + (dav.Prop() + _Availability()), 0)
        return next((member.text(_Availability.tag) or None for member in answer.members), None)

    def set_availability(self, href: str, text: str) -> None:
        """PROPPATCH that property; read it back, for some servers say 200 and forget it (Cyrus).

        Raises NoRight when the server does not keep it there.
        """
        # With LF alone: a CR comes back as "&#13;" from Nextcloud.
        value = _Availability(value=text.replace("\r\n", "\n"))
        body = dav.PropertyUpdate() + (dav.Set() + (dav.Prop() + value))
        reply = self._transport.send("PROPPATCH", href, body)
        if reply.status not in {200, 207}:
            raise _write_refusal(reply, href)
        if reply.status == 200:
            return
        # Refusals stand inside the multistatus, for each property (RFC 4918, 9.2).
        members = self._transport.multistatus(reply, href).members
        if not any(_Availability.tag in member.properties for member in members):
            raise NoRight("no_right")

    def make_calendar(self, href: str, name: str) -> None:
        """MKCALENDAR for events (RFC 4791, 5.3.1). Raises Changed when something is there already."""
        kinds = cdav.SupportedCalendarComponentSet() + cdav.Comp(name="VEVENT")
        wanted = dav.Set() + (dav.Prop() + [dav.DisplayName(value=name), kinds])
        reply = self._transport.send("MKCALENDAR", href, cdav.Mkcalendar() + wanted)
        if reply.status == 405:
            raise Changed(None, "exists")
        if reply.status not in {200, 201, 207}:
            raise _write_refusal(reply, href)


def client_for(
    settings: Settings, url: str, username: str, password: str, *, seconds: float | None = None
) -> CalDavClient:
    """A client under the operator's rules; it reaches for the network only when it is asked something.

    Raises NotReached (``address_refused``) for an address that must not be called.
    """
    policy = Policy(allowed_origins=settings.caldav_allowed_origins, ca_file=settings.caldav_ca_file)
    return CalDavClient(url, username, password, policy, seconds=seconds)


def _sync_page(answer: Multistatus, href: str) -> SyncPage:
    changed, removed, is_truncated = [], [], False
    for member in answer.members:
        if member.status == 507:
            is_truncated = True
        elif member.status in {404, 410}:
            removed.append(member.href)
        elif _is_object(member, href):
            changed.append((member.href, member.text(dav.GetEtag.tag)[:500]))
    return SyncPage(tuple(changed), tuple(removed), answer.token or "", is_truncated)


def _fetched(answer: Multistatus, wanted: set[str]) -> Iterator[Fetched]:
    for member in answer.members:
        data = member.properties.get(cdav.CalendarData.tag)
        if member.href in wanted and data is not None and data.text:
            yield Fetched(member.href, member.text(dav.GetEtag.tag)[:500], str(data.text))


def _is_object(member: Member, href: str) -> bool:
    """Whether a member is an object of the collection: neither itself nor a collection inside it."""
    if not member.href.startswith(href.rstrip("/") + "/") or member.href.endswith("/"):
        return False
    return f"{DAV}collection" not in member.names(dav.ResourceType.tag)


def _if_match(etag: str) -> dict[str, str]:
    """The precondition for a version; none where the ETag is weak or missing, for it would never hold."""
    return {"If-Match": etag} if is_strong(etag) else {}


def _tag(member: Member) -> str | None:
    return member.text(_GetCtag.tag)[:1000] or None


def _write_refusal(reply: Reply, href: str) -> Exception:
    headers: Mapping[str, Any] = reply.headers
    if _UID_CONFLICTS & reply.preconditions:
        return Changed(None, "uid")
    problem = refusal(reply.status, headers, href)
    return NoRight("no_right") if isinstance(problem, NoRight) and not problem.reason else problem
