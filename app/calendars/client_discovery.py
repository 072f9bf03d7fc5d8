"""Finds an account's calendars from whatever address a person typed (RFC 6764, RFC 5397, RFC 4791)."""

from urllib.parse import urljoin, urlsplit

from caldav.elements import cdav, dav
from caldav.elements.base import BaseElement

from app.calendars.client_transport import Transport, refusal
from app.calendars.errors import BadAnswer, Changed, Gone, Moved, NoRight
from app.calendars.hrefs import ForeignHref
from app.calendars.multistatus import CALDAV, DAV, Member, read_multistatus
from app.calendars.values import Discovery, FoundCalendar
from app.lib.text import scrubbed

_MOST_HOPS = 5
_MOST_HOMES = 5
# Where known servers keep their principals when neither the address nor the well-known path tells.
_KNOWN_PATHS = ("/.well-known/caldav", "/SOGo/dav/", "/remote.php/dav/", "/caldav.php/")
_WRITING = {f"{DAV}{name}" for name in ("all", "write", "write-content", "bind")}


def discover(transport: Transport) -> Discovery:
    """Homes, addresses and calendars.

    Raises BadAnswer with the reason ``not_caldav`` when no CalDAV server is found there, Moved when it is
    one of another origin, and CalendarTrouble otherwise.
    """
    principal = _find_principal(transport)
    wanted = dav.Prop() + [cdav.CalendarHomeSet(), cdav.CalendarUserAddressSet()]
    _, member = _ask(transport, principal, dav.Propfind() + wanted)
    homes = _paths(transport, member.hrefs(cdav.CalendarHomeSet.tag), principal)[:_MOST_HOMES]
    if not homes:
        raise BadAnswer("not_caldav")
    spoken = member.hrefs(cdav.CalendarUserAddressSet.tag)
    addresses = tuple(href[7:] for href in spoken if href.lower().startswith("mailto:"))
    calendars: dict[str, FoundCalendar] = {}
    for home in homes:
        calendars.update({found.href: found for found in _calendars(transport, home)})
    return Discovery(tuple(homes), addresses, tuple(calendars.values()))


def _find_principal(transport: Transport) -> str:
    body = dav.Propfind() + (dav.Prop() + [dav.CurrentUserPrincipal(), dav.ResourceType()])
    for start in (urlsplit(transport.url).path or "/", *_KNOWN_PATHS):
        try:
            at, member = _ask(transport, transport.path(start), body)
        except Moved:
            raise
        except (Gone, NoRight, BadAnswer, Changed):
            continue
        found = _paths(transport, member.hrefs(dav.CurrentUserPrincipal.tag), at)
        if found:
            return found[0]
        if f"{DAV}principal" in member.names(dav.ResourceType.tag):
            return at
    raise BadAnswer("not_caldav")


def _ask(transport: Transport, href: str, body: BaseElement) -> tuple[str, Member]:
    """PROPFIND of one resource; redirects are followed within the origin, each hop checked as any address.

    Method and body are kept on every redirect. Raises Moved for another origin.
    """
    for _ in range(_MOST_HOPS):
        reply = transport.send("PROPFIND", href, body, {"Depth": "0"})
        if reply.status in {301, 302, 303, 307, 308}:
            target = urljoin(urljoin(transport.url, href), reply.headers.get("Location", ""))
            try:
                href = transport.path(target)
            except ForeignHref:
                raise Moved(target) from None
            continue
        if reply.status != 207:
            raise refusal(reply.status, reply.headers, href)
        members = read_multistatus(reply.tree, urljoin(transport.url, href)).members
        if len(members) != 1:
            raise BadAnswer("not_caldav")
        return href, members[0]
    raise BadAnswer("not_caldav")


def _paths(transport: Transport, hrefs: list[str], at: str) -> list[str]:
    found = []
    for href in hrefs:
        try:
            found.append(transport.path(urljoin(urljoin(transport.url, at), href)))
        except ForeignHref:
            raise Moved(href) from None
    return found


def _calendars(transport: Transport, home: str) -> list[FoundCalendar]:
    wanted = dav.Prop() + [
        dav.ResourceType(),
        dav.DisplayName(),
        cdav.SupportedCalendarComponentSet(),
        dav.CurrentUserPrivilegeSet(),
    ]
    answer = transport.propfind(home, dav.Propfind() + wanted, 1)
    return [_found(member) for member in answer.members if _holds_events(member)]


def _holds_events(member: Member) -> bool:
    # DAViCal lists its scheduling boxes as calendars.
    if f"{CALDAV}calendar" not in member.names(dav.ResourceType.tag):
        return False
    if member.href.rstrip("/").endswith(("/.in", "/.out")):
        return False
    kinds = member.properties.get(cdav.SupportedCalendarComponentSet.tag)
    if kinds is None or len(kinds) == 0:
        return True
    return any((kind.get("name") or "").upper() == "VEVENT" for kind in kinds)


def _found(member: Member) -> FoundCalendar:
    rights = member.names(dav.CurrentUserPrivilegeSet.tag)
    name = scrubbed(member.text(dav.DisplayName.tag), 200) or member.href.rstrip("/").rsplit("/", 1)[-1]
    return FoundCalendar(member.href, name[:200], not rights or bool(rights & _WRITING))
