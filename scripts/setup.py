"""Makes the virtual environment and what a task needs in it: ``python3 -m scripts.setup run|dev|test``.

``run``: the packages of requirements.txt. ``dev``: those of requirements-dev.txt as well. ``test``: the same,
a Chromium and, where it can be had, a Dovecot. Done before with the same files: looked at and left in a
moment. Standard library only, and readable for older Pythons as far as the line that says which is needed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.browsers import find_chromium

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
DOVECOT = "dovecot-imapd"
TRANSLATIONS = ROOT / "app" / "translations"
# caldav's dependency urllib3-future overwrites urllib3 when it is installed, unless this is set.
ENVIRONMENT = {**os.environ, "URLLIB3_NO_OVERRIDE": "1"}
GUARD = "import urllib3, urllib3_future as f; raise SystemExit(urllib3.__version__ == f.__version__)"


class CannotSetUp(Exception):
    """Something is missing that the set-up cannot get; the text is the one line for the person."""


def main(arguments: list[str]) -> int:
    """Set up for the tasks named; 1 and one line where something cannot be had."""
    task = arguments[0] if arguments else "dev"
    files = [RUNTIME] if task == "run" else [RUNTIME, DEVELOPMENT]
    try:
        check_python()
        make_environment()
        for name in files:
            install(name)
        compile_translations()
        if task == "test":
            need_chromium()
            want_dovecot()
    except CannotSetUp as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    """Refuse a Python that is too old."""
    if sys.version_info < (3, 11):
        raise CannotSetUp(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: set PYTHON=…")


def make_environment() -> None:
    """Make .venv when there is none, or none that works (Python was renewed, the folder was moved)."""
    if PYTHON.exists() and succeeds([PYTHON, "-c", "import pip"]):
        return
    say("making the virtual environment")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if succeeds(command):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not (apt_install(package) or apt_install("python3-venv")) or not succeeds(command):
        raise CannotSetUp(f"Python's venv is missing: install it (Debian: apt install {package})")


def install(name: str) -> None:
    """Install what a requirements file pins, by uv when it can be had and else by pip."""
    stamp = VENV / f"{name}.stamp"
    fingerprint = hashlib.sha256((ROOT / name).read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    say(f"installing {name}")
    if not install_by_uv(name) and not install_by_pip(name):
        raise CannotSetUp(f"{name} could not be installed: see the lines above")
    if not succeeds([PYTHON, "-c", GUARD]):
        raise CannotSetUp("urllib3 was overwritten by urllib3-future: remove .venv and try again")
    stamp.write_text(fingerprint)


def install_by_uv(name: str) -> bool:
    """Try uv, which is several times as quick; False when it is not to be had or cannot do it here."""
    uv = VENV / "bin" / "uv"
    if not uv.exists() and not succeeds([PYTHON, "-m", "pip", "install", "--quiet", "uv"]):
        return False
    return succeeds([uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", name])


def install_by_pip(name: str) -> bool:
    """Install by pip, without its cache: a wheel built there without our environment would come back."""
    options = ["-qq", "--no-cache-dir", "--disable-pip-version-check", "--require-hashes"]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-r", name]
    return subprocess.call(command, cwd=ROOT, env=ENVIRONMENT) == 0


def compile_translations() -> None:
    """Make the .mo files, which are not in the repository, where a .po file is newer."""
    for text in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        compiled = text.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= text.stat().st_mtime:
            continue
        command = [str(VENV / "bin" / "pybabel"), "--quiet", "compile", "-i", str(text), "-o", str(compiled)]
        if subprocess.call(command, cwd=ROOT) != 0:
            raise CannotSetUp(f"{text.relative_to(ROOT)} cannot be compiled: see the lines above")


def need_chromium() -> None:
    """Find a Chromium for the tests in a browser, or install Debian's."""
    if os.environ.get("CHROMIUM_PATH") and not find_chromium():
        raise CannotSetUp("CHROMIUM_PATH names nothing that can be run")
    if not find_chromium() and not apt_install("chromium-headless-shell"):
        raise CannotSetUp("no Chromium for the tests: install one (Debian: chromium) or set CHROMIUM_PATH")
    # Playwright brings its own node, which needs this library; Debian's small images lack it.
    node = next(VENV.glob("lib/python3*/site-packages/playwright/driver/node"), None)
    if node and not succeeds([node, "--version"]) and not apt_install("libatomic1"):
        raise CannotSetUp("Playwright's node does not run: install libatomic1")


def want_dovecot() -> None:
    """Install Debian's IMAP server; without it the tests against a real mailbox are skipped, and say so."""
    is_here = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not is_here and not apt_install(DOVECOT):
        say(f"no Dovecot: the tests against a real mailbox are skipped (Debian: {DOVECOT})")


def apt_install(package: str) -> bool:
    """Install a Debian package where that is possible: as root, with apt."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"installing Debian's {package}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
    get = [*command, "install", "-y", "--no-install-recommends", package]
    if succeeds(get, environment):
        return True
    # A fresh machine has no package lists yet, or old ones that name files that are gone.
    return succeeds([*command, "update"], environment) and succeeds(get, environment)


def succeeds(command: Sequence[str | Path], environment: dict[str, str] = ENVIRONMENT) -> bool:
    """Run a command without showing what it prints; whether it went well."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def say(text: str) -> None:
    """Tell what takes a while."""
    print(f"setup: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
