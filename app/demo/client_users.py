"""The users' file of the embedded calendar server: one line each, name and password."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def users_file(data_dir: Path) -> Path:
    """Where the server looks for its users."""
    return data_dir / "caldav" / "users"


def read_users(data_dir: Path) -> dict[str, str]:
    """Passwords by user name; empty while there is no file."""
    path = users_file(data_dir)
    if not path.exists():
        return {}
    pairs = (line.partition(":") for line in path.read_text().splitlines() if ":" in line)
    return {name: password for name, _, password in pairs}


def make_users(data_dir: Path, names: Iterable[str]) -> None:
    """Give a random password to those who have none yet; the file is for its owner alone (mode 0600)."""
    known = read_users(data_dir)
    missing = [name for name in names if name not in known]
    if not missing:
        return
    path = users_file(data_dir)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a") as file:
        file.writelines(f"{name}:{secrets.token_urlsafe(18)}\n" for name in missing)
