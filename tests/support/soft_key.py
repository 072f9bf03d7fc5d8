"""An authenticator in software (Web Authentication, level 3), for tests that have no browser."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

_PRESENT_AND_VERIFIED = 0x05
_WITH_CREDENTIAL = 0x40


class SoftKey:
    """One credential; ``counter`` is what it has signed so far, and can be set back."""

    def __init__(self, origin: str, rp_id: str = "localhost") -> None:
        self.origin, self.rp_id = origin, rp_id
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.counter = 0

    def make(self, question: dict[str, Any]) -> str:
        """The answer to ``navigator.credentials.create``."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        head = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(_PRESENT_AND_VERIFIED | _WITH_CREDENTIAL) + head + cbor2.dumps(cose)
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": self._client("webauthn.create", question),
            "attestationObject": bytes_to_base64url(made),
            "transports": ["internal", "something-new"],
        }
        return self._answer(response)

    def sign(self, question: dict[str, Any], user_handle: str = "") -> str:
        """The answer to ``navigator.credentials.get``; it counts one more."""
        self.counter += 1
        data, client = self._data(_PRESENT_AND_VERIFIED), self._client("webauthn.get", question)
        raw = base64url_to_bytes(client)
        signature = self.key.sign(data + hashlib.sha256(raw).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": client,
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
        }
        if user_handle:
            response["userHandle"] = bytes_to_base64url(user_handle.encode())
        return self._answer(response)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, question: dict[str, Any]) -> str:
        said = {"type": kind, "challenge": question["challenge"], "origin": self.origin}
        return bytes_to_base64url(json.dumps(said).encode())

    def _answer(self, response: dict[str, Any]) -> str:
        name = bytes_to_base64url(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
