"""Finds a Chromium to test with. Standard library only: the set-up asks before any package is there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_PLAYWRIGHT_PATTERNS = (
    "chromium_headless_shell-*/*/headless_shell",
    "chromium_headless_shell-*/*/chrome-headless-shell",
    "chromium-*/*/chrome",
    "chromium-*/*/*.app/Contents/MacOS/*",
)


def find_chromium(environ: Mapping[str, str] = os.environ) -> str | None:
    """The path of a Chromium: CHROMIUM_PATH, then the PATH, then Playwright's own; None without any."""
    named = environ.get("CHROMIUM_PATH", "")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next(_candidates(environ), None)


def _candidates(environ: Mapping[str, str]) -> Iterator[str]:
    for name in NAMES:
        found = shutil.which(name, path=environ.get("PATH"))
        if found:
            yield found
    if sys.platform == "darwin":
        yield from (path for path in _MAC_APPLICATIONS if os.access(path, os.X_OK))
    for pattern in _PLAYWRIGHT_PATTERNS:
        for path in sorted(_playwright_cache(environ).glob(pattern), reverse=True):
            if os.access(path, os.X_OK):
                yield str(path)


def _playwright_cache(environ: Mapping[str, str]) -> Path:
    named = environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if named and named != "0":
        return Path(named)
    home = Path(environ.get("HOME", "~")).expanduser()
    return home / ("Library/Caches/ms-playwright" if sys.platform == "darwin" else ".cache/ms-playwright")
