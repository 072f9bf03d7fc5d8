"""Requirements 25 and 43 through the web server itself, which is between the proxy and the application."""

from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse

import pytest
from flask import Flask

from app.config import Settings
from app.lib import clock
from app.lib.db import db
from tests.security.test_requirements_feeds_and_limits import limits_hit, token_of
from tests.support.live import served
from tests.support.ports import free_port
from tests.world import build_world

FORWARDED = {"X-Forwarded-For": "198.51.100.7, 192.0.2.1", "X-Forwarded-Proto": "https"}


@pytest.fixture(params=[0, 1])
def proxies(request: pytest.FixtureRequest) -> int:
    """How many proxies are configured."""
    return int(request.param)


@pytest.fixture
def settings(make_settings: Callable[..., Settings], proxies: int) -> Settings:
    """An installation behind so many proxies, with a limit that is soon reached."""
    return make_settings(
        LIMIT_BOOKINGS="1 per minute", PUBLIC_URL="https://calls.example", TRUSTED_PROXIES=str(proxies)
    )


def asked(port: int, method: str, path: str, headers: dict[str, str]) -> HTTPResponse:
    """The answer to a request as a proxy sends it on."""
    link = HTTPConnection("127.0.0.1", port, timeout=10)
    link.request(method, path, headers=headers)
    answer = link.getresponse()
    answer.read()
    link.close()
    return answer


def test_requirement_43_whose_address_counts_is_what_the_configured_proxy_says(
    app: Flask, proxies: int
) -> None:
    with app.app_context():
        vera = build_world(db.session(), clock.now()).vera
    headers = token_of(app, vera.email) | FORWARDED
    port = free_port()
    with served(app, port):
        statuses = [asked(port, "POST", "/api/v1/bookings", headers).status for _ in range(2)]
    assert statuses[-1] == 429
    assert limits_hit(app) == [(vera.email, "bookings", "192.0.2.1" if proxies else "127.0.0.1")]


def test_requirement_25_browsers_behind_a_proxy_are_told_to_stay_with_https(app: Flask) -> None:
    port = free_port()
    with served(app, port):
        answer = asked(port, "GET", "/healthz", FORWARDED)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


class TestDemo:
    """The demo's mails, among them sign-in links."""

    @pytest.fixture
    def settings(self, make_settings: Callable[..., Settings]) -> Settings:
        """The demo as it is started without any setting."""
        return make_settings(DEMO="1")

    def test_requirement_18_mails_of_the_demo_are_not_shown_through_a_proxy(
        self, app: Flask, settings: Settings
    ) -> None:
        with served(app, settings.port):
            assert asked(settings.port, "GET", "/demo/mail", {}).status == 200
            assert asked(settings.port, "GET", "/demo/mail", FORWARDED).status == 404
