"""Specialists, seniors and administrators as the people who keep them see them."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.customers.profiles import SpecialistProfile


@dataclass(frozen=True, slots=True)
class PersonItem:
    """Somebody of ours in a list.

    ``companies`` they serve today (service zone); ``covered_by`` is who stands in while they are away today,
    else the default stand-in; empty for nobody.
    ``profile`` is None for administrators.
    """

    user_id: int
    public_id: str
    name: str
    email: str
    role: str
    is_active: bool
    companies: int
    covered_by: str
    profile: SpecialistProfile | None
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """All that can be changed of one; the fields after ``is_active`` are empty for administrators.

    ``stand_in`` is a public id, ``stand_in_name`` whose.
    """

    user_id: int
    public_id: str
    name: str
    email: str
    role: str
    language: str
    time_zone: str
    is_active: bool
    titles: Mapping[str, str]
    country: str
    region: str
    phone: str
    spoken_languages: str
    room_url: str
    stand_in: str
    stand_in_name: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """The companies of somebody who leaves: how many, and the first few by name."""

    companies: tuple[str, ...]
    company_count: int
