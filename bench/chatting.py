"""Browsers with an open chat, as app/static/chat.js behaves: they look every 3 or 12 seconds, and some talk.

    python -m bench.chatting PORT < JSON

Reads a list of ``{"cookie", "path", "talks", "is_idle"}`` and one letter a line after it: ``g`` goes on,
``s`` stops and prints what was done since then, as JSON.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

EVERY, IDLE = 3.0, 12.0
# What somebody in a lively conversation writes: a message in so many seconds.
TALKS_EVERY = 30.0


@dataclass
class Browser:
    """One open chat; ``done`` counts what was answered."""

    port: int
    cookie: str
    path: str
    talks: bool
    pause: float
    done: Counter[str]
    last: int = 0
    tag: str = ""
    of: str = ""
    secret: str = ""
    _reader: asyncio.StreamReader | None = field(default=None, repr=False)
    _writer: asyncio.StreamWriter | None = field(default=None, repr=False)

    async def open(self) -> None:
        """Open the page, and keep the secret of its forms."""
        _status, headers, body = await self.ask("GET", self.path)
        self.secret = body.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        self.last = int(body.split('data-last="', 1)[1].split('"', 1)[0])
        self.of = body.split('data-of="', 1)[1].split('"', 1)[0]
        for name, value in headers:
            if name == "set-cookie":
                self.cookie += "; " + value.split(";", 1)[0]

    async def live(self, going: asyncio.Event) -> None:
        """Look again and again while ``going`` is set."""
        chance = random.Random(self.cookie)
        while True:
            if not going.is_set():
                await going.wait()
                await asyncio.sleep(chance.random() * self.pause)
            await self.look()
            if self.talks and chance.random() < EVERY / TALKS_EVERY:
                await self.say(f"Message {chance.random()}")
            await asyncio.sleep(self.pause)

    async def look(self) -> None:
        """One conditional poll, and the note that what came was seen."""
        known = {"If-None-Match": self.tag} if self.tag else {}
        status, headers, body = await self.ask(
            "GET", f"{self.path}/messages?after={self.last}&of={self.of}", headers=known
        )
        self.done[str(status)] += 1
        if status == 200:
            self.take(headers, body)
            if 'class="message other' in body:
                await self.send(f"{self.path}/seen", number=str(self.last))
                self.done["seen"] += 1

    async def say(self, text: str) -> None:
        """One message, answered with what is new."""
        sent = {"text": text, "key": f"{random.random()}", "after": str(self.last), "of": self.of}
        status, headers, body = await self.send(self.path, **sent)
        assert status == 200, (status, body[:300])
        self.done["messages"] += 1
        self.take(headers, body)

    def take(self, headers: list[tuple[str, str]], body: str) -> None:
        """Remember how far the messages go."""
        self.last = int(body.split('data-last="', 1)[1].split('"', 1)[0])
        self.tag = dict(headers).get("etag", "")

    async def send(self, path: str, **fields: str) -> tuple[int, list[tuple[str, str]], str]:
        """A form."""
        body = urlencode({"csrf_token": self.secret, **fields}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.ask("POST", path, body, kind)

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, list[tuple[str, str]], str]:
        """One request on the connection that is kept; once more when the server has closed it meanwhile."""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {self.cookie}", "X-Fragment: 1"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        wanted = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
        for _ in range(2):
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                self._writer.write(wanted)
                return await self._answer()
            except (ConnectionError, asyncio.IncompleteReadError):
                self._writer = None
        raise SystemExit("the server does not answer")

    async def _answer(self) -> tuple[int, list[tuple[str, str]], str]:
        assert self._reader is not None
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        found = [line.split(": ", 1) for line in head[1:] if ": " in line]
        headers = [(name.lower(), value) for name, value in found]
        length = 0 if status in {204, 304} else int(dict(headers).get("content-length", "0"))
        return status, headers, (await self._reader.readexactly(length)).decode()


async def main() -> None:
    """Open every chat, then do as the letters say."""
    port, loop = int(sys.argv[1]), asyncio.get_running_loop()
    done: Counter[str] = Counter()
    given = json.loads(sys.stdin.readline())
    browsers = [
        Browser(port, item["cookie"], item["path"], item["talks"], IDLE if item["is_idle"] else EVERY, done)
        for item in given
    ]
    for browser in browsers:
        await browser.open()
    going = asyncio.Event()
    tasks = [asyncio.create_task(browser.live(going)) for browser in browsers]
    print("open", flush=True)
    while letter := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        if letter == "g":
            done.clear()
            going.set()
        else:
            going.clear()
            print(json.dumps(done), flush=True)
        for task in tasks:
            if task.done():
                task.result()


if __name__ == "__main__":
    asyncio.run(main())
