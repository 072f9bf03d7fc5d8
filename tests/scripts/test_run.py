"""What ``make run`` says before it starts anything: one line that a person can act on."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.calendar_server import write_configuration
from scripts.run import CannotRun, Service
from tests.support.ports import free_port
from tests.support.service import ROOT


def _run(**environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "scripts.run"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(free_port()), "CALDAV_PORT": str(free_port()), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("setting", ["PORT", "CALDAV_PORT"])
def test_a_port_in_use_is_said_in_one_line(tmp_path: Path, setting: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = _run(DATA_DIR=str(tmp_path), **{setting: str(port)})
    assert done.returncode == 1
    assert done.stderr == f"127.0.0.1:{port} cannot be used (Address already in use): set {setting}=…\n"


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = _run(DATA_DIR=str(tmp_path / "file" / "var"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("DATA_DIR ")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_cannot_be_meant_is_refused(port: str) -> None:
    with pytest.raises(CannotRun, match="PORT="):
        Service({"PORT": port})


def test_the_demo_is_on_unless_it_is_refused() -> None:
    assert Service({}).has_demo
    assert not Service({"DEMO": "0"}).has_demo


def test_the_calendar_server_keeps_passwords_to_the_owner(tmp_path: Path) -> None:
    configuration = write_configuration(tmp_path / "caldav", 5232)
    assert (tmp_path / "caldav" / "users").stat().st_mode & 0o077 == 0
    assert "hosts = 127.0.0.1:5232" in configuration.read_text()
