"""The people of the cast at a running service: signed in, and with tokens for the API."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.support.ports import wait_until
from tests.support.second_factor import codes_now
from tests.support.service import RunningService

VERA = "vera@nordwind.example"
PAVEL = "pavel@sever.example"
MALLORY = "mallory@lynx.example"
OTTO = "otto@krause.example"
SAM = "sam@attache.example"
RITA = "rita@attache.example"
LEV = "lev@attache.example"
ADA = "ada@attache.example"

_GREETING = re.compile(
    r"(\S+@\S+): [^\n]*\n\s+(http\S+/sign-in/\S+)(?:\n\s+code [^,]+, key ((?:[A-Z2-7]{4} ?)+))?"
)
# Shorter than what counts as a fresh sign-in, by the length of a test.
_FRESH = 5 * 60
_FORM_SECRET = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Cast:
    """Everybody who can use the service; each signs in by the link that the start printed.

    After some minutes they do so anew, because what counts asks for a fresh sign-in, and by another link,
    because that one has run out.
    """

    service: RunningService
    _sessions: dict[str, requests.Session] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _begun: float = field(default_factory=time.monotonic)

    def browser(self, email: str) -> requests.Session:
        """A plain HTTP session in which this person is signed in."""
        before = self._sessions.get(email)
        if before is None or time.monotonic() - self._since[email] > _FRESH:
            self._sessions[email], self._since[email] = self._sign_in(email, before), time.monotonic()
        return self._sessions[email]

    def _sign_in(self, email: str, before: requests.Session | None) -> requests.Session:
        visit = requests.Session()
        link, key = self.greetings()[email]
        if time.monotonic() - self._begun > _FRESH:
            link = self.service.flask("sign-in-link", email).strip()
        if before is not None:
            # The same browser, whose older session goes on.
            for cookie in before.cookies:
                if cookie.name == "attache-device":
                    visit.cookies.set_cookie(cookie)
        assert send_form(visit, link).status_code == 303
        if key:
            page = f"{self.service.url}/sign-in/second"
            taken = (send_form(visit, page, code=code).status_code == 303 for code in codes_now(key))
            assert any(taken), email
        return visit

    def cookies(self, email: str) -> list[Any]:
        """The person's cookies as Playwright's ``add_cookies`` wants them."""
        jar = self.browser(email).cookies
        return [{"name": each.name, "value": each.value or "", "url": self.service.url} for each in jar]

    def api(self, email: str) -> "Api":
        """The API with a token of this person."""
        if email not in self._tokens:
            self._tokens[email] = self.service.flask("api-token", email).strip()
        return Api(f"{self.service.url}/api/v1", self._tokens[email])

    def far_slots(self, email: str, call_type: str) -> list[str]:
        """What is free for somebody beyond any notice: from in two weeks until in seven."""
        first, last = (f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}" for days in (14, 49))
        return self.api(email).slots(call_type, first, last)

    def greetings(self) -> dict[str, tuple[str, str]]:
        """The link and, for staff, the key of the authenticator that the start printed for each."""

        def printed() -> dict[str, tuple[str, str]]:
            text = self.service.output.read_text()
            found = _GREETING.findall(text) if "/demo/mail" in text else []
            return {email: (link, key.replace(" ", "")) for email, link, key in found}

        wait_until(printed, 60, "the links that the start prints")
        return printed()


@dataclass(frozen=True)
class Api:
    """The JSON API as one person's program uses it."""

    base: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **query: str) -> requests.Response:
        """Read."""
        return requests.get(self.base + path, params=query, headers=self.headers, timeout=30)

    def post(self, path: str, body: object, key: str = "") -> requests.Response:
        """Change; ``key`` becomes the Idempotency-Key."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return requests.post(self.base + path, json=body, headers=headers, timeout=30)

    def slots(self, call_type: str, first: str, last: str) -> list[str]:
        """The starts that are free, ``first`` ≤ start < ``last``."""
        answer = self.get("/slots", **{"call_type": call_type, "from": first, "to": last})
        assert answer.status_code == 200, answer.text
        return [slot["start"] for slot in answer.json()["slots"]]


def send_form(visit: requests.Session, address: str, action: str = "", **fields: str) -> requests.Response:
    """Press the button of a page, its secret included; where it leads to is not followed.

    ``action`` is where the form goes when that is another address.
    """
    secret = form_secret(visit.get(address, timeout=30).text)
    data = {"csrf_token": secret, **fields}
    return visit.post(action or address, data=data, allow_redirects=False, timeout=30)


def form_secret(page: str) -> str:
    """The secret that the forms of a page carry."""
    found = _FORM_SECRET.search(page)
    assert found, page
    return found[1]


def words_of(text: str) -> Iterator[str]:
    """The words of a text that are written in Latin letters."""
    return (match[0] for match in re.finditer(r"[A-Za-z]{2,}", text))
