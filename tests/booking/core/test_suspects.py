"""Looking for calls whose event was changed costs little while none was."""

from sqlalchemy import event

from app.booking.following import queries
from tests.booking.core.desk import Desk


def test_looking_for_changed_events_reads_no_whole_table(desk: Desk) -> None:
    desk.book(desk.world.vera)
    statements: list[tuple[str, object]] = []
    bind = desk.session.get_bind()
    event.listen(
        bind, "before_cursor_execute", lambda _c, _u, text, values, *_: statements.append((text, values))
    )
    assert queries.suspects(desk.session, desk.now) == {}
    ((statement, values),) = [item for item in statements if "calendar_object" in item[0]]
    link = desk.session.connection()
    plan = [row[3] for row in link.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]  # type: ignore[arg-type]
    assert any("ix_booking_status_start" in line for line in plan)
    assert not [line for line in plan if line.startswith("SCAN")]
