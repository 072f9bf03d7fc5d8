"""An account as an operator types it, read by the rules of all names and addresses."""

from dataclasses import dataclass, replace

from email_validator import EmailNotValidError, validate_email

from app.accounts.values import CONTACT, ROLES, SENIOR, SPECIALIST
from app.customers.users.errors import UserRefused
from app.lib.text import UncleanText, one_line
from app.lib.zones import is_zone

ENGINEERS = (SPECIALIST, SENIOR)


@dataclass(frozen=True, slots=True)
class NewUser:
    """``company`` is the name of a contact's, ``country`` (ISO 3166-1) where an engineer's holidays are."""

    email: str
    name: str
    role: str
    language: str
    time_zone: str
    company: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A role that somebody is to have, with what belongs to it; the country may be known already."""

    role: str
    company: str = ""
    country: str = ""


def checked(user: NewUser, languages: tuple[str, ...]) -> NewUser:
    """The same, cleaned.

    Raises UserRefused, which says what is wrong in one line.
    """
    try:
        name = one_line(user.name)
        address = validate_email(user.email.strip(), check_deliverability=False, allow_smtputf8=False)
    except UncleanText as error:
        raise UserRefused(f"the name: {error}") from None
    except EmailNotValidError:
        raise UserRefused(f"{user.email!r} is not an e-mail address") from None
    if user.language not in languages:
        raise UserRefused(f"the language is one of {', '.join(languages)}")
    if not is_zone(user.time_zone):
        raise UserRefused(f"{user.time_zone!r} is not an IANA time zone like Europe/Bratislava")
    country = checked_belongings(user.role, user.company, user.country)
    return replace(user, name=name, email=address.normalized.lower(), country=country)


def checked_belongings(role: str, company: str, country: str) -> str:
    """The country in capitals, when what a role has besides is there.

    Raises UserRefused.
    """
    if role not in ROLES:
        raise UserRefused(f"the role is one of {', '.join(ROLES)}")
    if (role == CONTACT) is not bool(company.strip()):
        raise UserRefused("a contact has a company, and nobody else has")
    code = country.strip().upper()
    if role in ENGINEERS and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise UserRefused("specialists and seniors have a country, two letters as in ISO 3166-1")
    if role not in ENGINEERS and code:
        raise UserRefused("specialists and seniors have a country, and nobody else has")
    return code
