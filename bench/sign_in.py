"""How long the answer takes to whoever asks for a sign-in link, by whose the address is.

    python -m bench.sign_in [--tries 200]

Asks for a known, an unknown and a disabled address in turns and prints the medians in milliseconds and how
far the slowest is from the fastest. The goal: 10 %, so that time does not tell who has an account. Exits
with 1 beyond it.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import update

from app.accounts.models import User
from app.config import load_settings
from app.factory import create_app
from app.lib import clock
from app.lib.db import db, write
from tests.support.databases import migrate
from tests.world import build_world

GOAL = 1.10
ADDRESSES = {
    "known": "vera@nordwind.example",
    "unknown": "nobody@nowhere.example",
    "disabled": "otto@krause.example",
}
_FIELD = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def main() -> None:
    """Measure, print, and say whether it is good."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tries", type=int, default=200)
    tries = parser.parse_args().tries
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        times = _measure(app, tries)
        with app.app_context():
            db.engine.dispose()
    medians = {name: statistics.median(spent) * 1000 for name, spent in times.items()}
    for name, spent in medians.items():
        print(f"{name:10} {spent:7.2f} ms")
    apart = max(medians.values()) / min(medians.values())
    print(f"{(apart - 1) * 100:.1f} % apart, goal {(GOAL - 1) * 100:.0f} %")
    sys.exit(apart > GOAL)


def _app(folder: Path) -> Flask:
    # As many as are asked for here, of nobody in particular.
    limits = {f"LIMIT_LINKS_PER_{whose}": "1000000 per hour" for whose in ("ADDRESS", "CLIENT")}
    own = {"DATA_DIR": str(folder), "SECRET_KEY": "for-benchmarks-only-" * 2, "LOG_LEVEL": "WARNING"}
    settings = load_settings({**os.environ, **own, **limits})
    migrate(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        build_world(db.session(), clock.now())
        disabled = update(User).where(User.email == ADDRESSES["disabled"]).values(is_active=False)
        write(db.session(), [], lambda session: session.execute(disabled))
    return app


def _measure(app: Flask, tries: int) -> dict[str, list[float]]:
    client = app.test_client()
    match = _FIELD.search(client.get("/sign-in").get_data(as_text=True))
    assert match
    times: dict[str, list[float]] = {name: [] for name in ADDRESSES}
    for number in range(tries + 5):
        for name, email in ADDRESSES.items():
            begun = time.perf_counter()
            answer = client.post("/sign-in", data={"csrf_token": match[1], "email": email})
            spent = time.perf_counter() - begun
            assert answer.status_code == 303, answer.status_code
            if number >= 5:
                times[name].append(spent)
    return times


if __name__ == "__main__":
    main()
