"""What 200 open chats cost the service, in bookings that it could make meanwhile.

    python -m bench.chat [--chats 200] [--seconds 8] [--rounds 5] [--postgres]

Two web processes as ``make run`` starts them serve customers who book and cancel as fast as they can (hold,
booking, cancelling: three forms), in turns without and with so many browsers with an open chat. In half of
these chats (``--lively``) something was said within the last two minutes: their browsers look every three
seconds, the others every twelve. One in ten talks, with a specialist's browser on the other side, a message
in half a minute each. Browsers and customers run on the same machine.

Prints for each round bookings a second without and with the chats and the CPU that the chats took, medians,
what the browsers did, and what the chats cost by bookings and by CPU; the goal is less than a fifth. On a
machine that does other things too the CPU is the figure to believe.
"""

import argparse
import http.client
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.guards import session_cookie
from app.accounts.models import User
from app.accounts.service import begin_session
from app.accounts.values import CONTACT, SignedIn
from app.config import Settings, load_settings
from app.customers.models import Contact
from app.customers.service import contact_profile
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, Side, Written
from app.factory import create_app
from app.lib import clock
from app.lib.db import db, write
from bench.load import ask, cpu_seconds
from bench.seed import Seeded, seed
from tests.support.databases import migrate
from tests.support.ports import accepts, free_port, wait_until
from tests.support.postgres import running_postgres
from tests.world import World, build_world

T = TypeVar("T")
GOAL = 0.2
PROCESSES = 2
CUSTOMERS = 6
TALKING = 10
EVENTS = 100
# Seconds in which all browsers have looked once.
LEAD = 3.0


@dataclass(frozen=True)
class Booking:
    """Who books, by the cookies of their sessions, and the starts that they book."""

    cookies: list[str]
    starts: list[str]


@dataclass(frozen=True)
class Booked:
    """Bookings a second, CPU seconds of the service a second, and for how many seconds."""

    rate: float
    cpu_per_second: float
    seconds: float


def main() -> None:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lively", type=float, default=0.5, help="the share of the chats that are not idle")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own, not on SQLite")
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(running_postgres()).database(migrate) if arguments.postgres else ""
        seeded = seed(folder, EVENTS, url)
        browsers = _browsers(seeded, arguments.chats, arguments.lively)
        port, pids = stack.enter_context(_service(seeded))
        customers = [item["cookie"] for item in browsers if item["path"] == "/chat"][:CUSTOMERS]
        booking = Booking(customers, _starts(port, seeded.token))
        chats = stack.enter_context(_chatting(port, browsers))
        _rounds(port, pids, booking, chats, arguments)


def _browsers(seeded: Seeded, count: int, lively: float) -> list[dict[str, Any]]:
    """Contacts of one company with a conversation each, and specialists' browsers for those that talk."""
    settings = load_settings({**os.environ, **seeded.environment})
    app, found, name = create_app(settings), [], session_cookie(settings)
    with app.app_context():
        now = clock.now()
        world = build_world(db.session(), now)
        for number in range(count):
            who = _contact(world, now, number)
            chat, theirs, sams = _conversation(settings, world, who, now)
            talks = number % TALKING == 0
            is_idle = number >= lively * count and not talks
            mine = {"cookie": f"{name}={theirs}", "path": "/chat", "talks": talks, "is_idle": is_idle}
            found.append(mine)
            if talks:
                found.append({**mine, "cookie": f"{name}={sams}", "path": f"/chats/{chat}"})
    return found


