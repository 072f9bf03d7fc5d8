"""Secrets that stand in addresses stay out of logs."""

import io
import logging

import pytest
from flask import Flask

from app.lib.masking import LINE, SECRET_FOLDERS, MaskedLines, init_logging, masked
from app.lib.tokens import new_token

CANARY = "CanaryCanaryCanaryCanary"


@pytest.mark.parametrize("folder", SECRET_FOLDERS)
@pytest.mark.parametrize(
    "form", ['"GET /{}/{}.ics HTTP/1.1" 200', "https://calls.example/{}/{}?x=1", "b'/{}/{}'", "%s"]
)
def test_a_secret_in_an_address_is_replaced(folder: str, form: str) -> None:
    text = form.format(folder, CANARY) if "{" in form else form % f"/{folder}/{CANARY}"
    assert CANARY not in masked(text)
    assert f"/{folder}/…" in masked(text)


def test_addresses_without_secrets_stand_as_they_are() -> None:
    for text in (
        "GET /sign-in/sent 200",
        "/calls/abcdefghijklmnop",
        'File "/app/portal/feeds/views.py", line 3',
    ):
        assert masked(text) == text


def test_what_an_openid_provider_answers_is_replaced() -> None:
    text = f'"GET /sign-in/openid/back?state={CANARY}&code=x%2F{CANARY} HTTP/1.1" 303'
    assert masked(text) == '"GET /sign-in/openid/back?… HTTP/1.1" 303'


def test_a_token_of_the_api_is_replaced() -> None:
    assert masked(f"Authorization: Bearer {CANARY}") == "Authorization: Bearer …"


def lines_of(work: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskedLines(LINE))
    logger = logging.Logger("planted")
    logger.addHandler(handler)
    work(logger)  # type: ignore[operator]
    return stream.getvalue()


def test_arguments_and_tracebacks_are_masked_too() -> None:
    def plant(logger: logging.Logger) -> None:
        logger.warning("asked for %s", f"/feeds/{CANARY}.ics")
        try:
            raise ValueError(f"no route to /sign-in/{CANARY}")
        except ValueError:
            logger.exception("failed")

    written = lines_of(plant)
    assert CANARY not in written
    assert "asked for /feeds/….ics" in written
    assert "ValueError: no route to /sign-in/…" in written


def test_the_service_s_own_lines_and_those_of_its_libraries_are_masked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.WARNING)
    init_logging("INFO")
    for name in ("app.errors", "waitress", "werkzeug", "dbos", "sqlalchemy.engine"):
        logging.getLogger(name).error("asked for /feeds/%s.ics", CANARY)
    written = capsys.readouterr().err
    assert CANARY not in written
    assert written.count("asked for /feeds/….ics\n") == 5


def test_every_route_whose_address_holds_a_token_is_masked(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert len(rules) >= 3
    for rule in rules:
        address = rule.rule.replace("<token>", token := new_token())
        assert token not in masked(address), f"name the folder of {rule.rule} in app/lib/masking.py"
