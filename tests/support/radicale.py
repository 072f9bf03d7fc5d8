"""A real CalDAV server for tests: Radicale as a child process, and a plain client to look at it."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import requests

from scripts.calendar_server import write_configuration
from tests.support.orphans import ends_with_me
from tests.support.ports import accepts, free_port, wait_until

USERS = ("sam", "rita", "lev", "ada")

_MAKE = """<?xml version="1.0"?><c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"
><d:set><d:prop><d:displayname>{name}</d:displayname><c:supported-calendar-component-set
><c:comp name="VEVENT"/></c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>"""


def password(user: str) -> str:
    """The password of a user of the test server."""
    return f"{user}-secret"


@dataclass
class Radicale:
    """The running server. Paths are those of the server, like ``/sam/work/``; ics is a whole VCALENDAR."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def home(self, user: str) -> str:
        """The address that a person would type to connect this user's calendars."""
        return f"{self.url}/{user}/"

    def request(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> requests.Response:
        """Any request as the owner of the path."""
        user = path.strip("/").split("/")[0]
        return requests.request(
            method,
            self.url + quote(path),
            data=body.encode(),
            headers=headers,
            auth=(user, password(user)),
            timeout=10,
        )

    def make_calendar(self, user: str, slug: str = "work", name: str = "Work") -> str:
        """Make a calendar; its path."""
        path = f"/{user}/{slug}/"
        self.request("MKCALENDAR", path, _MAKE.format(name=name)).raise_for_status()
        return path

    def put(self, path: str, ics: str, *, if_match: str = "") -> str:
        """Store one object and give its new ETag, as another CalDAV client would."""
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        if if_match:
            headers["If-Match"] = if_match
        answer = self.request("PUT", path, ics, headers)
        answer.raise_for_status()
        return answer.headers["ETag"]

    def get(self, path: str) -> str:
        """The stored text of one object."""
        answer = self.request("GET", path)
        answer.raise_for_status()
        return answer.content.decode()

    def delete(self, path: str) -> None:
        """Remove an object or a calendar."""
        self.request("DELETE", path).raise_for_status()

    def paths(self, calendar: str) -> list[str]:
        """The paths of all objects in a calendar, sorted."""
        answer = self.request("PROPFIND", calendar, "", {"Depth": "1"})
        answer.raise_for_status()
        hrefs = [node.text or "" for node in ElementTree.fromstring(answer.content).iter("{DAV:}href")]
        return sorted(requests.utils.unquote(href) for href in hrefs if not href.endswith("/"))

    def reset(self) -> None:
        """Forget every calendar of everybody."""
        shutil.rmtree(self.folder / "collections" / "collection-root", ignore_errors=True)


@contextmanager
def running_radicale() -> Iterator[Radicale]:
    """Start a Radicale in its own temporary folder on a free port; end it and remove both afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="attache-radicale-"))
    server = Radicale(free_port(), folder)
    configuration = write_configuration(folder, server.port)
    (folder / "users").write_text("".join(f"{user}:{password(user)}\n" for user in USERS))
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "radicale", "-C", str(configuration)]
        child = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    with ends_with_me(child.pid, folder):
        try:
            wait_until(lambda: accepts(server.port) or child.poll() is not None, 30, "Radicale")
            assert child.poll() is None, (folder / "log").read_text()
            yield server
        finally:
            child.kill()
            child.wait()
