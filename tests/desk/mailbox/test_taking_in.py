"""Mail to the dedicated address: what becomes a message, what waits, and who is told."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.customers.contacts.service import add_contact
from app.desk.mailbox.models import QuarantinedMail
from app.desk.requests import service as requests
from app.desk.requests.values import ClockName, RequestState
from app.desk.values import Channel, Side
from app.lib.db import write
from app.mail.draft import Draft, Party
from app.mail.service import post
from tests.desk.mailbox.conftest import HOUR, MONDAY, SUNDAY, Mailroom, body_of
from tests.support.dovecot import Dovecot

VERA, SAM, PAVEL = "vera@nordwind.example", "sam@attache.example", "pavel@sever.example"
KLARA = "klara@nordwind.example"


def waiting(mailroom: Mailroom) -> list[tuple[str, str]]:
    mailroom.session.rollback()
    rows = mailroom.session.scalars(select(QuarantinedMail).order_by(QuarantinedMail.id))
    return [(row.sender, row.reason) for row in rows]


@pytest.mark.parametrize("server", ["fake_mailbox", "dovecot"])
def test_vera_writes_sam_answers_from_his_mail_program_and_the_first_clock_is_met(
    mailroom: Mailroom, server: str, request: pytest.FixtureRequest, make_settings: object
) -> None:
    box = request.getfixturevalue(server)
    if isinstance(box, Dovecot):
        box.clear()
        mailroom.box = box
        mailroom.settings = make_settings(  # type: ignore[operator]
            IMAP_URL=box.url, MAIL_AUTHSERV_ID="mx.attache.example"
        )
    assert mailroom.arrives(mailroom.mail(f"Vera <{VERA}>")) == "taken"
    (opened,) = mailroom.requests()
    assert opened.severity == 5 and opened.conversation.subject == "Export stops"
    (receipt,) = mailroom.letters(VERA)
    assert receipt["Auto-Submitted"] == "auto-replied" and receipt["Subject"] == "[R-1001] Export stops"
    assert receipt["In-Reply-To"] == "<mail-1@elsewhere.example>"
    assert "Sam Horvath answers by Tuesday 1 December, 10:00" in body_of(receipt)

    (told,) = mailroom.letters(SAM)
    assert "The export stops." in body_of(told)
    mailroom.now = MONDAY + HOUR
    quoted = "Which one?\n\nOn Mon, 30 Nov 2026, Vera <v@n.example> wrote:\n> The export stops.\n"
    assert mailroom.arrives(mailroom.answer(told, SAM, quoted)) == "taken"
    (answered,) = mailroom.requests()
    assert answered.state is RequestState.IN_WORK
    assert answered.clocks[ClockName.FIRST_RESPONSE].met_at == mailroom.now
    said = [(item.side, item.text, item.channel) for item in mailroom.messages(answered.conversation.id)]
    assert said[1] == (Side.STAFF, "Which one?", Channel.MAIL)
    passed_on = mailroom.letters(VERA)[-1]
    assert "Which one?" in body_of(passed_on) and passed_on["Subject"] == receipt["Subject"]
    assert "Sam Horvath" in passed_on["From"]
    assert passed_on["In-Reply-To"] == "<mail-1@elsewhere.example>"
    assert str(receipt["Message-ID"]) in passed_on["References"]

    mailroom.arrives(mailroom.answer(passed_on, VERA, "All of them."))
    assert [item.text for item in mailroom.messages(answered.conversation.id)][2] == "All of them."
    assert len(mailroom.requests()) == 1 and all(flags == {"\\Seen"} for flags in box.flags())


def test_a_mail_of_nobody_whom_we_know_reaches_no_conversation_and_no_answer(mailroom: Mailroom) -> None:
    assert mailroom.arrives(mailroom.mail("someone@elsewhere.example")) == "quarantined"
    assert mailroom.conversations() == [] and mailroom.letters("someone@elsewhere.example") == []
    assert waiting(mailroom) == [("someone@elsewhere.example", "unknown")]


def test_a_mail_in_a_known_name_without_proof_waits(mailroom: Mailroom) -> None:
    assert mailroom.arrives(mailroom.mail(VERA, is_proven=False)) == "quarantined"
    assert mailroom.conversations() == [] and waiting(mailroom) == [(VERA, "unproven")]


def test_a_secret_address_proves_its_own_person_alone(mailroom: Mailroom) -> None:
    mailroom.arrives(mailroom.mail(VERA))
    (told,) = mailroom.letters(SAM)
    assert mailroom.arrives(mailroom.answer(told, "rita@attache.example", "Not mine")) == "quarantined"
    assert mailroom.arrives(mailroom.answer(told, VERA, "Not mine")) == "quarantined"
    (opened,) = mailroom.requests()
    assert opened.state is RequestState.NEW


def test_a_reference_leads_home_and_a_foreign_one_nowhere(mailroom: Mailroom) -> None:
    mailroom.arrives(mailroom.mail(VERA))
    mailroom.arrives(mailroom.mail(VERA, "More", subject="Again: [R-1001] export"))
    mailroom.arrives(mailroom.mail(PAVEL, "Mine", subject="[R-1001] Export stops"))
    mailroom.arrives(mailroom.mail(PAVEL, "Mine", In_Reply_To="<mail-1@elsewhere.example>"))
    hers, *his = mailroom.requests()
    assert [item.text for item in mailroom.messages(hers.conversation.id)] == ["The export stops.", "More"]
    assert {item.conversation.company_name for item in his} == {"Sever"} and len(his) == 2


def test_an_internal_note_by_mail_stays_among_us(mailroom: Mailroom) -> None:
    mailroom.arrives(mailroom.mail(VERA))
    (told,) = mailroom.letters(SAM)
    mailroom.arrives(mailroom.answer(told, SAM, "#internal\nShe is right."))
    (opened,) = mailroom.requests()
    note = mailroom.messages(opened.conversation.id)[1]
    assert note.is_internal and note.text == "She is right." and opened.state is RequestState.NEW
    assert len(mailroom.letters(VERA)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff#internal\nShe is right.",
        "On Mon, 30 Nov 2026, Vera <v@n.example> wrote:\n> One?\n#internal\nShe is right.\n> Two?\nNo.",
    ],
)
def test_a_note_is_never_taken_for_an_answer(mailroom: Mailroom, text: str) -> None:
    mailroom.arrives(mailroom.mail(VERA))
    mailroom.arrives(mailroom.answer(mailroom.letters(SAM)[0], SAM, text))
    (opened,) = mailroom.requests()
    note = mailroom.messages(opened.conversation.id)[1]
    assert note.is_internal and "#int" not in note.text and len(mailroom.letters(VERA)) == 1


def test_what_a_program_of_ours_sends_is_no_answer(mailroom: Mailroom) -> None:
    mailroom.arrives(mailroom.mail(VERA))
    (told,) = mailroom.letters(SAM)
    for submitted in ("auto-replied", "auto-generated"):
        outcome = mailroom.arrives(mailroom.answer(told, SAM, "I am away", Auto_Submitted=submitted))
        assert outcome == "automatic"
    assert mailroom.requests()[0].state is RequestState.NEW


def test_of_ours_only_who_sees_a_conversation_writes_in_it(mailroom: Mailroom) -> None:
    mailroom.arrives(mailroom.mail(VERA))
    subject = "[R-1001] Export stops"
    for address in ("rita@attache.example", "ada@attache.example"):
        assert mailroom.arrives(mailroom.mail(address, "Hello", subject=subject)) == "quarantined"
    assert mailroom.arrives(mailroom.mail(SAM, "Hello")) == "quarantined"
    assert [reason for _sender, reason in waiting(mailroom)] == ["astray"] * 3
    for address in ("rita@attache.example", "ada@attache.example", SAM):
        assert "No customer has read it." in body_of(mailroom.letters(address)[-1])
    assert mailroom.arrives(mailroom.mail(SAM, "Hello", subject=subject)) == "taken"


def test_out_of_hours_the_receipt_promises_nothing_before_the_next_opening(mailroom: Mailroom) -> None:
    mailroom.now = SUNDAY
    mailroom.arrives(mailroom.mail(VERA))
    text = body_of(mailroom.letters(VERA)[0])
    assert "nobody promises an answer before Monday 30 November, 09:00" in text
    assert "Sam Horvath answers by Monday 30 November, 17:00" in text
    assert "Our standard support is there around the clock: support@attache.example" in text


def test_one_receipt_for_a_conversation_and_day(mailroom: Mailroom) -> None:
    mailroom.arrives(mailroom.mail(VERA))
    for count in range(3):
        mailroom.now += timedelta(minutes=count)
        mailroom.arrives(mailroom.mail(VERA, "More", subject="Re: [R-1001] Export stops"))
    assert len(mailroom.letters(VERA)) == 1 and len(mailroom.letters(SAM)) == 4
    mailroom.now += timedelta(days=1)
    mailroom.arrives(mailroom.mail(VERA, "Still", subject="Re: [R-1001] Export stops"))
    assert len(mailroom.letters(VERA)) == 2


@pytest.mark.parametrize(
    ("headers", "outcome", "messages"),
    [
        ({"Auto-Submitted": "auto-replied"}, "automatic", 0),
        ({"Precedence": "bulk"}, "automatic", 0),
        ({"List-Id": "<all.nordwind.example>"}, "automatic", 0),
        ({"Return-Path": "<>"}, "automatic", 0),
        ({"Auto-Submitted": "auto-generated"}, "taken", 1),
    ],
)
def test_no_program_is_answered(
    mailroom: Mailroom, headers: dict[str, str], outcome: str, messages: int
) -> None:
    assert mailroom.arrives(mailroom.mail(VERA, **headers)) == outcome
    assert mailroom.letters(VERA) == [] and len(mailroom.conversations()) == messages
    assert mailroom.requests() == []


def test_a_mail_from_our_own_address_starts_no_loop(mailroom: Mailroom) -> None:
    assert mailroom.arrives(mailroom.mail("calls+12-abc@attache.example")) == "automatic"
    assert waiting(mailroom) == []


def test_who_has_not_booked_the_service_is_told_at_once(mailroom: Mailroom) -> None:
    assert mailroom.arrives(mailroom.mail("otto@krause.example")) == "quarantined"
    (told,) = mailroom.letters("otto@krause.example")
    assert "support@attache.example" in body_of(told) and mailroom.conversations() == []


def test_files_come_along_and_the_refused_are_named(mailroom: Mailroom) -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = VERA, "Logs", "<f@nordwind.example>"
    message["Authentication-Results"] = "mx.attache.example; dmarc=pass header.from=nordwind.example"
    message.set_content("See the log.")
    message.add_attachment(b"all is well\n", maintype="text", subtype="plain", filename="a.log")
    message.add_attachment(b"MZ\x00\x01", maintype="image", subtype="png", filename="photo.png")
    mailroom.arrives(message.as_bytes())
    (opened,) = mailroom.requests()
    (found,) = mailroom.messages(opened.conversation.id)
    assert [file.name for file in found.files] == ["a.log"]
    assert found.text == "See the log.\n\n[Not kept: photo.png]"
    assert "a.log" in body_of(mailroom.letters(SAM)[0])


def test_a_mail_over_twenty_megabytes_is_answered_honestly(mailroom: Mailroom) -> None:
    small = mailroom.mail(VERA, "x" * 60 + "\r\n")
    assert mailroom.arrives(small + b"y\r\n" * 7_000_000) == "too_large"
    (told,) = mailroom.letters(VERA)
    assert "more than 20 MB are not taken in" in body_of(told) and mailroom.conversations() == []
    assert mailroom.box.flags() == [{"\\Seen", "\\Flagged"}]
    for submitted in ("auto-replied", "auto-generated"):
        large = mailroom.mail(VERA, "x" * 60 + "\r\n", Auto_Submitted=submitted) + b"y\r\n" * 7_000_000
        assert mailroom.arrives(large) == "too_large"
    assert len(mailroom.letters(VERA)) == 1


def test_more_than_a_megabyte_is_fetched_whole(mailroom: Mailroom) -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = VERA, "Logs", "<f@nordwind.example>"
    message["Authentication-Results"] = "mx.attache.example; dmarc=pass header.from=nordwind.example"
    message.set_content("See the log.")
    message.add_attachment(b"all is well\n" * 150_000, maintype="text", subtype="plain", filename="a.log")
    assert mailroom.arrives(message.as_bytes()) == "taken"
    (opened,) = mailroom.requests()
    assert mailroom.messages(opened.conversation.id)[0].files[0].size == 1_800_000


@pytest.mark.postgres
def test_a_mail_that_comes_again_is_one_message(mailroom: Mailroom) -> None:
    content = mailroom.mail(VERA)
    for _ in range(2):
        mailroom.arrives(content)
    assert len(mailroom.requests()) == 1 and len(mailroom.letters(SAM)) == 1


def test_an_answer_to_another_mail_of_ours_opens_no_request(mailroom: Mailroom) -> None:
    draft = Draft(Party("calls@attache.example"), Party(VERA), "Invitation", "x", "<p>x</p>", "en")
    write(mailroom.session, [], lambda s: post(s, MONDAY, "booking:1", "booking:1:2", draft))
    (invitation,) = mailroom.letters(VERA)
    content = mailroom.mail(
        VERA, "Five minutes late.", subject="Re: Invitation", In_Reply_To=invitation["Message-ID"]
    )
    assert mailroom.arrives(content) == "taken" and mailroom.requests() == []
    (own,) = mailroom.conversations()
    assert mailroom.messages(own.id)[0].text == "Invitation\n\nFive minutes late."
    receipt = body_of(mailroom.letters(VERA)[1])
    assert "Sam Horvath has it." in receipt and "A message has no due time." in receipt


def test_a_mail_that_comes_for_each_of_our_addresses_is_one_message(mailroom: Mailroom) -> None:
    copies = [mailroom.mail(VERA), b"X-Original-To: desk@attache.example\r\n"]
    assert mailroom.arrives(copies[0]) == mailroom.arrives(copies[1] + copies[0]) == "taken"
    (opened,) = mailroom.requests()
    assert len(mailroom.messages(opened.conversation.id)) == 1
    told = mailroom.letters(SAM)[0]
    note = mailroom.answer(told, SAM, "#internal\nShe is right.")
    assert mailroom.arrives(note) == mailroom.arrives(copies[1] + note) == "taken"
    assert len(mailroom.messages(opened.conversation.id)) == 2
    # A program that gives all its mails one name loses none of them.
    named = copies[0].replace(b"The export stops.", b"Now the import, too.")
    mailroom.arrives(named)
    assert len(mailroom.requests()) == 2


def test_the_receipt_is_for_who_wrote_and_the_colleague_whose_request_it_is_gets_none(
    mailroom: Mailroom,
) -> None:
    mailroom.arrives(mailroom.mail(VERA))
    values = {"name": "Klara", "email": KLARA, "language": "en", "time_zone": "UTC", "phone": ""}
    world = mailroom.world
    add_contact(mailroom.session, MONDAY, world.ada.user, world.vera.profile.company_public_id, values)
    mailroom.session.commit()
    subject = "[R-1001] Export stops"
    assert mailroom.arrives(mailroom.mail(KLARA, "Here too.", subject=subject)) == "taken"
    (receipt,) = mailroom.letters(KLARA)
    assert receipt["In-Reply-To"] == "<mail-2@elsewhere.example>" and len(mailroom.letters(VERA)) == 1
    assert mailroom.arrives(mailroom.answer(receipt, KLARA, "And there.")) == "taken"
    (opened,) = mailroom.requests()
    said = [(item.author_name, item.text) for item in mailroom.messages(opened.conversation.id)]
    assert said[1:] == [("Klara", "Here too."), ("Klara", "And there.")]


def test_a_program_that_answers_our_mail_opens_no_solved_request_again(mailroom: Mailroom) -> None:
    world, session, settings = mailroom.world, mailroom.session, mailroom.settings
    mailroom.arrives(mailroom.mail(VERA))
    (opened,) = mailroom.requests()
    number = opened.conversation.id
    write(session, [], lambda s: requests.solve(s, MONDAY, settings, world.sam.user, number))
    solved = mailroom.letters(VERA)[-1]
    away = mailroom.answer(solved, VERA, "I am away until Monday.", Auto_Submitted="auto-generated")
    assert mailroom.arrives(away) == "taken"
    assert mailroom.requests()[0].state is RequestState.SOLVED
    assert "I am away" in body_of(mailroom.letters(SAM)[-1])
    assert mailroom.letters(VERA)[-1]["Message-ID"] == solved["Message-ID"]
