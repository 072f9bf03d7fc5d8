"""A telephony provider: what it posts is signed as the real one's, and what it is answered is read as XML."""

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as Xml

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from app.config import Settings

TOKEN, ACCOUNT = "a-token-of-the-provider-for-tests", "AC00000000000000000000000000000001"  # noqa: S105
OURS, VERA, SAM, RITA = "+421220000000", "+493055501010", "+421255501001", "+493055501002"
PHONE: dict[str, str] = {"PHONE_AUTH_TOKEN": TOKEN, "PHONE_ACCOUNT_SID": ACCOUNT, "PHONE_NUMBER": OURS}


@dataclass
class Provider:
    """The provider, calling one application."""

    app: Flask
    settings: Settings
    token: str = TOKEN

    def post(self, address: str, **fields: Any) -> TestResponse:
        """Tell of something, signed (https://www.twilio.com/docs/usage/security)."""
        path = address.removeprefix(self.settings.public_url)
        fields = {"CallSid": "CA1", "AccountSid": ACCOUNT, "From": VERA, "To": OURS} | fields
        signed = RequestValidator(self.token).compute_signature(f"{self.settings.public_url}{path}", fields)
        return self.app.test_client().post(path, data=fields, headers={"X-Twilio-Signature": signed})

    def ring(self, **fields: Any) -> Xml.Element:
        """Somebody rings; what is to be done."""
        return twiml(self.post("/phone/voice", CallStatus="ringing", **fields))


def twiml(answer: TestResponse) -> Xml.Element:
    """The root of an answer."""
    assert (answer.status_code, answer.mimetype) == (200, "text/xml"), answer.text
    root = Xml.fromstring(answer.data)  # noqa: S314 - our own answer
    assert root.tag == "Response"
    return root


def tags(root: Xml.Element) -> list[str]:
    """The verbs of an answer in order."""
    return [one.tag for one in root]


def said(root: Xml.Element, number: int = 0) -> str:
    """What is said."""
    return root.findall("Say")[number].text or ""
