"""Names and numbers of companies and contacts that nobody knows, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.customers.entitlement import PLAN_WITH_OPTION

_FIRST = ("Anna", "Boris", "Clara", "Dmitri", "Eva", "Felix", "Greta", "Hugo")
_LAST = ("Adler", "Berg", "Čermák", "Dvořák", "Fischer", "Garcia", "Ivanova", "Novak", "Orlov")
_HEAD = ("Alpine", "Baltic", "Delta", "Fjord", "Granite", "Harbour", "Jade", "Lumen")
_TAIL = ("Foods", "Freight", "Glass", "Health", "Labs", "Media", "Optics", "Rail")
_ZONES = ("Europe/Berlin", "Europe/Bratislava", "Europe/London", "Asia/Almaty", "America/New_York")


@dataclass(frozen=True, slots=True)
class MadeCompany:
    """A company; ``starts_on`` is None where it never had the option."""

    name: str
    plan: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class MadeContact:
    """A contact of the company with this number."""

    company: int
    name: str
    email: str
    phone: str
    time_zone: str
    language: str


def made_companies(seed: int, count: int, today: date) -> Iterator[MadeCompany]:
    """So many companies: most with the option, of some of which it ended or ends soon."""
    # Made up, so that anybody may guess it.
    random = Random(seed)  # noqa: S311
    for number in range(count):
        name = f"{random.choice(_HEAD)} {random.choice(_TAIL)} {number:05}"
        chance = random.random()
        if chance < 0.25:
            yield MadeCompany(name, "standard", None, None)
            continue
        ends = today + timedelta(days=random.randint(-200, 400)) if chance < 0.5 else None
        first = today - timedelta(days=random.randint(201, 900))
        yield MadeCompany(name, PLAN_WITH_OPTION, first, ends)


def made_contacts(seed: int, count: int, companies: int) -> Iterator[MadeContact]:
    """So many contacts, spread over so many companies; each company has one while they last."""
    random = Random(seed + 1)  # noqa: S311
    for number in range(count):
        first, last = random.choice(_FIRST), random.choice(_LAST)
        company = number if number < companies else random.randrange(companies)
        yield MadeContact(
            company=company,
            name=f"{first} {last}",
            email=f"contact{number}@company{company}.example",
            phone=f"+49 30 {random.randint(1_000_000, 9_999_999)}",
            time_zone=random.choice(_ZONES),
            language=random.choice(("en", "ru")),
        )
