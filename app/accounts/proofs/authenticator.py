"""Time-based one-time codes (RFC 6238) as authenticator apps make them: six digits, anew every 30 seconds."""

from datetime import datetime, timedelta

import pyotp
import segno

from app.lib.tokens import equal

STEP = timedelta(seconds=30)
# A clock may be wrong by this many steps, to either side (RFC 6238, 5.2).
_WINDOW = 1


def new_seed() -> str:
    """A secret of 160 random bits, in base32 (RFC 4226, 4)."""
    return pyotp.random_base32()


def step_at(now: datetime) -> int:
    """The number of the time step that ``now`` lies in."""
    return int(now.timestamp()) // int(STEP.total_seconds())


def code_at(seed: str, now: datetime) -> str:
    """The code that an authenticator shows at ``now``."""
    return pyotp.TOTP(seed).generate_otp(step_at(now))


def matching_step(seed: str, code: str, now: datetime) -> int | None:
    """The time step that a code is of; None when it is of none around ``now``."""
    typed, here = "".join(code.split()), step_at(now)
    otp = pyotp.TOTP(seed)
    steps = range(here - _WINDOW, here + _WINDOW + 1)
    return next((step for step in steps if equal(otp.generate_otp(step), typed)), None)


def holds_for(now: datetime) -> int:
    """For how many seconds the code of this moment is still taken."""
    length = int(STEP.total_seconds())
    return length * (1 + _WINDOW) - int(now.timestamp()) % length


def picture(seed: str, address: str, organisation: str) -> str:
    """The QR code that an app reads, as a ``data:`` address of an SVG."""
    uri = pyotp.TOTP(seed).provisioning_uri(name=address, issuer_name=organisation)
    # Apps want dark on light, whatever the page's colours are.
    return segno.make(uri, micro=False).svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def in_groups(text: str) -> str:
    """A secret in groups of four, to be read and typed."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
