"""Twenty presses on one link at once, on both databases."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.links import NO_CLIENT, Attempt, State
from app.accounts.proofs import service as proofs
from app.config import Settings
from app.lib.db import write
from tests.support.databases import make_engine
from tests.world import build_world

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.postgres
def test_of_twenty_presses_at_once_one_signs_in(
    session: Session, settings: Settings, database_url: str
) -> None:
    build_world(session, NOW)
    link = write(session, [], lambda s: service.mint_operator_link(s, NOW, settings, "vera@nordwind.example"))
    attempt = Attempt(link.rpartition("/")[2], "", "", NO_CLIENT)
    engine, states, start = make_engine(database_url), [], threading.Barrier(20)

    def press() -> None:
        with Session(engine) as own:
            start.wait()
            states.append(write(own, [], lambda s: proofs.sign_in_by_link(s, NOW, settings, attempt)).state)

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(states) == [State.DEAD] * 19 + [State.SIGNED_IN]
