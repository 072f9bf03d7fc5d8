"""Sign-ins by OpenID that come at once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.links import Client, Outcome, State
from app.accounts.models import User
from app.accounts.models_proofs import ExternalIdentity
from app.accounts.openid.identity import Identity
from app.config import Settings
from app.customers.openid.service import Arrival, Refusal, sign_in
from app.lib.db import write
from tests.support.databases import make_engine

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ENVIRON = {
    "OIDC_DISCOVERY_URL": "https://sso.company.example/.well-known/openid-configuration",
    "OIDC_CLIENT_ID": "attache",
    "OIDC_CLIENT_SECRET": "secret",
    "OIDC_ROLES": "leads=administrator",
}
EVA = Identity(
    "https://sso.company.example", "eva", "eva@attache.example", True, "Eva", "en", ("leads",), True
)


@pytest.mark.postgres
def test_of_six_first_sign_ins_at_once_one_makes_the_account(
    session: Session, make_settings: Callable[..., Settings], database_url: str
) -> None:
    settings, start = make_settings(**ENVIRON), threading.Barrier(6)
    chosen, engine = settings.openid, make_engine(database_url)
    outcomes: list[Outcome | Refusal] = []
    assert chosen is not None

    def arrive() -> None:
        arrival = Arrival(EVA, Client(address="192.0.2.1"), "")
        with Session(engine) as own:
            start.wait()
            work = lambda s: sign_in(s, NOW, settings, chosen, arrival, lambda _owner: False)  # noqa: E731
            outcomes.append(write(own, [0], work))

    threads = [threading.Thread(target=arrive) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert [outcome.state for outcome in outcomes if isinstance(outcome, Outcome)] == [State.SIGNED_IN] * 6
    assert session.scalars(select(User.email)).all() == ["eva@attache.example"]
    assert len(session.scalars(select(ExternalIdentity)).all()) == 1
