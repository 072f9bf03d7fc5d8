"""Who is mailed of what is new in a conversation, and that answers find back."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.desk import queries
from app.desk.letters.service_unread import is_owed, unread_chats
from app.desk.requests import service as requests
from app.desk.requests.values import NewRequest, RequestState
from app.desk.service import mark_read, standing_conversation, write_message
from app.desk.values import Channel, Side, Written
from app.lib import clock
from app.lib.db import write
from app.mail.jobs import mail_pass
from tests.desk.mailbox.conftest import MONDAY, Mailroom, body_of
from tests.support.mail import SmtpSink

VERA, SAM = "vera@nordwind.example", "sam@attache.example"


def test_a_customers_links_are_none_in_our_mails(mailroom: Mailroom) -> None:
    mailroom.arrives(mailroom.mail(VERA, "Look at https://evil.example/x and www.evil.example"))
    (told,) = mailroom.letters(SAM)
    for kind in ("plain", "html"):
        body = told.get_body((kind,))  # type: ignore[arg-type]
        assert body is not None
        text = str(body.get_content())
        assert "://evil" not in text and "www.evil" not in text and "evil.example" in text


@pytest.mark.postgres
def test_a_chat_is_mailed_once_and_only_while_it_is_unread(mailroom: Mailroom) -> None:
    vera, sam = mailroom.world.vera, mailroom.world.sam
    own = write(
        mailroom.session,
        [],
        lambda s: standing_conversation(s, MONDAY, vera.profile, Channel.CHAT),
    )

    def say(who: object, key: str, at: object) -> None:
        side = Side.STAFF if who is sam else Side.CUSTOMER
        written = Written(side, Channel.CHAT, key, key, who.id, who.user.name)  # type: ignore[attr-defined]
        write(
            mailroom.session,
            [],
            lambda s: write_message(s, at, mailroom.settings, own.id, written),  # type: ignore[arg-type]
        )

    say(vera, "one", MONDAY)
    say(vera, "two", MONDAY)
    mailroom.run()
    assert mailroom.letters(SAM) == []
    # An administrator who looks cannot answer, so it waits all the same.
    write(mailroom.session, [], lambda s: mark_read(s, own.id, mailroom.world.ada.id, 2))
    mailroom.now = MONDAY + timedelta(minutes=4)
    mailroom.run()
    mailroom.run()
    # What was mailed and is not read yet takes no lock from anybody who writes.
    session, settings = mailroom.session, mailroom.settings
    (item,) = unread_chats(session, MONDAY - timedelta(days=1), mailroom.now)
    assert not is_owed(session, mailroom.now, settings, item)
    (told,) = mailroom.letters(SAM)
    assert "one two" in body_of(told)
    say(sam, "three", mailroom.now)
    write(mailroom.session, [], lambda s: mark_read(s, own.id, vera.id, 3))
    mailroom.now += timedelta(minutes=4)
    mailroom.run()
    assert mailroom.letters(VERA) == []


def test_mails_go_out_over_smtp_with_the_addresses_that_answers_come_to(
    mailroom: Mailroom, smtp_sink: SmtpSink
) -> None:
    # The post itself looks at the clock.
    mailroom.now = clock.now() - timedelta(minutes=1)
    mailroom.arrives(mailroom.mail(VERA))
    mail_pass(mailroom.session, replace(mailroom.settings, smtp_url=smtp_sink.url), clock.now())
    ((receipt,), (told,)) = smtp_sink.to(VERA), smtp_sink.to(SAM)
    assert receipt["Reply-To"] != told["Reply-To"]
    assert told["From"].addresses[0].display_name == "Vera Lindqvist"
    mailroom.arrives(mailroom.answer(told, SAM, "Which one?"))
    assert mailroom.requests()[0].state is RequestState.IN_WORK


def test_each_side_is_told_of_what_the_other_did(mailroom: Mailroom) -> None:
    world, session, settings = mailroom.world, mailroom.session, mailroom.settings
    vera, sam = world.vera.user, world.sam.user
    asked = NewRequest(
        company_id=world.vera.profile.company_id,
        contact_id=vera.id,
        severity=3,
        subject="Export stops",
        text="I saw it myself.",
        key="first",
        side=Side.STAFF,
        channel=Channel.PAGE,
        author_id=sam.id,
        author_name=sam.name,
    )
    opened = write(session, [], lambda s: requests.open_request(s, MONDAY, settings, asked))
    number = opened.conversation.id
    write(session, [], lambda s: requests.change_severity(s, MONDAY, settings, vera, number, 2, "All"))
    write(session, [], lambda s: requests.solve(s, MONDAY, settings, sam, number))
    write(session, [], lambda s: requests.reopen(s, MONDAY, settings, vera, number))
    hers, his = mailroom.letters(VERA), mailroom.letters(SAM)
    assert [body_of(letter).partition(" Open the")[0][:44] for letter in hers] == [
        "Sam Horvath opened request R-1001 for you Se",
        "R-1001 is solved Sam Horvath says that it is",
    ]
    assert "Severity: 3 Standard." in body_of(hers[0]) and "I saw it myself." in body_of(hers[0])
    (changed,) = his
    assert "the severity is now 2 High" in body_of(changed) and "Reason: All" in body_of(changed)
    assert {letter["Subject"] for letter in hers + his} == {"[R-1001] Export stops"}
    assert hers[1]["In-Reply-To"] == hers[0]["Message-ID"]
    for reader, letters in ((vera, hers), (sam, his)):
        for letter in letters:
            (address,) = re.findall(r"/requests/(\S+)", body_of(letter))
            assert queries.find(session, MONDAY, settings, reader, address).id == number
