"""What the telephony provider posts, signed, and what it is answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from xml.etree import ElementTree as Xml

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from app.accounts.models import AuditEntry
from app.config import Settings, SettingsError
from app.desk.callbacks.models import Callback
from app.desk.models import Message
from app.desk.phone.models import PhoneCall
from app.factory import create_app
from app.lib import clock
from app.settings.values import ServiceWindow
from tests.desk.phone.provider import OURS, PHONE, RITA, SAM, TOKEN, VERA, Provider, said, tags, twiml
from tests.world import World, build_world

ALWAYS = ServiceWindow(time(0), time(23, 59, 59, 999999), tuple(range(7)))
PATHS = ("/phone/voice", "/phone/dialled?rung=x", "/phone/recording", "/phone/ended")
RECORDED = {
    "RecordingUrl": "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1",
    "RecordingDuration": "34",
    "RecordingStatus": "completed",
}


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    """A service that is always open, at a public address."""
    made = make_settings(**PHONE, PUBLIC_URL="https://calls.company.example")
    # No public holidays are known there.
    return replace(made, service_window=ALWAYS, service_country="AX")


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, clock.now())


@pytest.fixture
def provider(app: Flask, settings: Settings, world: World) -> Provider:
    return Provider(app, settings)


def count(session: Session, *models: type) -> list[int]:
    session.rollback()
    return [len(session.scalars(select(model)).all()) for model in models]


def dialled(root: Xml.Element) -> tuple[str, str]:
    """Who is let ring, and what is told what came of it."""
    (dial,) = root.findall("Dial")
    assert (dial.get("timeout"), dial.get("callerId"), dial.get("method")) == ("20", OURS, "POST")
    return dial.findtext("Number") or "", dial.get("action") or ""


def test_a_call_goes_to_the_specialist_then_to_the_stand_in_then_to_voicemail(
    provider: Provider, session: Session
) -> None:
    number, action = dialled(provider.ring())
    assert number == SAM
    number, action = dialled(twiml(provider.post(action, DialCallStatus="no-answer")))
    assert number == RITA
    last = twiml(provider.post(action, DialCallStatus="busy"))
    assert tags(last) == ["Say", "Record", "Say", "Hangup"]
    record = last.find("Record")
    assert record is not None
    told = {name: record.get(name) for name in ("maxLength", "playBeep", "action", "recordingStatusCallback")}
    assert told == {
        "maxLength": "120",
        "playBeep": "true",
        "action": "https://calls.company.example/phone/recording",
        "recordingStatusCallback": "https://calls.company.example/phone/recording",
    }
    assert SAM not in Xml.tostring(last, "unicode") and last.find("Say").get("language") == "en-GB"  # type: ignore[union-attr]
    session.rollback()
    assert session.scalars(select(PhoneCall.state)).all() == ["ringing"]


def test_who_has_spoken_is_written_down_and_the_call_ends(
    provider: Provider, session: Session, world: World
) -> None:
    _number, action = dialled(provider.ring())
    assert tags(twiml(provider.post(action, DialCallStatus="completed", DialCallSid="CA2"))) == ["Hangup"]
    assert provider.post("/phone/ended", CallStatus="completed").status_code == 204
    row = session.scalars(select(PhoneCall)).one()
    assert (row.state, row.fetch_at, row.answered_by_id) == ("answered", None, world.sam.id)
    assert tags(provider.ring()) == ["Hangup"]


def test_a_voicemail_told_of_twice_is_one_message_and_one_callback(
    provider: Provider, session: Session
) -> None:
    provider.ring()
    for _again in range(2):
        assert tags(twiml(provider.post("/phone/recording", **RECORDED))) == ["Say", "Hangup"]
    assert count(session, PhoneCall, Callback) == [1, 1]
    assert session.scalars(select(Message.text).where(Message.channel == "voicemail")).all() == [
        "Voicemail, 34 s, from +49 30 55501010"
    ]
    row = session.scalars(select(PhoneCall)).one()
    assert (row.state, row.recording_url, row.recording_seconds) == ("recorded", RECORDED["RecordingUrl"], 34)


def test_a_telephone_system_may_tell_of_a_recording_alone(provider: Provider, session: Session) -> None:
    provider.post("/phone/recording", **RECORDED, CallSid="1732810000.42")
    assert count(session, PhoneCall, Callback) == [1, 1]


@pytest.mark.parametrize(
    ("caller", "languages"),
    [
        ("+420222333444", ["en-GB"]),
        ("+73430000000", ["ru-RU"]),
        ("anonymous", ["en-GB", "ru-RU"]),
        ("+266696687", ["en-GB", "ru-RU"]),
        ("'; DROP TABLE phone_call; --" * 20, ["en-GB", "ru-RU"]),
    ],
)
def test_unknown_callers_are_greeted_in_their_countrys_language_and_reach_nobody(
    provider: Provider, session: Session, caller: str, languages: list[str]
) -> None:
    root = provider.ring(From=caller)
    assert root.find("Dial") is None
    greetings = [one.get("language") for one in root.findall("Say")]
    assert greetings == languages * 2  # before the tone, and when nothing was said
    if languages[0] == "en-GB":
        assert "We do not know this number" in said(root)
    assert count(session, PhoneCall, Callback) == [1, 0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("fault", ["none", "token", "address", "body"])
def test_requirement_27_without_a_right_signature_nothing_is_written_but_that(
    provider: Provider, session: Session, path: str, fault: str
) -> None:
    fields = {"CallSid": "CA1", "From": VERA, **RECORDED}
    url = f"{provider.settings.public_url}{path}"
    signed = {
        "none": "",
        "token": RequestValidator("another-token-of-nobody").compute_signature(url, fields),
        "address": RequestValidator(TOKEN).compute_signature(f"http://localhost{path}", fields),
        "body": RequestValidator(TOKEN).compute_signature(url, fields | {"From": "+421255501003"}),
    }[fault]
    headers = {"X-Twilio-Signature": signed} if signed else {}
    answer = provider.app.test_client().post(path, data=fields, headers=headers)
    assert answer.status_code == 403
    assert count(session, PhoneCall, Callback, Message) == [0, 0, 0]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "was refused")).one()
    assert (entry.actor, entry.detail) == ("telephony provider", {"why": "signature"})


def test_what_is_refused_again_and_again_fills_no_log(
    provider: Provider, session: Session, make_settings: Callable[..., Settings]
) -> None:
    answers = [provider.app.test_client().post("/phone/voice").status_code for _ in range(63)]
    assert answers == [403] * 60 + [429] * 3
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.verb == "was refused")).all()) == 60
    assert provider.post("/phone/voice").status_code == 200


@pytest.mark.parametrize("name", ["", "x" * 81, "CA 1", "CA\u0442", "../1"])
def test_a_call_without_a_proper_name_is_refused(provider: Provider, session: Session, name: str) -> None:
    assert provider.post("/phone/voice", CallSid=name).status_code == 400
    assert count(session, PhoneCall) == [0]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"RecordingDuration": "0"}, ("ringing", "", 0)),
        ({"RecordingDuration": "-5"}, ("ringing", "", 0)),
        ({"RecordingDuration": "\u0664"}, ("ringing", "", 0)),
        ({"RecordingStatus": "failed"}, ("ringing", "", 0)),
        ({"RecordingDuration": "999999"}, ("recorded", RECORDED["RecordingUrl"], 3600)),
        ({"RecordingUrl": "https://api.twilio.com.evil.example/RE1"}, ("recorded", "", 34)),
        ({"RecordingUrl": "http://169.254.169.254/latest"}, ("recorded", "", 34)),
        ({"RecordingUrl": "https://api.twilio.com/" + "x" * 500}, ("recorded", "", 34)),
        ({"RecordingUrl": "not an address"}, ("recorded", "", 34)),
    ],
)
def test_nothing_of_a_recording_is_believed_beyond_its_form(
    provider: Provider, session: Session, fields: dict[str, str], kept: tuple[str, str, int]
) -> None:
    provider.post("/phone/recording", **(RECORDED | fields))
    row = session.scalars(select(PhoneCall)).one()
    assert (row.state, row.recording_url, row.recording_seconds) == kept


def test_without_a_token_there_is_no_telephone(make_settings: Callable[..., Settings]) -> None:
    client = create_app(make_settings()).test_client()
    for path in PATHS:
        assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHONE_AUTH_TOKEN", "short"),
        ("PHONE_AUTH_TOKEN", ""),
        ("PHONE_NUMBER", "112"),
        ("PHONE_NUMBER", ""),
        ("PHONE_MEDIA_ORIGINS", "api.twilio.com"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_by_name(
    make_settings: Callable[..., Settings], name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=name):
        make_settings(**(PHONE | {name: value}))
