"""What answers to invitations do to a call, and what they never do."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.booking.models import Attendee, CallType
from app.config import Settings
from app.invites.replies import Outcome
from app.mail.models import IncomingMail
from tests.booking.answers.conftest import HOUR, Post
from tests.booking.core.desk import TUESDAY
from tests.support.answers import answer_to, calendar_part, event, mail, message
from tests.support.mail import mail_text

MINUTE = timedelta(minutes=1)
VERA = "vera@nordwind.example"


@pytest.fixture
def post(desk_of_post: Post) -> Post:
    return desk_of_post


@pytest.mark.postgres
def test_an_answer_to_the_own_address_is_the_guests_state(post: Post) -> None:
    call = post.invited()
    assert post.answer("ACCEPTED") is Outcome.APPLIED
    assert post.partstats() == ["ACCEPTED"] and ("answered", "Vera Lindqvist") in post.facts(call)
    assert post.kinds() == ["invitation"] and post.now_of(call).status == "confirmed"


@pytest.mark.postgres
def test_a_contact_who_declines_is_asked_once_and_the_call_stands(post: Post) -> None:
    call = post.invited()
    for number in range(3):
        post.now += MINUTE
        assert post.answer("DECLINED", more=(f"COMMENT:{number}",)) is Outcome.APPLIED
    assert post.partstats() == ["DECLINED"] and post.kinds() == ["invitation", "decline_asked"]
    assert post.now_of(call).status == "confirmed"
    letter = post.letters()[-1][1]
    lines = mail_text(letter).splitlines()
    page = f"{post.settings.public_url}/calls/{call.public_id}"
    assert letter["To"].addresses[0].addr_spec == VERA
    assert {f"{page}/move", f"{page}/cancel", page} <= set(lines)
    assert [verb for verb, _who in post.facts(call)].count("answered") == 1


@pytest.mark.parametrize(
    ("move_notice", "cancel_notice", "offered"),
    [(0, 2000, {"/move"}), (2000, 0, {"/cancel"}), (2000, 2000, set())],
    ids=["to move", "to cancel", "neither"],
)
def test_who_declines_is_offered_only_what_is_still_possible(
    post: Post, move_notice: int, cancel_notice: int, offered: set[str]
) -> None:
    notices = {"move_notice": move_notice, "cancel_notice": cancel_notice}
    post.session.execute(update(CallType).values(**notices))
    post.session.commit()
    call = post.invited()
    post.answer("DECLINED")
    kind, letter = post.letters()[-1]
    assert kind == "decline_asked"
    page = f"{post.settings.public_url}/calls/{call.public_id}"
    for body in ("plain", "html"):
        text = mail_text(letter, body)
        assert {path for path in ("/move", "/cancel") if f"{page}{path}" in text} == offered
        assert ("too late" in text and post.settings.desk_address in text) is (not offered)


def test_after_a_move_everybody_is_asked_anew_and_may_decline_anew(post: Post) -> None:
    call = post.invited()
    post.answer("DECLINED")
    old = post.invitation()
    post.moved(call, TUESDAY + HOUR)
    assert post.partstats() == ["NEEDS-ACTION"]
    assert post.take(answer_to(old, "ACCEPTED", stamped_at=post.now + MINUTE)) is Outcome.STALE
    post.now += 2 * MINUTE
    assert post.answer("DECLINED") is Outcome.APPLIED
    assert post.kinds() == ["invitation", "decline_asked", "updated", "decline_asked"]


def calendars(post: Post) -> list[str]:
    """The unfolded text/calendar parts of everything mailed."""
    parts = [part for _kind, letter in post.letters() for part in letter.walk()]
    texts = [part.get_content() for part in parts if part.get_content_type() == "text/calendar"]
    return ["\n".join(text.splitlines()).replace("\n ", "") for text in texts]


def test_the_organizer_is_the_guests_own_and_stays_the_same(post: Post) -> None:
    call = post.invited()
    post.moved(call, TUESDAY + HOUR)
    post.cancel(post.world.sam.user, call)
    tag = post.session.scalars(select(Attendee.organizer)).one() or ""
    assert tag.startswith("calls+") and len(tag) == len("calls+@attache.example") + 26
    found = calendars(post)
    assert len(found) == 3 and all(f":mailto:{tag}\n" in text for text in found)
    assert post.letters()[0][1]["From"].addresses[0].addr_spec == post.settings.mail_from


def test_a_call_invited_without_tags_keeps_its_organizer_when_tags_come(post: Post) -> None:
    call = post.invited()
    post.session.query(Attendee).update({"organizer": ""})
    post.session.commit()
    post.moved(call, TUESDAY + HOUR)
    assert f":mailto:{post.settings.organizer_address}\n" in calendars(post)[-1]


def test_guests_may_propose_times_only_where_somebody_reads_it(post: Post, settings: Settings) -> None:
    call = post.invited()
    assert "DISALLOW-COUNTER" not in calendars(post)[0]
    post.settings = settings
    post.moved(call, TUESDAY + HOUR)
    assert "X-MICROSOFT-DISALLOW-COUNTER:TRUE" in calendars(post)[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "calls@attache.example"},
        {"sender": f'"{VERA}" <mallory@evil.example>'},
        {"uid": "ATTACHE-SOMETHING"},
        {"guest": "eve@evil.example", "sender": "eve@evil.example"},
        {"sequence": 0, "more": ("RECURRENCE-ID:20261124T090000Z",)},
        {"method": "CANCEL"},
    ],
)
def test_what_is_no_answer_of_the_guest_changes_nothing(post: Post, changes: dict[str, object]) -> None:
    call = post.invited()
    before = post.facts(call)
    outcome = post.answer("DECLINED", **changes)
    assert outcome not in {Outcome.APPLIED, Outcome.PROPOSED}
    assert post.partstats() == ["NEEDS-ACTION"] and post.kinds() == ["invitation"]
    assert post.facts(call) == before


def test_a_colleague_who_declines_is_shown_and_nobody_is_asked(post: Post) -> None:
    call = post.invited()
    post.colleague(call)
    changes = {"guest": "olga@nordwind.example", "sender": "olga@nordwind.example"}
    assert post.answer("DECLINED", to="calls+olga@attache.example", **changes) is Outcome.APPLIED
    assert post.partstats() == ["NEEDS-ACTION", "DECLINED"] and post.kinds() == ["invitation"]
    assert ("answered", "olga@nordwind.example") in post.facts(call)


def test_one_guests_address_is_no_proof_for_another(post: Post) -> None:
    call = post.invited()
    post.colleague(call)
    assert post.answer("DECLINED", to="calls+olga@attache.example") is Outcome.FORGED


def test_a_message_is_judged_once(post: Post) -> None:
    post.invited()
    declined = answer_to(post.invitation(), "DECLINED", stamped_at=post.now)
    assert post.take(declined) is Outcome.APPLIED
    post.now += MINUTE
    assert post.answer("ACCEPTED") is Outcome.APPLIED
    assert post.take(declined) is Outcome.APPLIED
    assert post.partstats() == ["ACCEPTED"]
    rows = post.session.scalars(select(IncomingMail).order_by(IncomingMail.id)).all()
    assert [(row.outcome, row.sender) for row in rows] == [("applied", VERA)] * 2


def test_each_call_of_a_message_has_its_own_effect(post: Post) -> None:
    first = post.invited()
    to = post.session.scalars(select(Attendee.organizer)).one() or ""
    both = message(
        event("DECLINED", uid=first.uid, sequence=0), event("DECLINED", uid="attache-none", sequence=0)
    )
    assert post.take(mail(calendar_part(both), to=to)) is Outcome.APPLIED
    assert post.session.scalars(select(IncomingMail.detail)).one() == "applied, unknown"


def test_a_comment_is_plain_text_of_a_sane_length(post: Post) -> None:
    post.invited()
    comment = "COMMENT:<img src=x onerror=alert(1)>\\nsee {{7*7}} \u202e" + "long " * 500
    post.answer("TENTATIVE", more=(comment,))
    kept = post.session.scalars(select(Attendee.comment)).one()
    assert kept.startswith("<img src=x onerror=alert(1)> see {{7*7}} ") and len(kept) <= 500
    assert "\u202e" not in kept and "\n" not in kept


def test_the_method_of_the_part_must_be_that_inside(post: Post) -> None:
    call = post.invited()
    to = post.session.scalars(select(Attendee.organizer)).one() or ""
    inside = message(event("DECLINED", uid=call.uid, sequence=0))
    assert post.take(mail(calendar_part(inside, method="REQUEST"), to=to)) is Outcome.UNREADABLE
    assert post.take(mail(calendar_part(inside, method=""), to=to, message_id="<2@x>")) is Outcome.APPLIED


def test_an_answer_after_the_call_is_too_late(post: Post) -> None:
    call = post.invited()
    post.now = call.start + MINUTE
    assert post.answer("DECLINED") is Outcome.APPLIED
    assert post.kinds() == ["invitation"]
    post.now = call.end
    assert post.answer("ACCEPTED") is Outcome.ENDED
