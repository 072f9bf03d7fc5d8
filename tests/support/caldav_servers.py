"""Real CalDAV servers for tests, each as a value: how to reach it, as whom, and where its mail lands.

Radicale and Xandikos come from pip. SabreDAV 1.8, Cyrus and SOGo are Debian packages, started by the
scripts in tools/caldav/ (Cyrus and SOGo need root); nothing is installed here.
"""

import base64
import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import requests

from app.calendars.server.client import CalDavClient
from app.lib.outbound import Policy
from tests.support.certificates import write_certificate
from tests.support.orphans import ends_with_me, runs_when_i_die
from tests.support.ports import accepts, free_port, wait_until
from tests.support.radicale import password, running_radicale

_TOOLS = Path(__file__).parent / "tools" / "caldav"
# In `make test`; the others need Debian packages.
FROM_PIP = ("radicale", "xandikos")
FROM_DEBIAN = ("sabre18", "cyrus", "sogo")

_MAKE = """<?xml version="1.0"?><c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"
><d:set><d:prop><d:displayname>{name}</d:displayname><c:supported-calendar-component-set
><c:comp name="VEVENT"/></c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>"""


@dataclass(frozen=True)
class CalDavServer:
    """A running server with one user. ``start`` is the path that a person would type; paths are encoded.

    ``ca_file`` verifies its certificate ('' for plain HTTP); ``mail`` is the folder into which everything
    falls that the server sends, None when it cannot send.
    """

    name: str
    version: str
    origin: str
    start: str
    home: str
    user: str
    password: str
    ca_file: str = ""
    mail: Path | None = None
    has_calendar: bool = False

    def policy(self, **limits: float) -> Policy:
        """The operator's rules under which this server may be called."""
        return Policy(allowed_origins=(self.origin,), ca_file=self.ca_file, **limits)  # type: ignore[arg-type]

    def client(self, *, password: str | None = None, start: str | None = None) -> CalDavClient:
        """Our client as this user; close it afterwards."""
        url = self.origin + (self.start if start is None else start)
        given = self.password if password is None else password
        return CalDavClient(url, self.user, given, self.policy())

    def request(
        self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """One request of another client of the same person, past all code of ours."""
        return requests.request(
            method,
            self.origin + path,
            data=body.encode(),
            headers=dict(headers or {}),
            auth=(self.user, self.password),
            verify=self.ca_file or True,
            allow_redirects=False,
            timeout=30,
        )

    def new_calendar(self, name: str = "Work") -> str:
        """Make an empty calendar at an address that was never used; its path."""
        path = f"{self.home}t{uuid4().hex[:12]}/"
        self.make_calendar(path, name)
        return path

    def make_calendar(self, path: str, name: str = "Work") -> None:
        """Make an empty calendar there."""
        headers = {"Content-Type": "application/xml; charset=utf-8"}
        self.request("MKCALENDAR", path, _MAKE.format(name=name), headers).raise_for_status()

    def mails(self) -> list[Path]:
        """Everything that the server has sent."""
        return sorted(self.mail.iterdir()) if self.mail is not None and self.mail.is_dir() else []


def chosen_servers(environ: Mapping[str, str]) -> list[str]:
    """Which real servers the contract runs on: CALDAV_CONTRACT is ``all`` or names with commas.

    Raises ValueError for a name that is none.
    """
    wanted = environ.get("CALDAV_CONTRACT", "")
    if wanted == "all":
        return [*FROM_PIP, *FROM_DEBIAN]
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if unknown := set(names) - _STARTERS.keys():
        raise ValueError(f"CALDAV_CONTRACT names no server: {', '.join(sorted(unknown))}")
    return names or list(FROM_PIP)


@contextmanager
def running_server(name: str) -> Iterator[CalDavServer]:
    """Start a server by its name in a folder and on ports of its own; end it and remove both afterwards."""
    with _STARTERS[name]() as server:
        yield server


@contextmanager
def _radicale() -> Iterator[CalDavServer]:
    with running_radicale() as server:
        yield CalDavServer(
            "radicale",
            importlib.metadata.version("radicale"),
            server.url,
            "/",
            "/sam/",
            "sam",
            password("sam"),
        )


@contextmanager
def _xandikos() -> Iterator[CalDavServer]:
    """With TLS and passwords, as people run it: on plain HTTP it asks nobody for a password."""
    folder = Path(tempfile.mkdtemp(prefix="attache-xandikos-"))
    port, secret = free_port(), password("sam")
    (folder / "certs").mkdir(mode=0o700)
    # What --autocert would make names no IP address, so that no client could verify it.
    certificate, key = folder / "certs" / "selfsigned.crt", folder / "certs" / "selfsigned.key"
    write_certificate(certificate, key)
    digest = base64.b64encode(hashlib.sha1(secret.encode()).digest()).decode()
    (folder / "users").write_text(f"sam:{{SHA}}{digest}\n")
    command = [sys.executable, "-m", "xandikos", "multi-user", "-d", str(folder / "store"), "--defaults"]
    command += ["--no-detect-systemd", "--autocert", "--htpasswd", str(folder / "users")]
    command += ["--state-dir", str(folder), "-l", "127.0.0.1", "-p", str(port)]
    (folder / "store").mkdir()
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    with ends_with_me(child.pid, folder):
        try:
            wait_until(lambda: accepts(port) or child.poll() is not None, 60, "Xandikos")
            assert child.poll() is None, (folder / "log").read_text()
            yield CalDavServer(
                "xandikos",
                importlib.metadata.version("xandikos"),
                f"https://127.0.0.1:{port}",
                "/",
                "/sam/calendars/",
                "sam",
                secret,
                str(certificate),
            )
        finally:
            child.kill()
            child.wait()


@contextmanager
def _from_debian(
    name: str, package: str, start: str, home: str, ports: int, **environment: str
) -> Iterator[CalDavServer]:
    root = Path(tempfile.mkdtemp(prefix="attache-caldav-"))
    # The servers run as users of their own.
    root.chmod(0o755)
    numbers = [str(free_port()) for _ in range(ports)]
    user, secret = "alice", password("alice")
    environ = {**os.environ, **environment, "DATAROOT": str(root)}
    stop = [str(_TOOLS / "stop.sh"), name]
    with runs_when_i_die(stop, environ, root):
        try:
            command = [str(_TOOLS / f"start-{name}.sh"), numbers[0], user, secret, *numbers[1:]]
            with (root / "start.log").open("wb") as log:
                done = subprocess.run(
                    command, env=environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=120
                )
            assert done.returncode == 0, (root / "start.log").read_text()
            origin = f"http://127.0.0.1:{numbers[0]}"
            version, mail = _package_version(package), root / name / "mail"
            yield CalDavServer(name, version, origin, start, home, user, secret, "", mail)
        finally:
            subprocess.run(stop, env=environ, stdout=subprocess.DEVNULL, timeout=60, check=True)


def _package_version(package: str) -> str:
    """The upstream part of a Debian package's version."""
    command = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("-")[0]


_STARTERS: dict[str, Callable[[], "contextmanager[CalDavServer]"]] = {  # type: ignore[type-arg]
    "radicale": _radicale,
    "xandikos": _xandikos,
    "sabre18": lambda: _from_debian("sabre18", "php-sabre-dav", "/", "/calendars/alice/", 1, WORKERS="4"),
    "cyrus": lambda: _from_debian("cyrus", "cyrus-caldav", "/", "/dav/calendars/user/alice/", 3),
    "sogo": lambda: _from_debian("sogo", "sogo", "/SOGo/dav/alice/", "/SOGo/dav/alice/Calendar/", 4),
}
