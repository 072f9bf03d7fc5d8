"""Looks for somebody's calendars wherever what they typed may lead, within one minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

import dns.resolver

from app.calendars.connecting.client_dns import find_services
from app.calendars.connecting.lookup_values import Wanted
from app.calendars.connecting.presets import preset_of_domain, preset_of_host
from app.calendars.connecting.typed_address import TypedAddress, is_within
from app.calendars.errors import (
    BadAnswer,
    CalendarTrouble,
    Changed,
    CredentialsRefused,
    Moved,
    NoRight,
    NotReached,
)
from app.calendars.server.client import CalDavClient, client_for
from app.calendars.server.client_file import fetch_file
from app.calendars.values import Discovery, FoundCalendar
from app.config import Settings
from app.lib.clock import monotonic
from app.lib.outbound import AddressRefused, Policy, target_of
from app.lib.urls import origin_of

SECONDS = 60.0
_MOST_HOPS = 5


@dataclass(frozen=True, slots=True)
class Located:
    """An account that answered: the address to keep, the user name that was taken, and what it holds."""

    url: str
    username: str
    discovery: Discovery


@dataclass(frozen=True, slots=True)
class LocatedFile:
    """A calendar file and the address at which it stands in the end."""

    address: str
    text: str


def locate(
    settings: Settings,
    address: TypedAddress,
    names: Sequence[str],
    password: str,
    *,
    resolver: dns.resolver.Resolver | None = None,
    seconds: float = SECONDS,
) -> Located:
    """The account behind what was typed, tried at every address that it may stand for.

    The credentials go to the typed host, to a provider that we know by its domain, and to hosts of the typed
    domain that its DNS names; to any other only after the person has confirmed it (RFC 6764, 8).

    Raises Moved with the address to confirm, and CalendarTrouble otherwise: of several addresses that
    failed, with what was wrong at the first that said anything.
    """
    until = monotonic() + seconds
    trouble: CalendarTrouble | None = None
    for url, is_ours in _addresses(settings, address, resolver):
        if not is_ours:
            raise Moved(_callable(settings, url))
        try:
            return _first_accepted(settings, url, names, password, until)
        except Moved as error:
            raise _confirmable(settings, url, error) from None
        except NotReached as error:
            if monotonic() >= until:
                raise NotReached("slow") from error
            trouble = _worse(trouble, error)
        except BadAnswer as error:
            if error.reason in {"needs_oauth", "needs_digest"}:
                raise
            trouble = _worse(trouble, error)
    raise trouble or NotReached("not_reached")


def _addresses(
    settings: Settings, address: TypedAddress, resolver: dns.resolver.Resolver | None
) -> Iterator[tuple[str, bool]]:
    """The addresses to try, in order, and whether credentials may go there without asking."""
    host = urlsplit(address.url).hostname or ""
    known = preset_of_domain(address.domain) or preset_of_host(host)
    if known is not None and not known.is_usable:
        raise BadAnswer("needs_oauth")
    if known is not None and known.address and address.domain in known.domains:
        yield known.address, True
        return
    if address.domain:
        for service in find_services(address.domain, resolver=resolver):
            yield service.url, is_within(service.host, address.domain)
    yield address.url, True


def _first_accepted(
    settings: Settings, url: str, names: Sequence[str], password: str, until: float
) -> Located:
    for number, name in enumerate(names, start=1):
        client = client_for(settings, url, name, password, seconds=max(0.001, until - monotonic()))
        try:
            found = client.discover()
        except CredentialsRefused:
            if number == len(names):
                raise
        else:
            kept = urljoin(url, found.principal) if found.principal else url
            return Located(kept if len(kept) <= 500 else url, name, found)
        finally:
            client.close()
    raise CredentialsRefused("credentials")


def _worse(first: CalendarTrouble | None, second: CalendarTrouble) -> CalendarTrouble:
    """What to tell of two failures: of a server that is there before silence, else the first."""
    if first is None or (first.reason == "not_reached" and second.reason != "not_reached"):
        return second
    return first


def _confirmable(settings: Settings, asked: str, moved: Moved) -> CalendarTrouble:
    """Moved with an address that a person can confirm, or why it must not be called at all."""
    try:
        address = _callable(settings, urljoin(asked, moved.address))
        is_same = origin_of(address) == origin_of(asked)
    except NotReached as error:
        return error
    except ValueError:
        return BadAnswer("not_caldav")
    # The same origin again: a path that cannot be used.
    return BadAnswer("not_caldav") if is_same else Moved(address)


def _callable(settings: Settings, url: str) -> str:
    """The address without query and fragment. Raises NotReached when it must not be called."""
    plain = urlsplit(url)._replace(query="", fragment="").geturl()
    if len(plain) > 500:
        raise NotReached("address_refused")
    try:
        target_of(plain, Policy(allowed_origins=settings.caldav_allowed_origins))
    except AddressRefused as error:
        raise NotReached("address_refused") from error
    return plain


def locate_file(settings: Settings, address: str, *, seconds: float = SECONDS) -> LocatedFile:
    """A calendar file; redirects are followed here alone, each hop checked as any address.

    Raises CalendarTrouble.
    """
    until = monotonic() + seconds
    for _ in range(_MOST_HOPS):
        if monotonic() >= until:
            raise NotReached("slow")
        try:
            answer = fetch_file(settings, address, etag="", modified="")
        except Moved as moved:
            address = urljoin(address, moved.address)
            continue
        return LocatedFile(address, answer.text or "")
    raise BadAnswer("not_a_calendar")


def confirmed(address: TypedAddress, url: str) -> TypedAddress:
    """What was typed, with the address that its person has confirmed in place of where it leads by itself."""
    return replace(address, url=url, domain="")


def make_calendars(client: CalDavClient, wanted: Sequence[Wanted]) -> list[tuple[FoundCalendar, str]]:
    """Make calendars and read back where they stand: Zimbra moves a new one to a path of its own.

    Raises NoRight when a calendar was promised but is not there, CalendarTrouble otherwise.
    """
    before = {item.href for item in client.discover().calendars}
    for href, name, _use in wanted:
        try:
            client.make_calendar(href, name)
        except Changed:
            # Made by an earlier attempt that nobody heard the answer of.
            continue
    after = client.discover().calendars
    made = []
    for href, name, use in wanted:
        fresh = [item for item in after if item.href == href]
        fresh += [item for item in after if item.href not in before and item.name == name]
        if not fresh or not fresh[0].can_write:
            raise NoRight("no_right")
        made.append((fresh[0], use))
    return made
