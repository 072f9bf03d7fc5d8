"""The key files of an installation: made on the first run, readable by their owner alone."""

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet


class KeyFileError(ValueError):
    """A key file cannot be used; the text names it and says what to do."""


class KeyFiles:
    """Keys under one folder, each in a file of mode 0400; kept apart from the database and its backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def secret_key(self) -> str:
        """The key that signs cookies and mailed links."""
        return self._read("secret", lambda: secrets.token_urlsafe(48))

    def sealing_keys(self) -> tuple[str, ...]:
        """The keys that seal stored credentials, one a line, the newest first."""
        return tuple(self._read("sealing", lambda: Fernet.generate_key().decode()).split())

    def _read(self, name: str, make: Callable[[], str]) -> str:
        path = self.folder / name
        if not path.exists():
            self._create(path, make())
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(f"{path} can be read by others: run chmod 0400 on it")
        text = path.read_text().strip()
        if len(text) < 32:
            raise KeyFileError(f"{path} is too short to be a key: restore it from its backup")
        return text

    def _create(self, path: Path, text: str) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = path.with_name(f"{path.name}.{os.getpid()}.new")
        descriptor = os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")
        # Two processes may start at once: whoever links first has made the key.
        with suppress(FileExistsError):
            os.link(scratch, path)
        scratch.unlink()
