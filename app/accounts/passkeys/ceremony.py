"""Registering passkeys and proving oneself with them (Web Authentication, level 3), as values and texts.

They are a second factor, after a link or a password. So a credential need not be discoverable, which would
use up the few places of a security key, and may come from any device. It is asked to verify its user (PIN,
finger, face) where it can; a plain key that only knows touch is taken, too.
"""

import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    exceptions,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.values import SignedIn

CHALLENGE_LIFETIME = timedelta(minutes=5)
# A credential's id has at most 1023 bytes.
_LONGEST_ID = 1400
_TIMEOUT = int(CHALLENGE_LIFETIME.total_seconds() * 1000)


class Purpose(StrEnum):
    """What a challenge is for; it serves nothing else."""

    REGISTER = "register"
    PROVE = "prove"


class CeremonyRefused(Exception):
    """What the browser sent is no answer to this challenge of this site."""


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks: the relying party's id is the host of the public address, empty where there can be none."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """A credential that somebody registered."""

    credential_id: str
    transports: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A credential that was just made."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: list[str]


def site_of(public_url: str, organisation: str) -> Site:
    """The site; an address with a number for a host has no passkeys."""
    host = urlsplit(public_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, public_url, organisation)
    return Site("", public_url, organisation)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether the address in use has passkeys; ``elsewhere`` is one that has, '' for none."""

    is_here: bool
    elsewhere: str


def reach(public_url: str, host: str) -> Reach:
    """How passkeys of this public address are reached by who asked for ``host``, with or without a port."""
    rp_id, public = site_of(public_url, "").rp_id, urlsplit(public_url)
    name, _, port = host.lower().partition(":")
    is_here = bool(rp_id) and name == rp_id and port in {"", str(public.port)}
    return Reach(is_here, public_url if rp_id and not is_here else "")


def new_challenge(now: datetime, purpose: Purpose) -> str:
    """256 random bits, with purpose and time, as they are kept on the server."""
    return f"{purpose}.{int(now.timestamp())}.{bytes_to_base64url(secrets.token_bytes(32))}"


def challenge_bytes(kept: str, now: datetime, purpose: Purpose) -> bytes:
    """What was to be signed; empty when nothing was, not for this, or more than five minutes ago."""
    kind, _, rest = kept.partition(".")
    made, _, text = rest.partition(".")
    if kind != purpose or not made.isdecimal():
        return b""
    age = now - datetime.fromtimestamp(int(made), UTC)
    return base64url_to_bytes(text) if age < CHALLENGE_LIFETIME else b""


def creation_options(site: Site, user: SignedIn, challenge: bytes, known: Sequence[Known]) -> str:
    """What ``navigator.credentials.create`` is asked for, as JSON; authenticators of ``known`` say no."""
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name=site.name,
        user_id=user.public_id.encode(),
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge,
        timeout=_TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(known),
    )
    return webauthn.options_to_json(options)


def request_options(site: Site, challenge: bytes, known: Sequence[Known]) -> str:
    """What ``navigator.credentials.get`` is asked for, as JSON: a signature of one of ``known``."""
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        timeout=_TIMEOUT,
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def read_new(site: Site, challenge: bytes, text: str) -> NewCredential:
    """The credential in the browser's answer (JSON).

    Raises CeremonyRefused.
    """
    try:
        sent = parse_registration_credential_json(text)
        made = webauthn.verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
        )
    except _UNREADABLE as error:
        raise CeremonyRefused(str(error)) from None
    credential_id = bytes_to_base64url(made.credential_id)
    if len(credential_id) > _LONGEST_ID:
        raise CeremonyRefused("the credential's id is too long")
    transports = sorted({transport.value for transport in sent.response.transports or []})
    return NewCredential(credential_id, made.credential_public_key, made.sign_count, transports)


def credential_in(text: str) -> str:
    """The id of the credential that signed, as it is kept; empty when there is none to read."""
    try:
        return bytes_to_base64url(parse_authentication_credential_json(text).raw_id)
    except _UNREADABLE:
        return ""


def read_proof(site: Site, challenge: bytes, text: str, public_key: bytes, owner: str) -> int:
    """The counter that was signed together with the challenge; ``owner`` is the public id of whose key it is.

    Raises CeremonyRefused. Whether the counter went up is for the caller to judge.
    """
    try:
        sent = parse_authentication_credential_json(text)
        proof = webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
        )
    except _UNREADABLE as error:
        raise CeremonyRefused(str(error)) from None
    if sent.response.user_handle not in {None, b"", owner.encode()}:
        raise CeremonyRefused("it is somebody else's")
    return proof.new_sign_count


def went_up(before: int, now: int) -> bool:
    """Whether a counter shows no copy of the key; those that always say 0 have none (level 3, 6.1.1)."""
    return now > before or now == before == 0


# What the library raises, and what readers of JSON, base64 and CBOR raise beneath it.
_UNREADABLE = (exceptions.WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError)


def _described(known: Sequence[Known]) -> list[PublicKeyCredentialDescriptor]:
    transports = {transport.value: transport for transport in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(each.credential_id),
            transports=[transports[name] for name in each.transports if name in transports] or None,
        )
        for each in known
    ]
