"""Contexts of the administrator's pages about companies, contacts, people and files."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from app.accounts.people.letter import AddressMail
from app.admin.files.files_page import (
    ChangeRow,
    Column,
    FaultRow,
    FileKind,
    FilesPage,
    PlanPage,
)
from app.admin.record_pages import (
    CallRow,
    Choice,
    CompaniesPage,
    CompanyPage,
    CompanyRow,
    ContactPage,
    ContactRow,
    ContactsPage,
    DisablePage,
    Field,
    FormPage,
    Neighbours,
    OptionWords,
    PastLine,
    PeoplePage,
    PersonPage,
    PersonRow,
    Serving,
    SpanRow,
)
from app.admin.search.search_page import Hit, SearchPage
from app.availability.pages import CalendarState, Presence, Problem
from tests.pages.hand_over_samples import SERVING
from tests.pages.shared_samples import Sample

ADMINISTRATOR = SimpleNamespace(role="administrator")
PAST = (PastLine("Tue 24 Nov, 14:12", "Ada Kovac: changed the company (plan: standard → all_inclusive)"),)
BESIDE = Neighbours("/companies?before=1~A", "/companies?after=9~Z")
FILTERS = (Choice("", "All"), Choice("with", "With the option"), Choice("unserved", "Without a specialist"))
UNTIL = OptionWords("warn", "With the option until 11 December 2026")
ROWS = (
    CompanyRow("c1", "Nordwind", "All inclusive", OptionWords("ok", "With the option"), "Sam", False, 3),
    CompanyRow("c2", "Gesellschaft für " + "lange Namen " * 12, "All inclusive", UNTIL, "", True, 0),
    CompanyRow("c3", "Krause", "Standard", OptionWords("", "Without the option"), "", False, 1),
)
VERA = ContactRow("u1", "Vera Lindqvist", "vera@nordwind.example", "+49 30 5550 1010", True)
GONE = ContactRow("u2", "Vito", "vito@nordwind.example", "", False, "Nordwind", "c1")
CALL = CallRow("b1", "Wed 25 Nov, 14:00–14:30", "Product support", "Vera Lindqvist", "Sam Horvath", "pending")
COMPANY = CompanyPage(
    "c1",
    "Nordwind",
    "All inclusive",
    "Renews each winter",
    UNTIL,
    True,
    True,
    (
        SpanRow(2, "from 1 January 2027", "900.50 EUR a month", "", True),
        SpanRow(1, "1 June 2026 to 11 December 2026", "1000 EUR a month", "Order 4711", False),
    ),
    Serving("Sam Horvath", "Dedicated support specialist"),
    (VERA, GONE),
    "Nordwind",
    (CALL,),
    PAST,
    "saved",
)
FORM = FormPage(
    "companies",
    "Change Nordwind",
    "Save",
    (
        Field("name", "Name", "Nordwind"),
        Field("plan", "Plan", "standard", "select", "Only one has the option", "", (Choice("a", "A"),)),
        Field("note", "Note", "", "text area", is_optional=True),
    ),
    "/companies/c1",
    "Nordwind",
    intro="Words before the form.",
)
WRONG = replace(
    FORM,
    problems=(Problem("name", "Name: This is left empty"),),
    fields=(replace(FORM.fields[0], problem="This is left empty"), *FORM.fields[1:]),
)
IN, IN_STEP = Presence("in", "In now, until 17:00"), CalendarState("ok", "In step, 10:11")
LOST = CalendarState("bad", "Not reached; last in step: Tue 24 Nov, 08:40")
PEOPLE = (
    PersonRow("p1", "Sam Horvath", "SH", "Specialist", True, IN, 24, "Rita", IN_STEP),
    PersonRow("p2", "Rita Weiss", "RW", "Specialist", True, Presence("away", "Away"), 21, "", LOST),
    PersonRow("p3", "Ada Kovac", "AK", "Administrator", True, None, 0, None, None),
    PersonRow("p4", "Mira Costa", "MC", "Specialist", False, None, 2, None, None),
)
PERSON = PersonPage(FORM, "p1", "Sam Horvath", True, False, PAST, "saved")
HITS = (
    Hit("admin.company", "company_id", "c1", "Nordwind", "Company"),
    Hit("contacts.contact", "contact_id", "u1", "Vera Lindqvist", "vera@nordwind.example, Nordwind"),
)
FILES = FilesPage(
    (
        FileKind("companies", "Companies", (Column("name", "up to 200 characters"),)),
        FileKind("contacts", "Contacts", (Column("email", "tells contacts apart"),), "Choose a file"),
    ),
    "added: 1, changed: 2, unchanged: 3",
    True,
)
CHANGES = (
    ChangeRow(2, "Nordwind", False, "note: – → Renews each winter"),
    ChangeRow(3, "Öl & Söhne", True, "plan: standard"),
)
PLAN = PlanPage("f1", "Import: Companies", "added: 1, changed: 1", "abc", CHANGES, 4, (), 0, True)
FAULTS = (FaultRow(2, "plan", "Choose one of the entries offered", "gold"), FaultRow(3, "", "Quotes", ""))
FAULTY = replace(PLAN, changes=(), more_changes=0, faults=FAULTS, more_faults=7, can_take=False)


def company_samples() -> Iterator[Sample]:
    """Every page in its states."""
    for name, template, page in _pages():
        context: dict[str, Any] = {"page": page, "viewer": ADMINISTRATOR, "serving": SERVING}
        yield name, f"admin/{template}.html", context
    mail = {"mail": AddressMail("Attaché", "Vera Lindqvist", "support@attache.example")}
    for ending in ("txt", "html"):
        yield f"address-changed-{ending}", f"mail/address_changed.{ending}", mail


def _pages() -> Iterator[tuple[str, str, object]]:
    yield "companies", "companies", CompaniesPage(ROWS, "nord", "with", FILTERS, BESIDE)
    yield "companies-none", "companies", CompaniesPage((), "", "", FILTERS, Neighbours())
    yield "company", "company", COMPANY
    bare = replace(COMPANY, spans=(), contacts=(), more_contacts="", calls=(), past=(), saved="")
    yield (
        "company-bare",
        "company",
        replace(bare, serving=Serving("", ""), can_have_option=False, can_end=False),
    )
    with_company = replace(VERA, company="Nordwind", company_id="c1")
    yield "contacts", "contacts", ContactsPage((with_company, GONE), "v", BESIDE)
    yield "contacts-none", "contacts", ContactsPage((), "", Neighbours(), True, 2)
    yield "contact", "contact", ContactPage(with_company, "Europe/Berlin", "en", PAST, "disabled")
    yield "contact-gone", "contact", ContactPage(GONE, "Europe/Berlin", "en", ())
    yield "company-form", "form", FORM
    yield "company-form-error", "form", WRONG
    yield "people", "people", PeoplePage(PEOPLE, "", BESIDE)
    yield "people-none", "people", PeoplePage((), "x", Neighbours())
    yield "person", "person", PERSON
    yield "person-error", "person", replace(PERSON, form=WRONG, is_active=False)
    yield "person-self", "person", replace(PERSON, is_self=True, saved="")
    yield "disable", "disable", DisablePage("p1", "Sam Horvath", ("Nordwind", "Sever"), 12, (CALL,))
    covered = DisablePage("p1", "Sam", ("Nordwind",), 0, (), "Rita Weiss", ("Rita Weiss", "Lev Orlov"))
    yield "disable-covered", "disable", covered
    yield "disable-bare", "disable", DisablePage("p3", "Lev Orlov", (), 0, ())
    yield "search", "search", SearchPage("nord", HITS, True)
    yield "search-none", "search", SearchPage("zzz", (), False)
    yield "search-empty", "search", SearchPage("", (), False)
    yield "files", "files", FILES
    yield "file", "file", PLAN
    yield "file-faults", "file", replace(FAULTY, problem="Some lines cannot be taken.")
