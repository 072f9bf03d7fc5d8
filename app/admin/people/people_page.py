"""Our people in an administrator's words: who looks after whom, who steps in, and the form of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from babel import Locale
from flask_babel import gettext as _

from app.accounts.values import SPECIALIST
from app.admin.overview_page import calendar_words
from app.admin.record_pages import Choice, Field, FormPage, Neighbours, PeoplePage, PersonRow
from app.admin.record_words_page import language_field, role_name, zone_field
from app.availability.offer import PersonStanding
from app.booking.in_words import Reader, presence_pill
from app.customers.people.values import PersonDetail, PersonItem
from app.customers.profiles import SpecialistProfile
from app.customers.typed.edited import STAFF_ROLES, countries


def people_page(
    items: Sequence[PersonItem],
    standings: Mapping[int, PersonStanding],
    text: str,
    neighbours: Neighbours,
    reader: Reader,
    now: datetime,
) -> PeoplePage:
    """The list; ``standings`` by user id, of those who have a calendar or could have one."""
    rows = tuple(_row(item, standings.get(item.user_id), reader, now) for item in items)
    return PeoplePage(rows, text, neighbours)


def _row(item: PersonItem, standing: PersonStanding | None, reader: Reader, now: datetime) -> PersonRow:
    is_there = item.is_active and standing is not None
    words = item.name.split()
    return PersonRow(
        public_id=item.public_id,
        name=item.name,
        initials="".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "",
        role=role_name(item.role),
        is_active=item.is_active,
        presence=presence_pill(standing.presence, reader, now) if standing and is_there else None,
        companies=item.companies,
        covered_by=_cover(item),
        calendar=calendar_words(standing.calendar, reader) if standing and is_there else None,
    )


def _cover(item: PersonItem) -> str | None:
    """Who stands in for a specialist, today if they are away; empty for nobody, None where nobody has to."""
    if item.role != SPECIALIST or not item.is_active:
        return None
    if item.is_away and item.covered_by:
        return _("%(name)s, today", name=item.covered_by)
    return item.covered_by


def person_typed(person: PersonDetail) -> dict[str, str]:
    """Somebody as the form has them."""
    names = (
        "name",
        "email",
        "role",
        "language",
        "time_zone",
        "country",
        "region",
        "phone",
        "room_url",
        "stand_in",
    )
    titles = {f"title_{code}": person.titles.get(code, "") for code in ("en", "ru")}
    spoken = ", ".join(code for code in person.spoken_languages.split(",") if code)
    return {**{name: getattr(person, name) for name in names}, **titles, "spoken_languages": spoken}


def person_form(
    typed: Mapping[str, str],
    others: Sequence[SpecialistProfile],
    now: datetime,
    language: str,
    back: str,
    found: PersonDetail | None = None,
) -> FormPage:
    """All of a person; ``others`` can stand in. Of a new one when nobody is ``found``."""
    name = found.name if found else ""
    roles = tuple(Choice(role, role_name(role)) for role in STAFF_ROLES)
    fields = (
        Field("name", _("Name"), typed.get("name", "")),
        Field("email", _("E-mail address"), typed.get("email", ""), "email"),
        Field("role", _("Role"), typed.get("role", SPECIALIST), "select", choices=roles),
        zone_field(typed.get("time_zone", ""), now),
        language_field(typed.get("language", "en")),
        *_specialist_fields(typed, _stand_ins(others, found), language),
    )
    intro = _(
        "What stands below the language is for specialists and seniors; administrators need none of it."
    )
    title = _("Change %(name)s", name=name) if name else _("New person")
    button = _("Save") if name else _("Add the person")
    return FormPage("people", title, button, fields, back, _("People and cover"), intro=intro)


def _stand_ins(others: Sequence[SpecialistProfile], found: PersonDetail | None) -> tuple[Choice, ...]:
    """Nobody, all others, and who it is now though their account is closed."""
    choices = [Choice("", _("Nobody"))]
    choices += [
        Choice(other.public_id, other.name)
        for other in others
        if found is None or other.user_id != found.user_id
    ]
    if found and found.stand_in not in {choice.value for choice in choices}:
        choices.append(Choice(found.stand_in, _("%(name)s (disabled)", name=found.stand_in_name)))
    return tuple(choices)


def _specialist_fields(
    typed: Mapping[str, str], stand_ins: tuple[Choice, ...], language: str
) -> tuple[Field, ...]:
    languages = _("Codes with commas, like en, ru; customers read the names")
    return (
        Field("title_en", _("Job title in English"), typed.get("title_en", ""), is_optional=True),
        Field("title_ru", _("Job title in Russian"), typed.get("title_ru", ""), is_optional=True),
        Field(
            "country",
            _("Country"),
            typed.get("country", ""),
            "select",
            _("Decides the public holidays"),
            choices=_countries(language),
        ),
        Field(
            "region",
            _("Region"),
            typed.get("region", ""),
            hint=_("Its code without the country, where regions have holidays of their own: BY for Bavaria"),
            is_optional=True,
        ),
        Field("phone", _("Phone number"), typed.get("phone", ""), "tel", is_optional=True),
        Field("spoken_languages", _("Languages spoken"), typed.get("spoken_languages", ""), hint=languages),
        Field("room_url", _("Video room"), typed.get("room_url", ""), "url", is_optional=True),
        Field(
            "stand_in",
            _("Covered by"),
            typed.get("stand_in", ""),
            "select",
            _("Serves while they are away, unless the time off names somebody"),
            choices=stand_ins,
        ),
    )


@lru_cache(maxsize=8)
def _countries(language: str) -> tuple[Choice, ...]:
    names = Locale.parse(language).territories
    found = sorted((names.get(code, code), code) for code in countries())
    return (Choice("", "–"), *(Choice(code, name) for name, code in found))
