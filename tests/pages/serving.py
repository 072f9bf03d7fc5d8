"""The sample pages behind a real server with the real content policy, for tests in a browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from tests.pages.rendering import ROOT, environment, frame
from tests.pages.samples import samples

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass
class Site:
    """What is served: pages by name, answers that a test sets by path, and what was sent.

    Nothing ever changes at the ``unchanged`` paths.
    """

    base: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Callable[[], str]] = field(default_factory=dict)
    posted: list[tuple[str, str]] = field(default_factory=list)
    unchanged: set[str] = field(default_factory=set)

    def look_up(self, path: str) -> tuple[bytes, str] | None:
        """Body and type for a path, or nothing."""
        if path.startswith("/static/"):
            file = ROOT / "app" / "static" / Path(path).name
            return file.read_bytes(), KINDS[file.suffix]
        text = self.answers[path]() if path in self.answers else self.pages.get(path[1:])
        return None if text is None else (text.encode(), "text/html; charset=utf-8")


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path in site.unchanged:
                self.send_response(304 if self.command == "GET" else 204)
                self.end_headers()
                return
            found = site.look_up(path)
            body, kind = found or (b"", "text/html")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            site.posted.append((self.path, self.rfile.read(length).decode()))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    return Handler


@contextmanager
def sample_site() -> Iterator[Site]:
    """Every sample page under its name, on a free port of this machine."""
    env, site = environment(), Site()
    for name, template, context in samples():
        if not template.startswith("mail/"):
            site.pages[name] = text = env.get_template(template).render(**{**frame(), **context})
            # A page that waits asks there for news: there are none.
            site.unchanged.update(re.findall(r'data-(?:chat|seen)="([^"]+)"', text))
            site.pages.update(
                (path[1:], text) for path in re.findall(r'data-(?:refresh|watch)="([^"]+)"', text)
            )
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
