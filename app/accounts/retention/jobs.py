"""The periodic pass that keeps personal data no longer than was promised."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from app.accounts.retention.service import Rule, carry_out, due, rules
from app.config import Settings
from app.lib.db import write

# So few in one transaction that nobody waits for it.
BATCH = 200


def retention_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Carry every rule out, in small batches; a second pass finds nothing left to do."""
    for rule in rules(settings, now):
        while numbers := _batch(session, rule):
            write(session, [], partial(carry_out, rule=rule, numbers=numbers))


def _batch(session: Session, rule: Rule) -> list[int]:
    numbers = list(due(session, rule, BATCH))
    session.rollback()
    return numbers
