"""The settings that administrators changed on pages: read in one query, written with what was before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from app.accounts.auditing.changes import differences
from app.accounts.models import ServiceSetting
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.config import Settings
from app.settings.registry import overlaid, read_setting, stored_form

_ALL = select(ServiceSetting.key, ServiceSetting.value)


def stored_settings(connection: Connection) -> dict[str, Any]:
    """What is stored, by key."""
    return {row.key: row.value for row in connection.execute(_ALL)}


def effective_settings(session: Session, environment: Settings) -> Settings:
    """The settings that hold by what is stored in the session's transaction."""
    return overlaid(environment, stored_settings(session.connection()))


def change_settings(
    session: Session, now: datetime, environment: Settings, actor: SignedIn, wanted: Mapping[str, Any]
) -> list[str]:
    """Store these settings, given as JSON by key; the keys of those that changed.

    Each change is a fact in the audit log. One that is again what the environment says is stored no more.
    Raises Refused, of the first that cannot be meant.
    """
    settings, changed = effective_settings(session, environment), []
    for key, given in wanted.items():
        read_setting(key, given)
        before = stored_form(key, settings)
        if given == before:
            continue
        _store(session, now, actor, key, given, is_usual=given == stored_form(key, environment))
        changes = differences(_parts(key, before), _parts(key, given))
        record(session, now, actor, "changed a setting", "setting", key, changes=changes)
        changed.append(key)
    return changed


def _parts(key: str, stored: Any) -> Mapping[str, Any]:
    return stored if isinstance(stored, dict) else {key: stored}


def _store(session: Session, now: datetime, actor: SignedIn, key: str, value: Any, *, is_usual: bool) -> None:
    session.execute(delete(ServiceSetting).where(ServiceSetting.key == key))
    if not is_usual:
        row = ServiceSetting(key=key, value=value, changed_at=now, changed_by_id=actor.id)
        session.add(row)
        session.flush()
