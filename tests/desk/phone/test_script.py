"""The script that docs/phone.md gives to telephone systems of one's own, as it stands there."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.callbacks.models import Callback
from app.desk.phone.models import PhoneCall
from app.lib import clock
from tests.architecture.source import ROOT
from tests.desk.phone.provider import PHONE, TOKEN, VERA
from tests.world import build_world


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings(**PHONE, PHONE_MEDIA_ORIGINS="http://pbx.company.example:8080")


def run(told: list[str], address: str, token: str) -> int:
    environment = {**os.environ, "PUBLIC_URL": address, "PHONE_AUTH_TOKEN": token}
    done = subprocess.run(told, env=environment, capture_output=True, timeout=60, check=False)  # noqa: S603
    return done.returncode


def test_the_documented_script_brings_a_voicemail(session: Session, live_server: str, tmp_path: Path) -> None:
    build_world(session, clock.now())
    (text,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "phone.md").read_text(encoding="utf-8"), re.S
    )
    script = tmp_path / "attache-voicemail"
    script.write_text(text, encoding="utf-8")
    address = "http://pbx.company.example:8080/1732810000.42.wav"
    told = [sys.executable, str(script), "1732810000.42", VERA, address, "17"]
    assert run(told, live_server, "another-token-of-nobody") != 0
    assert session.scalars(select(PhoneCall)).all() == []
    session.rollback()
    assert run(told, live_server, TOKEN) == 0
    row = session.scalars(select(PhoneCall)).one()
    assert (row.state, row.recording_url, row.recording_seconds) == ("recorded", address, 17)
    assert session.scalars(select(Callback.number)).all() == [VERA]
