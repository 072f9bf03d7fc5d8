"""Companies in an administrator's words: the list, one of them, its forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from app.accounts.values import AuditFact
from app.admin.record_pages import (
    CallRow,
    Choice,
    CompaniesPage,
    CompanyPage,
    CompanyRow,
    ContactRow,
    Field,
    FormPage,
    Neighbours,
    Serving,
    SpanRow,
)
from app.admin.record_words_page import (
    day_words,
    language_field,
    option_words,
    past_lines,
    plan_name,
    price_words,
    zone_field,
)
from app.booking.in_words import Reader, first_name
from app.booking.standing_page import standing_words
from app.booking.values import CallValue
from app.customers.companies.values import Company, CompanyItem, Only, Span
from app.customers.contacts.values import ContactItem
from app.customers.entitlement import PLAN_WITH_OPTION, is_entitled
from app.customers.roster import Served
from app.customers.typed.edited import PLANS
from app.lib import wording


def _today(item: CompanyItem) -> str:
    """Who serves a company today, and for whom."""
    if not item.stands_in_for:
        return item.specialist
    return _("%(stand_in)s, for %(name)s", stand_in=item.specialist, name=first_name(item.stands_in_for))


def companies_page(
    items: Sequence[CompanyItem], text: str, only: Only, neighbours: Neighbours, today: date, language: str
) -> CompaniesPage:
    """The list."""
    names = {
        Only.ALL: _("All"),
        Only.WITH: _("With the option"),
        Only.WITHOUT: _("Without the option"),
        Only.ENDING: _("Option ends within 30 days"),
        Only.UNSERVED: _("Without a specialist"),
    }
    rows = tuple(
        CompanyRow(
            public_id=item.public_id,
            name=item.name,
            plan=plan_name(item.plan),
            option=option_words(item.option, today, language),
            specialist=_today(item),
            needs_specialist=is_entitled(item.option, today) and not item.specialist,
            contacts=item.contacts,
        )
        for item in items
    )
    filters = tuple(Choice(str(value), name) for value, name in names.items())
    return CompaniesPage(rows, text, str(only), filters, neighbours)


@dataclass(frozen=True, slots=True)
class Known:
    """What the page of a company is made from; ``contacts`` are the first ones, by name."""

    company: Company
    served: Served | None
    contacts: Sequence[ContactItem]
    has_more: bool
    calls: Sequence[CallValue]
    past: Sequence[AuditFact]


def _serving(served: Served | None, language: str) -> Serving:
    if served is None or served.by is None:
        return Serving("", standing_words([served], language))
    return Serving(served.by.name, standing_words([served], language) or served.by.title(language))


def company_page(known: Known, reader: Reader, today: date, saved: str = "") -> CompanyPage:
    """The page of one company; ``today`` is the day of the service zone."""
    company = known.company
    return CompanyPage(
        public_id=company.public_id,
        name=company.name,
        plan=plan_name(company.plan),
        note=company.note,
        option=option_words(company.option, today, reader.language),
        can_have_option=company.plan == PLAN_WITH_OPTION,
        can_end=any(span.ends_on is None or span.ends_on >= today for span in company.spans),
        spans=tuple(_span(span, today, reader.language) for span in reversed(company.spans)),
        serving=_serving(known.served, reader.language),
        contacts=tuple(contact_row(item) for item in known.contacts),
        more_contacts=company.name if known.has_more else "",
        calls=tuple(call_row(call, reader) for call in known.calls),
        past=past_lines(known.past, reader),
        saved=saved,
    )


def _span(span: Span, today: date, language: str) -> SpanRow:
    first = day_words(span.starts_on, language)
    days = (
        _("from %(first)s", first=first)
        if span.ends_on is None
        else _("%(first)s to %(last)s", first=first, last=day_words(span.ends_on, language))
    )
    price = _("%(amount)s EUR a month", amount=price_words(span.price_cents))
    return SpanRow(span.id, days, price, span.note, can_remove=span.starts_on > today)


def contact_row(item: ContactItem, *, with_company: bool = False) -> ContactRow:
    """A contact in a list."""
    company = (item.company, item.company_public_id) if with_company else ("", "")
    return ContactRow(item.public_id, item.name, item.email, item.phone, item.is_active, *company)


def call_row(call: CallValue, reader: Reader) -> CallRow:
    """A coming call."""
    day = wording.day_short(wording.local_date(call.start, reader.zone), reader.language)
    return CallRow(
        id=call.public_id,
        when=f"{day}, {wording.span(call.span, reader.zone)}",
        call_type=call.call_type_name(reader.language),
        contact=call.contact_name,
        specialist=call.specialist.name,
        status="confirmed" if call.status == "confirmed" else "pending",
    )


def company_form(typed: Mapping[str, str], back: str, back_name: str, name: str = "") -> FormPage:
    """Name, plan, note; of a new company when it has no name yet."""
    plans = tuple(Choice(plan, plan_name(plan)) for plan in PLANS)
    hint = _("Only “All inclusive” can have the option")
    fields = (
        Field("name", _("Name"), typed.get("name", "")),
        Field("plan", _("Plan"), typed.get("plan", "standard"), "select", hint, choices=plans),
        Field("note", _("Note"), typed.get("note", ""), "text area", _("Only we read it"), is_optional=True),
    )
    if name:
        return FormPage("companies", _("Change %(name)s", name=name), _("Save"), fields, back, back_name)
    return FormPage("companies", _("New company"), _("Add the company"), fields, back, back_name)


def span_form(typed: Mapping[str, str], back: str, back_name: str, *, is_new: bool) -> FormPage:
    """Days, price and note of the option."""
    last = _("Its last day; empty for no end")
    fields = (
        Field(
            "starts_on", _("First day"), typed.get("starts_on", ""), "date", _("In the service's time zone")
        ),
        Field("ends_on", _("Last day"), typed.get("ends_on", ""), "date", last, is_optional=True),
        Field("price", _("Price a month in EUR"), typed.get("price", "1000")),
        Field("note", _("Note"), typed.get("note", ""), "text area", _("Only we read it"), is_optional=True),
    )
    title = _("Add the option") if is_new else _("Change the option")
    button = _("Add the option") if is_new else _("Save")
    return FormPage("companies", title, button, fields, back, back_name)


def end_form(typed: Mapping[str, str], back: str, back_name: str) -> FormPage:
    """The last day of the option, whatever spans reach beyond."""
    field = Field("ends_on", _("Last day"), typed.get("ends_on", ""), "date")
    intro = _(
        "From the next day on no times are offered. What is booked by then stays booked, for later days too."
    )
    return FormPage(
        "companies", _("End the option"), _("End the option"), (field,), back, back_name, intro=intro
    )


def contact_form(
    typed: Mapping[str, str], now: datetime, back: str, back_name: str, name: str = ""
) -> FormPage:
    """All of a contact; of a new one when there is no name yet."""
    hint = _("Sign-in links go there. When it changes, the old address is told and its links work no more.")
    fields = (
        Field("name", _("Name"), typed.get("name", "")),
        Field("email", _("E-mail address"), typed.get("email", ""), "email", hint if name else ""),
        Field("phone", _("Phone number"), typed.get("phone", ""), "tel", is_optional=True),
        zone_field(typed.get("time_zone", ""), now),
        language_field(typed.get("language", "en")),
    )
    if name:
        return FormPage("contacts", _("Change %(name)s", name=name), _("Save"), fields, back, back_name)
    return FormPage("contacts", _("New contact"), _("Add the contact"), fields, back, back_name)
