"""Everybody sees where they are signed in, and ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.browsers.user_agent import Agent, read_agent
from app.accounts.models import AuditEntry, UserSession
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from tests.accounts.browsing import change, is_signed_in, operator_link, post, sign_in_as_staff
from tests.support.second_factor import authenticator_of
from tests.world import World, client_of

PAGE = "/profile/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
AGENTS = {
    FIREFOX: ("Firefox", "Linux"),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36": ("Chrome", "Windows"),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36 Edg/140.0.0.0": ("Edge", "Windows"),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
    "YaBrowser/25.8.0.0 Safari/537.36": ("Yandex Browser", "Windows"),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1": ("Safari", "iPhone"),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Safari/605.1.15": ("Safari", "macOS"),
    "Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": ("Samsung Internet", "Android"),
    "curl/8.14.1": ("", ""),
    "": ("", ""),
}


def ids(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(UserSession.public_id).order_by(UserSession.id)))


@pytest.mark.parametrize("user_agent", AGENTS)
def test_browsers_are_called_by_their_names(user_agent: str) -> None:
    assert read_agent(user_agent) == Agent(*AGENTS[user_agent])


def test_a_session_says_where_how_and_which_one_this_is(app: Flask, settings: Settings, world: World) -> None:
    seed = authenticator_of(app, world.sam.user)
    client = sign_in_as_staff(app, settings, world.sam, seed, FIREFOX)
    client_of(app, world.rita)
    text = client.get(PAGE).get_data(as_text=True)
    assert "Firefox on Linux" in text
    assert "by link by e-mail, authenticator app. From 127.0.0.1." in text
    assert text.count("This browser") == 1
    assert "Sign out everywhere else" not in text
    assert text.count('<li class="row') == 1


def test_requirement_09_one_that_is_ended_opens_nothing_and_stays_in_the_list(
    app: Flask, world: World
) -> None:
    client, other = client_of(app, world.vera), client_of(app, world.vera)
    theirs = ids(app)[1]
    assert post(client, f"{PAGE}/{theirs}/end", PAGE).location == PAGE
    assert not is_signed_in(other)
    text = client.get(PAGE).get_data(as_text=True)
    assert "That session is ended." in text
    assert "Ended lately" in text
    assert post(client, f"{PAGE}/{theirs}/end", PAGE).status_code == 303
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "ended a session")).all()
        assert [entry.object_id for entry in entries] == [theirs]


def test_requirement_09_all_others_end_at_once(app: Flask, settings: Settings, world: World) -> None:
    authenticator_of(app, world.sam.user)
    client, others = client_of(app, world.sam), [client_of(app, world.sam) for _ in range(2)]
    waiting = app.test_client()
    post(waiting, operator_link(app, settings, world.sam.email))
    foreign = client_of(app, world.rita)
    assert post(client, f"{PAGE}/end-others", PAGE).location == PAGE
    assert is_signed_in(client, "/schedule")
    assert is_signed_in(foreign, "/schedule")
    assert not any(is_signed_in(other, "/schedule") for other in others)
    assert waiting.get("/sign-in/second").status_code == 410


def test_somebody_elses_session_is_nothing(app: Flask, world: World) -> None:
    other, client = client_of(app, world.pavel), client_of(app, world.vera)
    foreign = ids(app)[0]
    assert post(client, f"{PAGE}/{foreign}/end", PAGE).status_code == 404
    assert post(client, f"{PAGE}/nothing/end", PAGE).status_code == 404
    assert is_signed_in(other)
    assert foreign not in client.get(PAGE).get_data(as_text=True)


def test_one_that_ran_out_has_ended_and_old_ones_are_gone(app: Flask, world: World) -> None:
    for days in (1, 31):
        client_of(app, world.vera)
        newest = update(UserSession).where(UserSession.public_id == ids(app)[-1])
        change(app, newest.values(last_seen_at=clock.now() - timedelta(days=days)))
    text = client_of(app, world.vera).get(PAGE).get_data(as_text=True)
    living, _, ended = text.partition("Ended lately")
    assert living.count('<li class="row') == 1
    assert ended.count('<li class="row') == 1


def test_many_that_ended_come_page_by_page_with_few_queries(
    app: Flask, world: World, count_queries: Callable
) -> None:
    for _ in range(52):
        client_of(app, world.vera)
    change(app, update(UserSession).values(ended_at=clock.now()))
    client = client_of(app, world.vera)
    with count_queries() as queries:
        text = client.get(PAGE).get_data(as_text=True)
    assert len(queries.starting_with("SELECT")) == len(queries) <= 12
    assert text.partition("Ended lately")[2].count('<li class="row') == 50
    older = text.partition(f'href="{PAGE}?before=')[2].partition('"')[0]
    assert client.get(f"{PAGE}?before={older}").get_data(as_text=True).count('<li class="row') == 2
    assert client.get(f"{PAGE}?before=nonsense").status_code == 200


def test_a_long_name_of_a_browser_is_cut_and_shown_as_text(
    app: Flask, settings: Settings, world: World
) -> None:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = "<b>" + "x" * 500
    post(client, operator_link(app, settings, world.vera.email))
    with app.app_context():
        assert len(db.session.scalars(select(UserSession.user_agent)).one()) == 200
    assert "Unknown browser" in client.get(PAGE).get_data(as_text=True)
