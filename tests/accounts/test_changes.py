"""What was changed, as before and after."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.auditing.changes import differences
from app.accounts.chosen.service import change_settings
from app.accounts.models import AuditEntry
from app.config import Settings
from app.lib import clock
from app.settings.registry import stored_form
from tests.world import build_world


def test_only_what_differs_is_told_from_what_to_what_as_json_has_it() -> None:
    before = {"length": 30, "zone": "UTC", "grid": 30, "ends_on": date(2026, 12, 1)}
    after = {"length": 45, "zone": "UTC", "ways": ["video"], "ends_on": None}
    assert differences(before, after) == {
        "length": [30, 45],
        "grid": [30, None],
        "ends_on": ["2026-12-01", None],
        "ways": [None, ["video"]],
    }


def test_a_setting_of_parts_tells_of_the_parts_that_differ(session: Session, settings: Settings) -> None:
    now = clock.now()
    ada = build_world(session, now).ada.user
    window = stored_form("service_window", settings)
    change_settings(session, now, settings, ada, {"service_window": window | {"closes": "17:30"}})
    fact = session.scalars(select(AuditEntry).where(AuditEntry.object_type == "setting")).one()
    assert fact.detail == {"changes": {"closes": [window["closes"], "17:30"]}}
