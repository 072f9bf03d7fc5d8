"""Finds an account's calendars from an address of its server (RFC 6764, RFC 5397, RFC 4791)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from app.calendars.connecting.found_calendars import (
    AVAILABILITY,
    RESOURCE_TYPE,
    WANTED,
    read_availability,
    read_calendars,
)
from app.calendars.errors import BadAnswer, CalendarTrouble, Changed, Gone, Moved, NoRight, NotReached
from app.calendars.server.client_transport import Reply, Transport, refusal
from app.calendars.server.hrefs import ForeignHref
from app.calendars.server.multistatus import CALDAV, DAV, Member, Multistatus, read_multistatus
from app.calendars.values import Discovery, FoundAvailability, FoundCalendar

_MOST_HOPS = 5
_MOST_HOMES = 5
_MOST_ADDRESSES = 20
# Where known servers keep their principals when neither the address nor the well-known path tells:
# SOGo, Nextcloud and ownCloud, DAViCal, Baïkal, Zimbra and Cyrus.
_KNOWN_PATHS = (
    "/.well-known/caldav",
    "/SOGo/dav/",
    "/remote.php/dav/",
    "/caldav.php/",
    "/dav.php/",
    "/dav/",
)
_PRINCIPAL = f"{DAV}current-user-principal"
_HOMES, _ADDRESSES = f"{CALDAV}calendar-home-set", f"{CALDAV}calendar-user-address-set"
_INBOX, _DEFAULT = f"{CALDAV}schedule-inbox-URL", f"{CALDAV}schedule-default-calendar-URL"


@dataclass
class _Owner:
    """What the principal says."""

    principal: str = ""
    homes: list[str] = field(default_factory=list)
    addresses: tuple[str, ...] = ()
    inbox: str = ""
    availability: FoundAvailability | None = None


def discover(transport: Transport) -> Discovery:
    """Homes, addresses, calendars and where the owner's availability stands.

    Raises BadAnswer (``not_caldav``; ``needs_oauth``, ``needs_digest`` when the server wants people to sign
    in as we cannot), Moved when the account is at another origin, and CalendarTrouble otherwise.
    """
    try:
        return _discover(transport)
    except CalendarTrouble as error:
        if error.code == "calendar_credentials":
            raise _sign_in_trouble(transport.session.challenge) or error from None
        raise


def _sign_in_trouble(challenge: str) -> BadAnswer | None:
    offered = challenge.lower()
    if "basic" in offered:
        return None
    if "bearer" in offered:
        return BadAnswer("needs_oauth")
    return BadAnswer("needs_digest") if "digest" in offered else None


def _discover(transport: Transport) -> Discovery:
    principal = _find_principal(transport)
    owner = _owner(transport, principal) if principal else _Owner()
    if not owner.homes:
        return _without_homes(transport, owner)
    calendars: dict[str, FoundCalendar] = {}
    standing: list[FoundAvailability] = []
    for members in _listings(transport, owner.homes):
        calendars.update({item.href: item for item in read_calendars(members, owner.principal)})
        # A calendar's own property is left aside: no client writes there, and the calendar is one already.
        homes = [member for member in members if _is_in(member.href, owner.homes)]
        standing += [found for found in map(read_availability, homes) if found is not None]
    default = ""
    if owner.inbox:
        found, default = _inbox(transport, owner.inbox)
        standing[:0] = [found] if found is not None else []
    if owner.availability is not None:
        standing.append(owner.availability)
    places = dict.fromkeys(href for href in (owner.inbox, *owner.homes, owner.principal) if href)
    return Discovery(
        homes=tuple(owner.homes),
        addresses=owner.addresses,
        calendars=tuple(calendars.values()),
        availability=next(iter(standing), None),
        availability_hrefs=tuple(places),
        default_href=default if default in calendars else "",
        principal=owner.principal,
    )


def _find_principal(transport: Transport) -> str:
    """The path of the one who signs in, '' when the server names nobody but is one.

    Raises BadAnswer (``not_caldav``) when nothing at all answers as DAV does.
    """
    unanswered: NotReached | None = None
    is_dav = False
    for start in (_start(transport), *_KNOWN_PATHS):
        try:
            at, member = _ask(transport, start, (_PRINCIPAL, RESOURCE_TYPE))
        except Moved:
            raise
        except NotReached as error:
            if not error.reason.startswith("status_"):
                raise
            # 501 is a web server that does not know the method (RFC 9110, 15.6.2): not down, but no CalDAV.
            if error.reason != "status_501":
                unanswered = unanswered or error
            continue
        except (Gone, NoRight, BadAnswer, Changed):
            continue
        is_dav = True
        found = _paths(transport, member.hrefs(_PRINCIPAL), at)
        if found:
            return found[0]
        if f"{DAV}principal" in member.names(RESOURCE_TYPE):
            return at
    if not is_dav:
        raise unanswered or BadAnswer("not_caldav")
    return ""


def _start(transport: Transport) -> str:
    try:
        return transport.path(urlsplit(transport.url).path or "/")
    except ForeignHref:
        raise BadAnswer("not_caldav") from None


def _owner(transport: Transport, principal: str) -> _Owner:
    at, member = _ask(transport, principal, (_HOMES, _ADDRESSES, _INBOX, AVAILABILITY))
    homes = _paths(transport, member.hrefs(_HOMES), at)[:_MOST_HOMES]
    spoken = [href.strip() for href in member.hrefs(_ADDRESSES)]
    mail = {unquote(href[7:]).lower() for href in spoken if href.lower().startswith("mailto:")}
    inbox = _local(transport, member.hrefs(_INBOX), at)
    return _Owner(
        principal=at,
        homes=homes,
        addresses=tuple(sorted(address for address in mail if 3 <= len(address) <= 254))[:_MOST_ADDRESSES],
        inbox=inbox[0] if inbox else "",
        availability=read_availability(member),
    )


def _without_homes(transport: Transport, owner: _Owner) -> Discovery:
    """A server that names no home: the address itself may be a calendar, or hold some."""
    try:
        at, listing = _propfind(transport, _start(transport), WANTED, 1)
    except (Gone, NoRight, Changed) as error:
        raise BadAnswer("not_caldav") from error
    calendars = read_calendars(listing.members, owner.principal)
    if not calendars:
        raise BadAnswer("not_caldav")
    homes = () if any(_is_in(item.href, [at]) for item in calendars) else (at,)
    return Discovery(homes, owner.addresses, tuple(calendars), principal=owner.principal)


def _listings(transport: Transport, homes: Iterable[str]) -> Iterator[tuple[Member, ...]]:
    """The members of each home; one that may not be read is passed over if another may."""
    refused: CalendarTrouble | None = None
    has_one = False
    for home in homes:
        try:
            _, listing = _propfind(transport, home, WANTED, 1)
        except (Gone, NoRight) as error:
            refused = error
            continue
        has_one = True
        yield listing.members
    if refused is not None and not has_one:
        raise refused


def _inbox(transport: Transport, href: str) -> tuple[FoundAvailability | None, str]:
    """What the scheduling inbox says: the availability, and the calendar for new events (RFC 6638, 9.2)."""
    try:
        at, member = _ask(transport, href, (AVAILABILITY, _DEFAULT))
    except (Gone, NoRight, BadAnswer, Changed, NotReached):
        return None, ""
    default = _local(transport, member.hrefs(_DEFAULT), at)
    return read_availability(member), default[0].rstrip("/") + "/" if default else ""


def _ask(transport: Transport, href: str, names: Iterable[str]) -> tuple[str, Member]:
    """The properties of one resource, and the path at which it was found in the end."""
    at, answer = _propfind(transport, href, names, 0)
    if len(answer.members) != 1:
        raise BadAnswer("not_caldav")
    return at, answer.members[0]


def _propfind(transport: Transport, href: str, names: Iterable[str], depth: int) -> tuple[str, Multistatus]:
    """PROPFIND; redirects are followed within the origin, each hop checked as any address.

    Method and body are kept on every redirect. Raises Moved for another origin, before anything is sent
    there.
    """
    body = _body(names)
    for _ in range(_MOST_HOPS):
        reply = transport.send("PROPFIND", href, body, {"Depth": str(depth)})
        if reply.status in {301, 302, 303, 307, 308}:
            href = _target(transport, href, reply)
            continue
        if reply.status != 207:
            raise refusal(reply.status, reply.headers, href)
        return href, read_multistatus(reply.tree, urljoin(transport.url, href))
    raise BadAnswer("not_caldav")


def _target(transport: Transport, href: str, reply: Reply) -> str:
    location = reply.headers.get("Location", "").strip()
    if not location:
        raise BadAnswer("not_caldav")
    try:
        target = urljoin(urljoin(transport.url, href), location)
        return transport.path(target)
    except ForeignHref:
        raise Moved(target) from None
    except ValueError as error:
        raise BadAnswer("not_caldav") from error


def _body(names: Iterable[str]) -> str:
    """A propfind element (RFC 4918, 14.20) for property names in Clark's notation."""
    pairs = [name[1:].split("}", 1) for name in names]
    wanted = "".join(f'<x:{name} xmlns:x="{space}"/>' for space, name in pairs)
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{head}<d:propfind xmlns:d="DAV:"><d:prop>{wanted}</d:prop></d:propfind>'


def _paths(transport: Transport, hrefs: Iterable[str], at: str) -> list[str]:
    """The hrefs that are of this origin. Raises Moved when there are only others (iCloud's partitions)."""
    named = [href.strip() for href in hrefs if href.strip()]
    found = _local(transport, named, at)
    if named and not found:
        try:
            raise Moved(urljoin(urljoin(transport.url, at), named[0]))
        except ValueError as error:
            raise BadAnswer("not_caldav") from error
    return found


def _local(transport: Transport, hrefs: Iterable[str], at: str) -> list[str]:
    found = []
    for href in hrefs:
        try:
            found.append(transport.path(urljoin(urljoin(transport.url, at), href.strip())))
        except ValueError:
            continue
    return found


def _is_in(href: str, paths: Iterable[str]) -> bool:
    return any(href.rstrip("/") == path.rstrip("/") for path in paths)
