"""Recordings, fetched from where the telephony provider keeps them and from nowhere else."""

from urllib.parse import urljoin

from app.config_phone import PhoneSettings
from app.lib.outbound import BadResponse, GuardedSession, OutboundError, Policy
from app.lib.urls import origin_of

# Two minutes as an uncompressed file are two megabytes.
MOST_BYTES = 8 << 20
_MOST_HOPS = 3
_ELSEWHERE = {301, 302, 303, 307, 308}


class NotFetched(Exception):
    """The recording was not had; ``is_final`` when trying again would bring nothing else."""

    def __init__(self, text: str, *, is_final: bool) -> None:
        super().__init__(text)
        self.is_final = is_final


def is_allowed(phone: PhoneSettings, url: str) -> bool:
    """Whether this is an address that recordings are fetched from."""
    try:
        return origin_of(url) in phone.media_origins
    except ValueError:
        return False


def fetch_recording(phone: PhoneSettings, url: str, policy: Policy | None = None) -> bytes:
    """The bytes at this address, or where it sends us to; raises NotFetched.

    The account's name and token go to the address's own origin alone.
    """
    used = policy or Policy(allowed_origins=phone.media_origins, limit=MOST_BYTES)
    token = phone.auth_token if phone.account_sid else ""
    try:
        link = GuardedSession(url, phone.account_sid, token, used)
        try:
            return _follow(phone, link, url)
        finally:
            link.close()
    except BadResponse as error:
        raise NotFetched(str(error), is_final=str(error) == "too large") from error
    except OutboundError as error:
        raise NotFetched(str(error), is_final=False) from error


def _follow(phone: PhoneSettings, link: GuardedSession, url: str) -> bytes:
    for _hop in range(_MOST_HOPS):
        if not is_allowed(phone, url):
            raise NotFetched(f"not in PHONE_MEDIA_ORIGINS: {url[:200]}", is_final=True)
        answer = link.request("GET", url, b"", {"Accept": "audio/*"})
        if answer.status_code == 200:
            return answer.content
        if answer.status_code not in _ELSEWHERE:
            # Also what is not there: a recording may be told of before it is.
            raise NotFetched(f"status {answer.status_code}", is_final=False)
        url = urljoin(url, answer.headers.get("Location", ""))
    raise NotFetched("sent from one address to the next", is_final=True)
