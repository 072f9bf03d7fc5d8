"""Lists of requests in the reader's words: the queue of our people, and a customer's own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.values import SignedIn
from app.booking.in_words import Reader
from app.customers.roster import Served
from app.desk.requests.clock_page import ClockLine, first_clock
from app.desk.requests.severity_page import severity_words
from app.desk.requests.values import Listed, Only, RequestState, RequestValue
from app.desk.warnings.warned_page import warned_words
from app.lib.paging import Slice
from app.lib.wording import service_abbreviation
from app.settings.in_words import window_words
from app.settings.values import ServiceWindow


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list; ``owner`` is who serves its company, "You" where that is the reader."""

    id: str
    reference: str
    subject: str
    company: str
    contact: str
    severity: int
    severity_name: str
    clock: ClockLine
    state: str
    owner: str
    warned: str = ""


@dataclass(frozen=True, slots=True)
class FilterLink:
    """What the queue can be narrowed to; ``count`` is empty where none is counted."""

    name: str
    count: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a list; ``refresh`` asks for its rows again, ``before`` and ``after`` link on."""

    rows: tuple[RequestRow, ...]
    filters: tuple[FilterLink, ...]
    hours: str
    empty: str
    refresh: str
    before: str
    after: str


def request_rows(
    found: Iterable[Listed], owners: Mapping[int, Served], viewer: SignedIn, now: datetime, reader: Reader
) -> tuple[RequestRow, ...]:
    """Requests as rows; ``owners`` say who serves each company, by its id."""
    return tuple(_row(item, owners, viewer, now, reader) for item in found)


def queue_page(
    found: Slice[Listed],
    rows: tuple[RequestRow, ...],
    counts: Mapping[Only, int],
    only: Only,
    address: Callable[..., str],
    refresh: str,
    hours: str,
) -> QueuePage:
    """The queue; ``address`` makes the address of a list for the parameters show, after and before."""
    show = only.value or None
    return QueuePage(
        rows=rows,
        filters=tuple(_filter(item, counts, only, address) for item in (Only if counts else ())),
        hours=hours,
        empty=_empty(only) if counts else "",
        refresh=refresh,
        before=address(show=show, before=found.before) if found.before else "",
        after=address(show=show, after=found.after) if found.after else "",
    )


def hours_words(window: ServiceWindow, zone: str, language: str, now: datetime) -> str:
    """ "Mon–Fri, 09:00–17:00 CET"."""
    return f"{window_words(window, language)} {service_abbreviation(now, zone)}"


def state_words(state: RequestState, viewer: SignedIn) -> str:
    """Where a request stands, for either side."""
    match state:
        case RequestState.NEW:
            return _("New")
        case RequestState.IN_WORK:
            return _("In work")
        case RequestState.WAITING:
            return _("Waiting for customer") if viewer.is_staff else _("Waiting for you")
    return _("Solved")


def subject_words(request: RequestValue) -> str:
    """What it is about; something to press where nothing was written."""
    return request.conversation.subject or _("Without a subject")


def _row(
    item: Listed, owners: Mapping[int, Served], viewer: SignedIn, now: datetime, reader: Reader
) -> RequestRow:
    request = item.request
    served = owners.get(request.conversation.company_id)
    by = served.by if served else None
    owner = by.name if by else _("Nobody")
    return RequestRow(
        id=request.conversation.public_id,
        reference=request.reference,
        subject=subject_words(request),
        company=request.conversation.company_name,
        contact=request.conversation.contact_name,
        severity=request.severity,
        severity_name=severity_words(request.severity).name,
        clock=first_clock(request, item.policy, now, reader),
        state=state_words(request.state, viewer),
        owner=_("You") if by and by.user_id == viewer.id else owner,
        warned=warned_words(request, now, reader) if viewer.is_staff else "",
    )


def _filter(item: Only, counts: Mapping[Only, int], only: Only, address: Callable[..., str]) -> FilterLink:
    count = str(counts[item]) if item in counts else ""
    return FilterLink(_filter_name(item), count, address(show=item.value or None), item is only)


def _filter_name(only: Only) -> str:
    return {
        Only.OPEN: _("All open"),
        Only.OVERDUE: _("Overdue"),
        Only.SOON: _("Due within the hour"),
        Only.WAITING: _("Waiting for customer"),
        Only.NEW: _("New"),
        Only.SOLVED: _("Solved"),
    }[only]


def _empty(only: Only) -> str:
    return {
        Only.OPEN: _("No request is open."),
        Only.OVERDUE: _("Nothing is overdue."),
        Only.SOON: _("Nothing is due within the hour."),
        Only.WAITING: _("We wait for no customer."),
        Only.NEW: _("Every request has its first answer."),
        Only.SOLVED: _("No request is solved yet."),
    }[only]
