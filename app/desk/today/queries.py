"""How the promises of the desk stand today, over all companies."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from app.customers.models import Company
from app.desk.models import Conversation
from app.desk.requests.models import Request, RequestClock
from app.desk.requests.queries_list import counting
from app.desk.requests.values import ClockName, Only, reference
from app.desk.today.reference import request_id
from app.desk.today.values import ClocksToday, FoundRequest
from app.lib.zones import to_utc


def clocks_today(session: Session, now: datetime, today: date, zone: str) -> ClocksToday:
    """How clocks stand on a day of this zone; one query.

    Kept are those that were met today and in time. Missed are those whose due moment was today and came
    before they were met, while they ran.
    """
    counts = counting(now).subquery()
    start, end = (to_utc(day, time(), zone) for day in (today, today + timedelta(days=1)))
    due, met = RequestClock.due_at, RequestClock.met_at
    is_kept = and_(met >= start, met < end, met <= due)
    waits = Request.waiting_since
    ran = or_(RequestClock.name == ClockName.FIRST_RESPONSE, waits.is_(None), waits > due)
    stood_open = or_(Request.solved_at.is_(None), Request.solved_at > due)
    is_late = or_(met > due, and_(met.is_(None), ran, stood_open))
    is_missed = and_(due >= start, due < end, due <= now, is_late)
    rules = {"kept": is_kept, "missed": is_missed}
    ended = (
        select(*(func.sum(case((rule, 1), else_=0)).label(name) for name, rule in rules.items()))
        .select_from(RequestClock)
        .join(Request, Request.id == RequestClock.request_id)
        .where(or_(and_(met >= start, met < end), and_(due >= start, due < end)))
        .subquery()
    )
    # Both are one row.
    named = [counts.c[name.name] for name in (Only.OPEN, Only.OVERDUE, Only.SOON)]
    row = session.execute(select(*named, ended.c.kept, ended.c.missed).join_from(counts, ended, true())).one()
    return ClocksToday(*(number or 0 for number in row))


def requests_named(session: Session, text: str) -> list[FoundRequest]:
    """The request with this reference, however it is spelt."""
    number = request_id(text)
    if number is None:
        return []
    rows = session.execute(
        select(Conversation.public_id, Request.id, Conversation.subject, Company.name)
        .join(Conversation, Conversation.id == Request.conversation_id)
        .join(Company, Company.id == Conversation.company_id)
        .where(Request.id == number)
    )
    return [FoundRequest(row[0], reference(row[1]), row[2], row[3]) for row in rows]
