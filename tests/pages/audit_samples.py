"""Contexts for the pages of the audit log and of API tokens."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from app.accounts.tokens.tokens_page import AllTokensPage, ScopeChoice, TokenRow, TokensPage
from app.admin.audit.audit_page import AuditPage, Changed, EntryRow
from tests.pages.shared_samples import Sample

ADA = SimpleNamespace(role="administrator")
VERA = ("Vera Lindqvist", "vera@nordwind.example")
ROWS = (
    TokenRow("t1", *VERA, "CRM", "read, book", "Never", "22 February 2027", False),
    TokenRow("t2", *VERA, "Old one", "read", "3 May 2026", "9 May 2026", True),
)
TOKENS = TokensPage(
    ROWS,
    (
        ScopeChoice("read", "Read: calls, free times, your own data", True),
        ScopeChoice("book", "Book: also book, move and cancel calls", False),
    ),
)
LOG = AuditPage(
    (
        EntryRow(
            "Tue 24 Nov 2026, 10:11:12",
            "Ada Fischer",
            "ada@attache.example",
            "changed",
            "setting",
            "service_window",
            "203.0.113.7",
            (Changed("opens", "09:00", "08:00"), Changed("note", "", "Summer"), Changed("old", "x", "")),
            (("role", "administrator"),),
        ),
        EntryRow("Tue 24 Nov 2026, 10:11:10", "Vera Lindqvist", "vera@nordwind.example", "booked", "booking",
                 "b1", "", (), (("start", "2026-11-25T10:00:00Z"),)),
    ),
    {"verb": "changed", "from": "2026-11-01"},
    ("booked", "changed"),
    ("booking", "setting"),
    4711,
)  # fmt: skip


def samples() -> Iterator[Sample]:
    """Name, template and context."""
    problems = (("name", "Enter a name"), ("scopes", "Choose at least one"), ("days", "From 1 to 365"))
    for name, page in (
        ("tokens", TOKENS),
        ("tokens-new", replace(TOKENS, name="CRM", secret="x" * 32)),
        ("tokens-error", replace(TOKENS, rows=(), problems=problems)),
    ):
        yield name, "accounts/tokens.html", {"page": page}
    for name, rows, older in (("all-tokens", ROWS, 7), ("all-tokens-none", (), None)):
        page = AllTokensPage(rows, older)
        yield name, "accounts/all_tokens.html", {"page": page, "viewer": ADA}
    nothing = replace(LOG, rows=(), fields={}, older=None)
    for name, log in (("audit", LOG), ("audit-none", nothing)):
        yield name, "admin/audit.html", {"page": log, "viewer": ADA}