def _contact(world: World, now: datetime, number: int) -> SignedIn:
    user = User(
        public_id=f"chat{number}",
        email=f"chat{number}@nordwind.example",
        name=f"Contact {number}",
        role=CONTACT,
        time_zone="Europe/Berlin",
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    db.session.add(Contact(user_id=user.id, company_id=world.vera.profile.company_id, phone=""))
    db.session.commit()
    who = accounts.person(db.session(), User.id == user.id)
    assert who is not None
    return who


def _conversation(settings: Settings, world: World, who: SignedIn, now: datetime) -> tuple[str, str, str]:
    """What a contact has said; its public id, and the tokens of a session of theirs and one of Sam's."""
    profile = contact_profile(db.session(), who.id)
    written = Written(Side.CUSTOMER, Channel.CHAT, "The import stops", "first", who.id, who.name)

    def work(session: Session) -> tuple[str, str, str]:
        chat = standing_conversation(session, now, profile, Channel.CHAT)
        write_message(session, now, settings, chat.id, written)
        theirs, sams = (begin_session(session, now, one)[0] for one in (who, world.sam.user))
        return chat.public_id, theirs, sams

    return write(db.session(), [], work)


@contextmanager
def _service(seeded: Seeded) -> Iterator[tuple[int, list[int]]]:
    port = free_port()
    own = {"PORT": str(port), "LOG_LEVEL": "ERROR"}
    # A few customers book for everybody here, and all browsers have one address.
    own |= {"LIMIT_BOOKINGS": "100000 per minute", "LIMIT_MESSAGES": "100000 per minute"}
    environment = {**os.environ, **seeded.environment, **own}
    command = [sys.executable, "-m", "scripts.serve"]
    servers = [subprocess.Popen(command, env=environment) for _ in range(PROCESSES)]
    try:
        # A machine that is busy takes its time to start two of them.
        wait_until(lambda: accepts(port), 120, "the service")
        time.sleep(5)
        yield port, [server.pid for server in servers]
    finally:
        for server in servers:
            server.terminate()
            server.wait()


@contextmanager
def _chatting(port: int, browsers: list[dict[str, Any]]) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", "bench.chatting", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin and process.stdout
            print(json.dumps(browsers), file=process.stdin, flush=True)
            assert process.stdout.readline() == "open\n", "the browsers could not open their chats"
            yield process
        finally:
            process.kill()


def _starts(port: int, token: str) -> list[str]:
    now = datetime.now(UTC)
    span = f"from={quote(now.isoformat())}&to={quote((now + timedelta(days=28)).isoformat())}"
    headers = {"Authorization": f"Bearer {token}"}
    answer = ask(port, f"/api/v1/slots?call_type=product-support&{span}", headers)
    return [slot["start"] for slot in json.loads(answer)["slots"]]


class Link:
    """A customer's connection, with the secret of their forms."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection, self.cookie = http.client.HTTPConnection("127.0.0.1", port, timeout=30), cookie
        self.connection.request("GET", "/profile", headers={"Cookie": cookie})
        response = self.connection.getresponse()
        self.cookie += "; " + (response.getheader("Set-Cookie") or "").split(";", 1)[0]
        self.secret = response.read().decode().split('name="csrf_token" value="', 1)[1].split('"', 1)[0]

    def send(self, path: str, **fields: str) -> str:
        """Send a form; where its answer leads."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"csrf_token": self.secret, **fields})
        self.connection.request("POST", path, body, headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status == 503:
            return ""
        assert response.status == 303, (path, response.status, answer[:3000])
        return str(response.getheader("Location"))


def _rounds(
    port: int,
    pids: list[int],
    booking: Booking,
    chats: "subprocess.Popen[str]",
    arguments: argparse.Namespace,
) -> None:
    alone, beside, did = [], [], Counter[str]()
    _booked(port, pids, booking, 2)
    _chatted(chats, lambda: time.sleep(6))
    print("bookings a second: alone   with the chats   ratio   CPU of the chats, of one core")
    for _ in range(arguments.rounds):
        one = _booked(port, pids, booking, arguments.seconds)
        other, done = _chatted(chats, lambda: _booked(port, pids, booking, arguments.seconds))
        alone.append(one)
        beside.append(other)
        did.update(done)
        print(
            f"{one.rate:24.1f} {other.rate:16.1f} {other.rate / one.rate:7.2f} {_extra(one, other):9.2f}",
            flush=True,
        )
    ratios = [other.rate / one.rate for one, other in zip(alone, beside, strict=True)]
    extra = median(_extra(one, other) for one, other in zip(alone, beside, strict=True))
    rates = [median(item.rate for item in items) for items in (alone, beside)]
    print(f"{rates[0]:24.1f} {rates[1]:16.1f} {median(ratios):7.2f} {extra:9.2f}   medians")
    seconds = sum(item.seconds for item in beside) + arguments.rounds * LEAD
    print(f"the browsers, a second: { ({name: round(n / seconds, 1) for name, n in did.items()}) }")
    cores = min(PROCESSES, os.cpu_count() or PROCESSES)
    print(
        f"{arguments.chats} open chats cost {1 - median(ratios):.0%} of the bookings, {extra / cores:.0%} of "
        f"the CPU of {cores} cores; the goal is less than {GOAL:.0%}"
    )


def _extra(alone: Booked, beside: Booked) -> float:
    """CPU seconds a second that the service spent beside what its bookings cost."""
    return beside.cpu_per_second - beside.rate * alone.cpu_per_second / alone.rate


def _chatted(chats: "subprocess.Popen[str]", work: Callable[[], T]) -> tuple[T, dict[str, int]]:
    """What happens while the browsers look, and what they did."""
    assert chats.stdin and chats.stdout
    print("g", file=chats.stdin, flush=True)
    time.sleep(LEAD)
    result = work()
    print("s", file=chats.stdin, flush=True)
    return result, json.loads(chats.stdout.readline())


def _booked(port: int, pids: list[int], booking: Booking, seconds: float) -> Booked:
    """Bookings by some customers, each of whom cancels the call before the next one."""
    counts, until = [0] * CUSTOMERS, time.monotonic() + seconds

    def customer(number: int) -> None:
        mine, link = booking.starts[number::CUSTOMERS], Link(port, booking.cookies[number])
        while time.monotonic() < until:
            start = mine[counts[number] % len(mine)]
            chosen = {"call_type": "product-support", "start": start}
            kept = link.send("/book/hold", **chosen).rpartition("?")[0].rpartition("/")[2]
            facts = {"hold": kept, "way": "video", "topic": "Measured", "key": os.urandom(12).hex()}
            call = link.send("/book", **chosen, **facts)
            if not call:  # the machine is too busy: the customer tries again
                continue
            link.send(f"{call.partition('?')[0]}/cancel", reason="")
            counts[number] += 1
        link.connection.close()

    threads = [threading.Thread(target=customer, args=(number,)) for number in range(CUSTOMERS)]
    begun, spent = time.monotonic(), sum(map(cpu_seconds, pids))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken, spent = time.monotonic() - begun, sum(map(cpu_seconds, pids)) - spent
    return Booked(sum(counts) / taken, spent / taken, taken)


if __name__ == "__main__":
    main()
