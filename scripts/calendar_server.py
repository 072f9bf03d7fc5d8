"""The configuration of the embedded CalDAV server."""

import os
from pathlib import Path

_CONFIGURATION = """[server]
hosts = 127.0.0.1:{port}
max_connections = 50
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[rights]
type = owner_only
[web]
type = none
[logging]
level = warning
"""


def write_configuration(folder: Path, port: int) -> Path:
    """Write the server's configuration file into its folder; the users' file is made by ``prepare``.

    Passwords stand in that file as they are, readable by its owner alone: the server must be able to check
    them quickly, and who can read the file can read the calendars beside it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made here, because the server would print warnings about making it.
    (folder / "collections" / "collection-root").mkdir(parents=True, exist_ok=True)
    users = folder / "users"
    os.close(os.open(users, os.O_CREAT | os.O_RDONLY, 0o600))
    path = folder / "config"
    path.write_text(_CONFIGURATION.format(folder=folder, port=port))
    return path
