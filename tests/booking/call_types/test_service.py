"""Making and changing call types, in the database and in the audit log."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import history
from app.booking import service
from app.booking.call_types.edited import read_call_type, typed_new
from app.booking.errors import LastCallType
from app.booking.models import CallTypeChange
from tests.booking.core.desk import NOW
from tests.world import World, build_world

pytestmark = pytest.mark.postgres


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, NOW)


def new_values(name: str = "Launch review") -> dict[str, Any]:
    return dict(read_call_type(typed_new("en") | {"name_en": name, "name_ru": "Запуск"}).values)


def changes(session: Session, slug: str) -> list[tuple[str, str, Any]]:
    return [(fact.actor, fact.verb, fact.detail) for fact in history(session, "call_type", slug)]


def test_a_call_type_is_made_last_and_offered(session: Session, world: World) -> None:
    slug = service.make_call_type(session, NOW, world.ada.user, new_values())
    assert slug == "launch-review"
    assert service.call_types(session)[-1].names == {"en": "Launch review", "ru": "Запуск"}
    ((actor, verb, detail),) = changes(session, slug)
    assert (actor, verb) == (world.ada.user.name, "call_type_made")
    assert detail["changes"]["length"] == [None, 30]


def test_slugs_are_unique_and_never_an_address_of_the_pages(session: Session, world: World) -> None:
    names = ("New", "Product support", "Помощь", "Помощь")
    made = [service.make_call_type(session, NOW, world.ada.user, new_values(name)) for name in names]
    assert made == ["new-2", "product-support-2", "x", "x-2"]


def test_a_change_is_written_down_before_and_after_and_only_where_it_differs(
    session: Session, world: World
) -> None:
    values = {"length": 45, "grid": 30, "weekly_cap": 5}
    service.change_call_type(session, NOW, world.ada.user, "product-support", values)
    assert service.call_type(session, "product-support").rules.weekly_cap == 5
    ((_actor, verb, detail),) = changes(session, "product-support")
    assert (verb, detail) == ("call_type_changed", {"changes": {"length": [30, 45], "weekly_cap": [0, 5]}})
    service.change_call_type(session, NOW, world.ada.user, "product-support", values)
    assert len(changes(session, "product-support")) == 1


def test_the_last_call_type_cannot_be_switched_off(session: Session, world: World) -> None:
    first, *others = [item.slug for item in service.call_types(session)]
    for slug in others:
        service.change_call_type(session, NOW, world.ada.user, slug, {"is_active": False})
        with pytest.raises(NotFound):
            service.call_type(session, slug)
    with pytest.raises(LastCallType):
        service.change_call_type(session, NOW, world.ada.user, first, {"is_active": False})
    assert [item.slug for item in service.call_types(session)] == [first]
    assert len(service.call_types(session, even_inactive=True)) == 1 + len(others)


def test_what_differs_for_a_specialist_is_kept_changed_and_taken_back(session: Session, world: World) -> None:
    sam = (world.sam.id, "Sam")
    for rules in ({"length": 45}, {"length": 50, "ways": ["video"]}, {}):
        service.change_for_specialist(session, NOW, world.ada.user, "product-support", sam, rules)
        kept = service.call_type(session, "product-support").changes
        assert kept == ({world.sam.id: rules} if rules else {})
    assert session.scalars(select(CallTypeChange.id)).all() == []
    details = [detail for _actor, _verb, detail in changes(session, "product-support")]
    assert [detail["specialist"] for detail in details] == ["Sam"] * 3
    assert details[1]["changes"] == {"length": [45, 50], "ways": [None, ["video"]]}
    assert details[2]["changes"] == {"length": [50, None], "ways": [["video"], None]}


def test_an_unknown_call_type_is_not_found(session: Session, world: World) -> None:
    for slug in ("massage", "a\x00b"):
        with pytest.raises(NotFound):
            service.change_call_type(session, NOW, world.ada.user, slug, {})
