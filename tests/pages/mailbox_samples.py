"""The quarantine, and mails about conversations."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from app.desk.letters.letter import DeskMail
from app.desk.mailbox.quarantine_page import QuarantineLine, QuarantinePage
from tests.pages.shared_samples import Sample

LINE = QuarantineLine(
    id="q1",
    sender="vera@nordwind.example",
    subject="Export stops at 10,000 rows",
    excerpt="Hello Sam,\nsince Monday the export stops.",
    reason="Nothing proves that it is from them",
    when="Tue 10:02",
    known_as="Vera Lindqvist, Nordwind",
    contact="vera@nordwind.example",
    can_take=True,
    problem="",
)
STRANGER = replace(
    LINE,
    id="q2",
    sender="a-very-long-address-of-somebody@a-very-long-name-of-a-company.elsewhere.example",
    known_as="",
    contact="",
    excerpt="",
    reason="It cannot be taken apart",
    can_take=False,
)


def samples() -> Iterator[Sample]:
    """Every state."""
    page, staff = "desk/quarantine.html", {"viewer": SimpleNamespace(role="specialist")}
    full = QuarantinePage((LINE, STRANGER), "12", "The mail is gone.", has_errors=False)
    yield "quarantine", page, {"page": full, **staff}
    wrong = replace(LINE, contact="vera@", problem="Enter the address of a contact whom you serve.")
    refused = QuarantinePage((wrong,), "", "", has_errors=True)
    yield "quarantine-refused", page, {"page": refused, "viewer": SimpleNamespace(role="administrator")}
    yield "quarantine-empty", page, {"page": QuarantinePage((), "", "", has_errors=False), **staff}
    mail = DeskMail("Attaché", "Vera Lindqvist, Nordwind writes", (), "Open the request", "https://c.example")
    full_mail = replace(
        mail,
        paragraphs=("First answer by Tuesday.",),
        by="Vera Lindqvist",
        said="It stops.\nAlways.",
        files=("a.log",),
        hints=("Answer this mail.",),
    )
    for part in ("txt", "html"):
        yield f"mail-desk-{part}", f"mail/desk.{part}", {"mail": full_mail}
        yield f"mail-desk-plain-{part}", f"mail/desk.{part}", {"mail": replace(mail, button="", url="")}
