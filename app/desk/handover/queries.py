"""What of the desk who takes a company over has to know."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Company
from app.desk.models import Conversation
from app.desk.requests.models import PolicyVersion, Request
from app.desk.requests.queries import requests
from app.desk.requests.values import RequestValue
from app.desk.sla import Policy, from_stored


def open_requests(session: Session, company: str) -> list[RequestValue]:
    """The open requests of a company (by public id): first whose clock runs out first; five queries."""
    number = select(Company.id).where(Company.public_id == company).scalar_subquery()
    is_open = Conversation.id.in_(select(Request.conversation_id).where(Request.solved_at.is_(None)))
    found = requests(session, Conversation.company_id == number, is_open)
    return sorted(found, key=lambda item: (item.runs_out_at is None, item.runs_out_at, item.id))


def policies_of(session: Session, found: Sequence[RequestValue]) -> Mapping[int, Policy]:
    """The policies that these requests were opened under, by id; one query."""
    numbers = {item.policy_id for item in found}
    rows = session.execute(
        select(PolicyVersion.id, PolicyVersion.content).where(PolicyVersion.id.in_(numbers))
    )
    return {number: from_stored(content) for number, content in rows}
