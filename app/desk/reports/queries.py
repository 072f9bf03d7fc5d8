"""What reports are made from: a company's requests of a month, and whose reports somebody may read."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.config import Settings
from app.customers.models import Company, Contact
from app.customers.queries_served import served_by
from app.desk.models import Conversation
from app.desk.reports.figures import outcome
from app.desk.reports.values import Month, ReportedCompany, ReportLine, month_of
from app.desk.requests import queries as requests
from app.desk.requests.models import PolicyVersion, Request
from app.desk.requests.values import ClockName, ClockValue, RequestValue
from app.desk.sla import Policy, from_stored, taken
from app.lib.matching import paged
from app.lib.paging import PAGE_SIZE, Place, Slice, cut, key_of
from app.lib.wording import local_date

_COMPANY = select(Company.id, Company.public_id, Company.name)


def own_company(session: Session, user: SignedIn) -> ReportedCompany:
    """The company of a contact."""
    wanted = _COMPANY.join(Contact, Contact.company_id == Company.id).where(Contact.user_id == user.id)
    return ReportedCompany(*session.execute(wanted).one())


def find_company(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> ReportedCompany:
    """A company whose reports one of our people may read; raises NotFound when there is none."""
    if public_id.isprintable():
        readable = _readable(session, now, settings, user)
        row = session.execute(_COMPANY.where(Company.public_id == public_id, readable)).first()
        if row is not None:
            return ReportedCompany(*row)
    raise NotFound(f"no company {public_id!r}")


def readable_companies(
    session: Session, now: datetime, settings: Settings, user: SignedIn, place: Place
) -> Slice[ReportedCompany]:
    """A page of the companies whose reports one of our people may read, by name."""
    wanted = _COMPANY.where(_readable(session, now, settings, user))
    found = [ReportedCompany(*row) for row in session.execute(paged(wanted, place, Company.name, Company.id))]
    return cut([(key_of(item.id, item.name), item) for item in found], place, PAGE_SIZE)


def first_month(session: Session, company_id: int, zone: str) -> Month | None:
    """The month in which a company opened its first request, None when it has none."""
    wanted = select(func.min(Request.opened_at)).join(
        Conversation, Conversation.id == Request.conversation_id
    )
    first = session.scalars(wanted.where(Conversation.company_id == company_id)).first()
    return None if first is None else month_of(local_date(first, zone))


def report_lines(
    session: Session, now: datetime, settings: Settings, company_id: int, month: Month
) -> list[ReportLine]:
    """The clocks of the requests that a company opened in a month, as they stand at ``now``.

    Six queries at most, however many they are.
    """
    span = month.span(settings.service_time_zone)
    found = requests.requests(
        session,
        Conversation.company_id == company_id,
        Request.opened_at >= span.start,
        Request.opened_at < span.end,
    )
    policies = _policies(session, {item.policy_id for item in found})
    return [
        _line(item, item.clocks[name], policies[item.policy_id], now)
        for item in found
        for name in ClockName
        if name in item.clocks
    ]


def _line(request: RequestValue, clock: ClockValue, policy: Policy, now: datetime) -> ReportLine:
    is_step = clock.name is ClockName.NEXT_STEP
    time = None
    if clock.met_at is not None:
        pauses = request.pauses_until(clock.met_at) if is_step else ()
        time = taken(policy, clock.severity, request.opened_at, clock.met_at, pauses)
    return ReportLine(
        request_id=request.conversation.public_id,
        reference=request.reference,
        subject=request.conversation.subject,
        severity=clock.severity,
        clock=clock.name,
        opened_at=request.opened_at,
        due_at=clock.due_at,
        met_at=clock.met_at,
        outcome=outcome(
            clock.due_at,
            clock.met_at,
            request.solved_at or (request.waiting_since if is_step else None),
            is_solved=request.solved_at is not None,
            now=now,
        ),
        time=time,
        reason=clock.reason,
        is_explained=clock.reason_at is not None,
        is_solved=request.solved_at is not None,
    )


def _policies(session: Session, policy_ids: Iterable[int]) -> dict[int, Policy]:
    wanted = select(PolicyVersion).where(PolicyVersion.id.in_(policy_ids))
    return {row.id: from_stored(row.content) for row in session.scalars(wanted)}


def _readable(session: Session, now: datetime, settings: Settings, user: SignedIn) -> ColumnElement[bool]:
    if user.role == ADMINISTRATOR:
        return true()
    return served_by(session, user.id, local_date(now, settings.service_time_zone), Company.id)
