"""Fifty clients, one slot, two web processes: one call, forty-nine polite refusals, on both databases."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.cast import PAVEL, VERA, Cast
from tests.journeys.reading import DavUser, moment, wait_for_letters
from tests.journeys.trouble import Shaky
from tests.support.postgres import PostgresServer
from tests.support.service import ROOT, RunningService, running_service

pytestmark = pytest.mark.xdist_group("journeys-trouble")

CLIENTS = 50
RACE = ROOT / "tests" / "support" / "tools" / "race.py"


@pytest.fixture(scope="module")
def on_postgres(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[RunningService]:
    """Everything on PostgreSQL, prepared from an empty database."""
    url = postgres_server.empty_database()
    with running_service(tmp_path_factory.mktemp("postgres"), DATABASE_URL=url, WEB_PROCESSES="2") as running:
        yield running
    postgres_server.drop(url)


def shots(cast: Cast, start: str) -> str:
    """The requests: Vera and Pavel in turns, each with a key of its own."""
    body = json.dumps({"call_type": "product-support", "start": start, "topic": "First come, first served"})
    lines = []
    for number in range(CLIENTS):
        api = cast.api((VERA, PAVEL)[number % 2])
        headers = api.headers | {"Idempotency-Key": "race-{uuid}", "Content-Type": "application/json"}
        shot = {"method": "POST", "url": f"{api.base}/bookings", "headers": headers, "body": body}
        lines.append(json.dumps(shot))
    return "\n".join(lines)


def race(service: RunningService, folder: Path) -> None:
    """Everybody at once; afterwards exactly one call, in every place where one looks."""
    cast, sam = Cast(service), DavUser.of(service, "sam")
    assert len(service.children("web")) == 2
    start = cast.far_slots(VERA, "product-support")[3]
    (folder / "shots").write_text(shots(cast, start))
    wanted = ["--expect", "201=1", "--expect", f"409={CLIENTS - 1}", "--timeout", "60", "--show", "300"]
    command = [sys.executable, str(RACE), "--file", str(folder / "shots"), *wanted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    def is_it(item: dict[str, str]) -> bool:
        return item["start"] == start and item["status"] in {"pending", "confirmed"}

    calls = {
        email: list(filter(is_it, cast.api(email).get("/bookings").json()["bookings"]))
        for email in (VERA, PAVEL)
    }
    assert sorted(map(len, calls.values())) == [0, 1]
    winner = next(email for email, found in calls.items() if found)
    (event,) = [event for event in sam.own_events() if event.dtstart == moment(start)]
    assert len(wait_for_letters(service, winner, event.uid or "", 1)) == 1
    assert service.flask("verify").strip() == "Every promise holds."


def test_one_of_fifty_gets_the_slot_on_sqlite(shaky: Shaky, tmp_path: Path) -> None:
    race(shaky.service, tmp_path)


@pytest.mark.postgres
def test_one_of_fifty_gets_the_slot_on_postgresql(on_postgres: RunningService, tmp_path: Path) -> None:
    race(on_postgres, tmp_path)
