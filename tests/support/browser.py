"""A real Chromium, and pages that remember everything a person's browser would complain about."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from scripts.browsers import find_chromium

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# A request for another host must fail here, not travel.
_NO_FOREIGN_NAMES = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
_OWN_SCHEMES = {"data", "blob", "about"}


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start the Chromium that scripts.browsers finds; fails with what to install when there is none."""
    path = find_chromium()
    assert path, "no Chromium: set CHROMIUM_PATH or install one (Debian: chromium-headless-shell)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_FLAGS, _NO_FOREIGN_NAMES])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Complaints:
    """What went wrong in a page beside the assertions: script errors, policy violations, foreign requests."""

    found: list[str] = field(default_factory=list)
    _refused_pages: set[str] = field(default_factory=set)
    _consoles: list[tuple[str, str]] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to everything in this context from now on."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def all(self) -> list[str]:
        """Every complaint so far."""
        # Chromium logs an error also for a page that was meant to answer 404 or 409.
        wanted = [text for text, address in self._consoles if address not in self._refused_pages]
        return self.found + wanted

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._consoles.append((f"console: {message.text}", message.location.get("url", "")))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in _OWN_SCHEMES and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.found.append(f"foreign request: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 and response.status != 503:
            self.found.append(f"status {response.status}: {response.url}")
        if response.status >= 400 and response.request.is_navigation_request():
            self._refused_pages.add(response.url)


def open_page(browser: Browser, complaints: Complaints, **options: Any) -> Page:
    """A page in a context of its own; options are those of Playwright's new_context."""
    defaults = {
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
        "reduced_motion": "reduce",
    }
    context = browser.new_context(**{**defaults, **options})
    context.set_default_timeout(10_000)
    complaints.watch(context)
    return context.new_page()


# `make test-all` looks at every sample in every scheme and width; `make test` at each page in each scheme.
THOROUGH = os.environ.get("THOROUGH") == "1"

# What a colour scheme can change; everything else that axe looks at is the same in both.
OF_COLOURS = ("color-contrast", "link-in-text-block")


def axe_findings(page: Page, rules: Sequence[str] = (), *, without: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page now, a line each; with ``rules`` only those, or all ``without`` some.

    It is run by the debugger, which no page's policy binds.
    """
    session = page.context.new_cdp_session(page)

    def evaluated(expression: str) -> Any:
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return session.send("Runtime.evaluate", asked)["result"].get("value")

    if not evaluated("'axe' in window"):
        evaluated(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8") + ";0")
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    if without:
        options["rules"] = {rule: {"enabled": False} for rule in without}
    found = evaluated(
        f"axe.run(document, {json.dumps(options)}).then(result => JSON.stringify(result.violations))"
    )
    session.detach()
    return [
        f"{finding['id']}: {finding['help']} ({node['html']})"
        for finding in json.loads(found)
        for node in finding["nodes"]
    ]
