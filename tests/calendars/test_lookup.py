"""Looking at a server that a person named: asked, answered by the worker, accepted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.calendars.connecting.jobs_lookup import look_up, tidy
from app.calendars.connecting.lookup_values import Choices, HoursChoice, default_choices
from app.calendars.connecting.service_lookup import (
    TooManyLookups,
    accept,
    confirm_moved,
    lookup_of,
    start_lookup,
    start_subscription_lookup,
)
from app.calendars.connecting.typed_address import BadAddress
from app.calendars.models import CalendarAccount, CalendarLookup
from app.calendars.service import open_password
from app.config import Settings
from app.lib.sealed import CannotOpen, unseal
from tests.calendars.lookup_world import SECRET, answer, ask, row_of, rows, view
from tests.calendars.odd_server import moved, odd_server, serve
from tests.calendars.world import NOW, add_sam
from tests.support.radicale import Radicale


def test_an_account_is_found_and_accepted(session: Session, settings: Settings, radicale: Radicale) -> None:
    radicale.make_calendar("sam", "work", "Work")
    public_id = ask(session, settings, radicale.url)
    found = view(session, public_id)
    assert (found.state, found.username, found.url) == ("found", "sam", radicale.home("sam"))
    assert found.discovery is not None
    person_id = row_of(session, public_id).person_id
    choices = default_choices(found.discovery)
    account_id = accept(session, NOW, settings, person_id, public_id, choices)
    session.commit()
    account = session.get(CalendarAccount, account_id)
    assert account is not None
    assert open_password(settings, account) == SECRET
    assert rows(session) == {
        ("/sam/work/", "collection", "busy", True),
        ("kept:hours", "kept", "working_hours", False),
    }
    assert view(session, public_id).state == "done"
    with pytest.raises(NotFound):
        accept(session, NOW, settings, person_id, public_id, choices)


def test_the_secret_is_sealed_and_forgotten_when_it_is_not_needed(
    session: Session, settings: Settings, radicale: Radicale
) -> None:
    radicale.make_calendar("sam", "work", "Work")
    public_id = ask(session, settings, radicale.url)
    row = row_of(session, public_id)
    assert SECRET not in row.sealed_secret
    with pytest.raises(CannotOpen):
        unseal(
            settings.sealing_keys, row.sealed_secret, str(row.person_id), "https://x:443", "sam", "password"
        )
    refused = row_of(session, ask(session, settings, radicale.url, password="wrong"))
    assert (refused.state, refused.reason, refused.sealed_secret) == ("failed", "credentials", "")


def test_a_changed_address_makes_the_secret_unreadable(
    session: Session, settings: Settings, radicale: Radicale
) -> None:
    with odd_server() as other:
        radicale.make_calendar("sam", "work", "Work")
        sam = add_sam(session)
        public_id = start_lookup(session, NOW, settings, sam.id, radicale.url, "sam", SECRET)
        row_of(session, public_id).url = f"{other.url}/"
        answer(session, settings, public_id)
        assert view(session, public_id).state == "failed"
        assert other.asked == []


def test_calendars_are_made_by_the_worker_after_accepting(
    session: Session, settings: Settings, radicale: Radicale
) -> None:
    public_id = ask(session, settings, radicale.url)
    person_id = row_of(session, public_id).person_id
    found = view(session, public_id).discovery
    assert found is not None
    assert found.calendars == ()
    choices = Choices({}, None, HoursChoice("new_calendar", "Hours"), "Calls")
    accept(session, NOW, settings, person_id, public_id, choices)
    assert view(session, public_id).state == "making"
    answer(session, settings, public_id)
    assert view(session, public_id).state == "done"
    assert {(source, purpose, calls) for _, source, purpose, calls in rows(session)} == {
        ("collection", "busy", True),
        ("collection", "working_hours", False),
    }
    for href, *_rest in rows(session):
        assert radicale.paths(href) == []


def test_another_origin_is_confirmed_before_it_gets_the_password(
    session: Session, allowing: Callable[..., Settings]
) -> None:
    with odd_server() as first, odd_server() as second:
        first.answers["/"] = moved(f"{second.url}/")
        settings = allowing(first, serve(second))
        public_id = ask(session, settings, first.url)
        assert (view(session, public_id).state, view(session, public_id).url) == ("moved", f"{second.url}/")
        assert second.asked == []
        person_id = row_of(session, public_id).person_id
        further = confirm_moved(session, NOW, settings, person_id, public_id)
        assert confirm_moved(session, NOW, settings, person_id, public_id) == further
        answer(session, settings, further)
        assert (view(session, further).state, view(session, further).url) == ("found", f"{second.url}/me/")
        assert row_of(session, public_id).sealed_secret == ""
        with pytest.raises(NotFound):
            confirm_moved(session, NOW, settings, person_id, further)


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest/", "https://10.0.0.1:22/", "ftp://x/"])
def test_a_redirect_to_what_must_not_be_called_cannot_be_confirmed(
    session: Session, allowing: Callable[..., Settings], location: str
) -> None:
    with odd_server() as server:
        server.answers["/"] = moved(location)
        public_id = ask(session, allowing(server), server.url)
    assert (view(session, public_id).state, view(session, public_id).reason) == ("failed", "address_refused")


def test_a_confirmed_private_address_is_refused_when_it_is_called(
    session: Session, allowing: Callable[..., Settings]
) -> None:
    with odd_server() as server:
        server.answers["/"] = moved("https://10.0.0.1/dav/")
        settings = allowing(server)
        public_id = ask(session, settings, server.url)
        further = confirm_moved(session, NOW, settings, row_of(session, public_id).person_id, public_id)
        answer(session, settings, further)
    assert (view(session, further).state, view(session, further).reason) == ("failed", "address_refused")


def test_ten_look_ups_an_hour_are_enough(session: Session, settings: Settings) -> None:
    sam = add_sam(session)
    for minute in range(10):
        moment = NOW + timedelta(minutes=minute)
        start_lookup(session, moment, settings, sam.id, "https://dav.example/", "sam", "x")
    with pytest.raises(TooManyLookups) as caught:
        start_subscription_lookup(
            session, NOW + timedelta(minutes=30), settings, sam.id, "webcal://x.example/"
        )
    assert caught.value.retry_after == 30 * 60
    later = NOW + timedelta(minutes=61)
    assert start_lookup(session, later, settings, sam.id, "https://dav.example/", "sam", "x")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (("http://dav.example/", "sam", "x"), "http"),
        (("https://dav.example/", "", "x"), "username"),
        (("https://dav.example/", "sam", ""), "password"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(
    session: Session, settings: Settings, typed: tuple[str, str, str], reason: str
) -> None:
    with pytest.raises(BadAddress) as caught:
        start_lookup(session, NOW, settings, 1, *typed)
    assert caught.value.reason == reason


def test_a_look_up_is_its_persons_alone(session: Session, settings: Settings) -> None:
    sam = add_sam(session)
    public_id = start_lookup(session, NOW, settings, sam.id, "https://dav.example/", "sam", "x")
    assert lookup_of(session, sam.id + 1, public_id) is None
    with pytest.raises(NotFound):
        accept(session, NOW, settings, sam.id + 1, public_id, Choices({}, None, HoursChoice("kept")))


def test_look_ups_are_forgotten_after_an_hour(session: Session, settings: Settings) -> None:
    sam = add_sam(session)
    start_lookup(session, NOW, settings, sam.id, "https://dav.example/", "sam", "x")
    session.commit()
    for moment, left in ((NOW + timedelta(minutes=59), 1), (NOW + timedelta(minutes=60), 0)):
        tidy(session, settings, moment)
        assert len(session.scalars(select(CalendarLookup.id)).all()) == left


def test_an_answered_look_up_is_not_asked_again(session: Session, allowing: Callable[..., Settings]) -> None:
    with odd_server() as server:
        settings = allowing(serve(server))
        public_id = ask(session, settings, server.url)
        before = len(server.asked)
        answer(session, settings, public_id)
        assert len(server.asked) == before


def test_an_error_of_ours_is_tried_again_and_then_told(session: Session, settings: Settings) -> None:
    sam = add_sam(session)
    public_id = start_lookup(session, NOW, settings, sam.id, "https://dav.example/", "sam", "x")
    session.commit()
    number = row_of(session, public_id).id

    class Broken:
        caldav_allowed_origins = ()
        sealing_keys = settings.sealing_keys

        @property
        def caldav_ca_file(self) -> str:
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        look_up(session, Broken(), number, 0)  # type: ignore[arg-type]
    assert look_up(session, Broken(), number, 2) is None  # type: ignore[arg-type]
    assert view(session, public_id).reason == "unreadable"
