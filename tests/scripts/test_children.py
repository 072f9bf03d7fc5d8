"""The supervisor's children: started again, shown, stopped, never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.children import Child, Family
from tests.support.ports import wait_until

STAYS = "import time; print('up', flush=True); time.sleep(60)"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    family = Family(tmp_path, os.environ)
    yield family
    family.stop()


def _look_until(family: Family, claim: Callable[[], object]) -> None:
    def look() -> object:
        family.look_after(0.01)
        return claim()

    wait_until(look, 15, "the children")


def test_a_child_that_dies_is_started_again(family: Family, capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("worker", ["-c", STAYS], pause=0.01)
    family.start(child)
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    _look_until(family, lambda: child.process is not None and child.process.pid != first)
    assert "worker ended with status -9; starting it again in 0.02 s" in capsys.readouterr().out


def test_what_a_child_prints_is_shown_with_its_name(
    family: Family, capsys: pytest.CaptureFixture[str]
) -> None:
    family.start(Child("web1", ["-c", "print('one'); print('two', end='')"], pause=30))
    seen: list[str] = []

    def shown() -> bool:
        seen.append(capsys.readouterr().out)
        return "two" in "".join(seen)

    _look_until(family, shown)
    assert "web1   | one\nweb1   | two\n" in "".join(seen)


def test_a_child_that_dies_again_and_again_is_started_ever_more_slowly(family: Family) -> None:
    child = Child("web1", ["-c", "raise SystemExit(3)"], pause=0.01)
    family.start(child)
    _look_until(family, lambda: child.pause >= 0.08)


def test_a_child_that_ignores_the_signal_is_ended_all_the_same(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.children._STOP_SECONDS", 0.2)
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); " + STAYS
    child = Child("caldav", ["-c", stubborn])
    family.start(child)
    assert child.process is not None
    process = child.process
    family.stop()
    assert process.poll() is not None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed process")
def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import os\nfrom scripts.children import Child, Family\n"
        f"family = Family('.', os.environ)\nchild = Child('web1', ['-c', {STAYS!r}])\nfamily.start(child)\n"
        "print(child.process.pid, flush=True)\nwhile True: family.look_after(1)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        supervisor.kill()

    def is_gone() -> bool:
        status = Path(f"/proc/{pid}/stat")
        return not status.exists() or status.read_text().split()[2] == "Z"

    wait_until(is_gone, 10, "the child's end")
