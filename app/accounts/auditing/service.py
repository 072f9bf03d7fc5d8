"""Writing down what was changed, as before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.auditing.changes import changed
from app.accounts.service import record
from app.accounts.values import SignedIn


def record_change(
    session: Session,
    now: datetime,
    actor: SignedIn | str | None,
    verb: str,
    about: tuple[str, int | str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    **detail: Any,
) -> bool:
    """Add a fact that holds only what differs, as ``[before, after]`` by name; False when nothing does.

    ``about`` is the object's type and id; values are such as JSON has. Secrets do not belong here.
    """
    differences = changed(before, after)
    if differences:
        record(session, now, actor, verb, *about, changes=differences, **detail)
    return bool(differences)
