"""The on-call order is set by administrators, week by week."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.desk.escalations import queries, queries_on_call
from app.desk.escalations.models import OnCallWeek
from app.desk.escalations.on_call import differing


def set_weeks(session: Session, now: datetime, actor: SignedIn, wanted: Mapping[date, int | None]) -> int:
    """Enter who is on call in these weeks, None for nobody; how many changed.

    The audit log says of each who was and who is. Raises NotFound for whoever is no senior.
    """
    names = {one.user_id: one.name for one in queries.senior_profiles(session)}
    if strangers := {one for one in wanted.values() if one is not None} - names.keys():
        raise NotFound(f"no seniors: {strangers}")
    changed = differing(queries_on_call.plan_of(session, list(wanted)), wanted)
    session.execute(delete(OnCallWeek).where(OnCallWeek.monday.in_(changed)))
    for monday, (before, after) in changed.items():
        if after is not None:
            session.add(OnCallWeek(monday=monday, senior_id=after))
        told = [names.get(one, "") if one is not None else "" for one in (before, after)]
        record(session, now, actor, "changed who is on call", "on_call_week", str(monday), senior=told)
    session.flush()
    return len(changed)
