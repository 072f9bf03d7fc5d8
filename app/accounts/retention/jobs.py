"""The periodic pass that keeps personal data no longer than was promised."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.retention.service import Rule, carry_out, due, rules
from app.config import Settings
from app.lib.db import write

# So few in one transaction that nobody waits for it.
BATCH = 200


Rules = Callable[[Settings, datetime], Sequence[Rule]]


def retention_pass(
    session: Session, settings: Settings, now: datetime, *, others: Sequence[Rules] = ()
) -> None:
    """Carry every rule out, those of ``others`` too, in small batches; a second pass finds nothing to do."""
    for rule in (rule for told in (rules, *others) for rule in told(settings, now)):
        while keys := _batch(session, rule):
            write(session, [], partial(carry_out, rule=rule, keys=keys))


def _batch(session: Session, rule: Rule) -> list[Any]:
    keys = list(due(session, rule, BATCH))
    session.rollback()
    return keys
