"""The people, companies and call types that demo data and tests share (mission: the people)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.accounts.values import ADMINISTRATOR, CONTACT, SENIOR, SPECIALIST


@dataclass(frozen=True, slots=True)
class CastCompany:
    """A customer; ``specialist`` is the address of who serves it, if it has the option."""

    name: str
    plan: str
    specialist: str = ""


@dataclass(frozen=True, slots=True)
class CastPerson:
    """Somebody of the cast; the fields after ``time_zone`` are those of contacts and specialists."""

    email: str
    name: str
    role: str
    language: str
    time_zone: str
    phone: str = ""
    company: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    country: str = ""
    spoken_languages: str = ""
    room_url: str = ""
    stands_for: str = ""

    @property
    def short_name(self) -> str:
        """What comes before the @; also the name on the embedded calendar server."""
        return self.email.partition("@")[0]


@dataclass(frozen=True, slots=True)
class CastCallType:
    """A kind of call; lengths in minutes."""

    slug: str
    names: Mapping[str, str]
    hints: Mapping[str, str]
    length: int
    buffer_before: int
    buffer_after: int
    notice: int
    move_notice: int
    daily_cap: int


COMPANIES = (
    CastCompany("Nordwind", "all_inclusive", "sam@attache.example"),
    CastCompany("Sever", "all_inclusive", "sam@attache.example"),
    CastCompany("Lynx", "all_inclusive", "rita@attache.example"),
    CastCompany("Krause", "standard"),
)

PEOPLE = (
    CastPerson(
        "vera@nordwind.example",
        "Vera Lindqvist",
        CONTACT,
        "en",
        "Europe/Berlin",
        phone="+49 30 5550 1010",
        company="Nordwind",
        stands_for="a customer with the option, served by Sam",
    ),
    CastPerson(
        "pavel@sever.example",
        "Pavel Orekhov",
        CONTACT,
        "ru",
        "Asia/Yekaterinburg",
        phone="+7 343 555 0101",
        company="Sever",
        stands_for="a customer with the option, served by Sam, in Russian",
    ),
    CastPerson(
        "mallory@lynx.example",
        "Mallory Reed",
        CONTACT,
        "en",
        "Europe/London",
        phone="+44 20 7946 0101",
        company="Lynx",
        stands_for="a customer with the option, served by Rita",
    ),
    CastPerson(
        "otto@krause.example",
        "Otto Krause",
        CONTACT,
        "en",
        "Europe/Berlin",
        phone="+49 89 5550 1011",
        company="Krause",
        stands_for="a customer without the option",
    ),
    CastPerson(
        "sam@attache.example",
        "Sam Horvath",
        SPECIALIST,
        "en",
        "Europe/Bratislava",
        phone="+421 2 5550 1001",
        titles={"en": "Dedicated support specialist", "ru": "Персональный специалист поддержки"},
        country="SK",
        spoken_languages="en,ru,sk",
        room_url="https://meet.attache.example/sam",
        stands_for="a dedicated specialist",
    ),
    CastPerson(
        "rita@attache.example",
        "Rita Weiss",
        SPECIALIST,
        "en",
        "Europe/Berlin",
        phone="+49 30 5550 1002",
        titles={"en": "Dedicated support specialist", "ru": "Персональный специалист поддержки"},
        country="DE",
        spoken_languages="en,de",
        room_url="https://meet.attache.example/rita",
        stands_for="a dedicated specialist",
    ),
    CastPerson(
        "lev@attache.example",
        "Lev Orlov",
        SENIOR,
        "ru",
        "Europe/Bratislava",
        phone="+421 2 5550 1003",
        titles={"en": "Senior support engineer", "ru": "Старший инженер поддержки"},
        country="SK",
        spoken_languages="en,ru",
        room_url="https://meet.attache.example/lev",
        stands_for="a senior engineer (level 2)",
    ),
    CastPerson(
        "ada@attache.example",
        "Ada Kovac",
        ADMINISTRATOR,
        "en",
        "Europe/Bratislava",
        stands_for="the administrator",
    ),
)

CALL_TYPES = (
    CastCallType(
        "product-support",
        {"en": "Product support", "ru": "Помощь с продуктом"},
        {"en": "Something does not work as it should", "ru": "Что-то работает не так, как нужно"},
        length=30,
        buffer_before=0,
        buffer_after=0,
        notice=120,
        move_notice=120,
        daily_cap=8,
    ),
    CastCallType(
        "feature-training",
        {"en": "Feature training", "ru": "Обучение"},
        {"en": "Learn how to use a part of the product", "ru": "Как пользоваться частью продукта"},
        length=60,
        buffer_before=0,
        buffer_after=15,
        notice=1440,
        move_notice=240,
        daily_cap=3,
    ),
    CastCallType(
        "feature-request",
        {"en": "Feature request", "ru": "Пожелание к продукту"},
        {"en": "Tell us what the product should do", "ru": "Расскажите, чего не хватает в продукте"},
        length=30,
        buffer_before=0,
        buffer_after=0,
        notice=240,
        move_notice=120,
        daily_cap=4,
    ),
)


# Those of the cast with calendars on the embedded server.
CALENDAR_OWNERS = ("sam", "rita", "lev")


def person(short_name: str) -> CastPerson:
    """Somebody of the cast by the name before the @.

    Raises KeyError, naming the value.
    """
    for member in PEOPLE:
        if member.short_name == short_name:
            return member
    raise KeyError(short_name)


# Who serves while somebody is away, by address.
STAND_INS: Mapping[str, str] = {
    "sam@attache.example": "rita@attache.example",
    "rita@attache.example": "sam@attache.example",
}
