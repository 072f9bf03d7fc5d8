"""What the pages about companies, contacts and people show: plain values in the reader's words."""

from dataclasses import dataclass
from typing import Literal

from app.availability.pages import CalendarState, Presence, Problem


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a list to choose from."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """A control with its label; ``kind`` is an input's type, or ``text area`` or ``select``."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    problem: str = ""
    choices: tuple[Choice, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form: ``button`` says what it does, ``back`` leads to where one came from."""

    section: str
    title: str
    button: str
    fields: tuple[Field, ...]
    back: str
    back_name: str
    problems: tuple[Problem, ...] = ()
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses of the pages before and after one of a list, empty at an end."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class OptionWords:
    """How a company's option stands."""

    state: Literal["ok", "warn", ""]
    text: str


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company in the list."""

    public_id: str
    name: str
    plan: str
    option: OptionWords
    specialist: str
    needs_specialist: bool
    contacts: int


@dataclass(frozen=True, slots=True)
class CompaniesPage:
    """The list, as it is searched and filtered."""

    rows: tuple[CompanyRow, ...]
    text: str
    only: str
    filters: tuple[Choice, ...]
    neighbours: Neighbours


@dataclass(frozen=True, slots=True)
class SpanRow:
    """Days for which the option is paid; ``can_remove`` before they have begun."""

    id: int
    days: str
    price: str
    note: str
    can_remove: bool


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact; ``company`` is left out on the page of the company itself."""

    public_id: str
    name: str
    email: str
    phone: str
    is_active: bool
    company: str = ""
    company_id: str = ""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A coming call."""

    id: str
    when: str
    call_type: str
    contact: str
    specialist: str
    status: str


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of the audit log in words."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Serving:
    """Who serves a company today; ``name`` is empty for nobody."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """One company."""

    public_id: str
    name: str
    plan: str
    note: str
    option: OptionWords
    can_have_option: bool
    can_end: bool
    spans: tuple[SpanRow, ...]
    serving: Serving
    contacts: tuple[ContactRow, ...]
    more_contacts: str
    calls: tuple[CallRow, ...]
    past: tuple[PastLine, ...]
    saved: str = ""


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """All contacts by name.

    ``events_left``: that many past calls of somebody who was erased just now (``is_erased``) still stand in
    specialists' own calendars.
    """

    rows: tuple[ContactRow, ...]
    text: str
    neighbours: Neighbours
    is_erased: bool = False
    events_left: int = 0


@dataclass(frozen=True, slots=True)
class ContactPage:
    """One contact."""

    row: ContactRow
    time_zone: str
    language: str
    past: tuple[PastLine, ...]
    saved: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of ours; ``covered_by`` is empty for nobody, None where nobody has to."""

    public_id: str
    name: str
    initials: str
    role: str
    is_active: bool
    presence: Presence | None
    companies: int
    covered_by: str | None
    calendar: CalendarState | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Our people by name."""

    rows: tuple[PersonRow, ...]
    text: str
    neighbours: Neighbours


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One of our people: the form, whether they are let in, and how many companies they serve today."""

    form: FormPage
    public_id: str
    name: str
    is_active: bool
    is_self: bool
    past: tuple[PastLine, ...]
    saved: str = ""
    companies: int = 0


@dataclass(frozen=True, slots=True)
class DisablePage:
    """Asks before somebody is disabled: what they leave.

    ``stand_in`` serves the companies from then on, empty for nobody; ``stands_in_for`` are those who lose
    their stand-in.
    """

    public_id: str
    name: str
    companies: tuple[str, ...]
    more_companies: int
    calls: tuple[CallRow, ...]
    stand_in: str = ""
    stands_in_for: tuple[str, ...] = ()
