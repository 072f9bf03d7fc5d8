"""What answers are worth: each rule of RFC 5546 and of the ways in which mail lies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.ical.errors import UnreadableCalendar
from app.ical.itip_reading import MOST_EVENTS, read_message
from app.invites.replies import InvitedCall, Invitee, Outcome, Verdict, judge, of_mail
from app.invites.tags import tagged_address
from app.lib.intervals import Interval
from app.mail.incoming import read_mail
from tests.support.answers import END, STAMP, START, calendar_part, event, mail, message, reply, stamp

NOW = datetime(2026, 11, 20, 12, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
TAGGED = "calls+aaaaaaaaaaaaaaaaaaaaaaaaaa@attache.example"
VERA = Invitee(1, "vera@nordwind.example", TAGGED, 2, None, None)
CALL = InvitedCall(Interval(START, END), True, False, {VERA.address: VERA})


def call_with(**changes: Any) -> InvitedCall:
    vera = replace(VERA, **changes)
    return replace(CALL, invitees={vera.address: vera})


def verdicts(content: bytes, call: InvitedCall | None = CALL, *, to: str = TAGGED) -> list[Verdict]:
    """The judgement on each answer of a mail that was delivered to an address."""
    facts = replace(read_mail(content), recipients=frozenset({to}))
    assert of_mail(facts) is None
    told = [read_message(part.text) for part in facts.calendars]
    known = {"attache-7": call}
    return [judge(facts, m.method, a, known.get(a.uid), NOW) for m in told for a in m.answers]


def outcome(content: bytes, call: InvitedCall | None = CALL, *, to: str = TAGGED) -> Outcome:
    (verdict,) = verdicts(content, call, to=to)
    return verdict.outcome


def counter(**changes: Any) -> bytes:
    start, end = changes.pop("start", START + HOUR), changes.pop("end", END + HOUR)
    times = {"start": f"DTSTART:{stamp(start)}", "end": f"DTEND:{stamp(end)}"}
    text = message(event("TENTATIVE", **(times | changes)), method="COUNTER")
    return mail(calendar_part(text, method="COUNTER"))


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED", "declined"])
def test_an_answer_is_applied(partstat: str) -> None:
    (verdict,) = verdicts(reply(partstat))
    assert verdict == Verdict(Outcome.APPLIED, VERA, partstat.upper(), 2, STAMP)


@pytest.mark.parametrize("partstat", ["NEEDS-ACTION", "X-MAYBE-NOT", "DELEGATED", ""])
def test_what_is_no_answer_changes_nothing(partstat: str) -> None:
    assert outcome(reply(partstat)) is Outcome.NOTHING


def test_addresses_compare_without_case_and_uids_with_it() -> None:
    assert outcome(reply(guest="VERA@Nordwind.Example")) is Outcome.APPLIED
    assert outcome(reply(uid="ATTACHE-7")) is Outcome.UNKNOWN


def test_proof_is_the_own_address_or_the_border() -> None:
    assert outcome(reply(), to="calls@attache.example") is Outcome.FORGED
    facts = replace(read_mail(reply()), is_authenticated=True)
    (answer,) = read_message(facts.calendars[0].text).answers
    assert judge(facts, "REPLY", answer, CALL, NOW).outcome is Outcome.APPLIED


def test_the_address_without_a_tag_is_no_secret() -> None:
    untagged = call_with(organizer="calls@attache.example")
    assert outcome(reply(), untagged, to="calls@attache.example") is Outcome.FORGED


@pytest.mark.parametrize(
    "sender", ['"vera@nordwind.example" <mallory@evil.example>', "Otto <otto@nordwind.example>", "nobody"]
)
def test_somebody_else_cannot_answer_even_at_the_right_address(sender: str) -> None:
    assert outcome(reply("DECLINED", sender=sender)) is Outcome.FORGED


@pytest.mark.parametrize(
    ("assistant", "expected"),
    [("anna@nordwind.example", Outcome.APPLIED), ("anna@evil.example", Outcome.FORGED)],
)
def test_an_assistant_answers_for_somebody_of_their_own_domain(assistant: str, expected: Outcome) -> None:
    content = reply(sender=assistant, parameters=f';SENT-BY="mailto:{assistant}"')
    assert outcome(content) is expected
    assert outcome(content, to="calls@attache.example") is Outcome.FORGED


def test_a_sender_who_is_proved_is_not_proved_to_be_an_assistant() -> None:
    # Everybody at a large provider passes its DMARC; only the guest's own address tells that they may.
    assistant = "anna@nordwind.example"
    content = reply(sender=assistant, parameters=f';SENT-BY="mailto:{assistant}"')
    address = frozenset({"calls@attache.example"})
    facts = replace(read_mail(content), recipients=address, is_authenticated=True)
    (answer,) = read_message(facts.calendars[0].text).answers
    assert judge(facts, "REPLY", answer, CALL, NOW).outcome is Outcome.FORGED


def test_a_stranger_is_never_added() -> None:
    stranger = reply(guest="eve@evil.example", sender="eve@evil.example")
    assert outcome(stranger) is Outcome.STRANGER


def test_each_call_of_a_message_is_judged_for_itself() -> None:
    text = message(event("DECLINED"), event("DECLINED", uid="other"))
    found = [verdict.outcome for verdict in verdicts(mail(calendar_part(text)))]
    assert found == [Outcome.APPLIED, Outcome.UNKNOWN]


def test_the_senders_own_line_counts_among_several() -> None:
    line = "ATTENDEE;PARTSTAT=DECLINED:mailto:otto@nordwind.example"
    (answer,) = read_message(message(event("ACCEPTED", more=(line,)))).answers
    assert [who.address for who in answer.attending] == ["vera@nordwind.example", "otto@nordwind.example"]
    both = mail(calendar_part(message(event("ACCEPTED", more=(line,)))), sender="otto@nordwind.example")
    otto = replace(VERA, id=2, address="otto@nordwind.example")
    (verdict,) = verdicts(both, replace(CALL, invitees=dict(CALL.invitees) | {otto.address: otto}))
    assert (verdict.invitee, verdict.partstat) == (otto, "DECLINED")


def test_an_answer_to_an_older_invitation_is_stale() -> None:
    assert outcome(reply(sequence=1)) is Outcome.STALE
    assert outcome(reply(sequence=None)) is Outcome.STALE
    assert outcome(reply(sequence=None), call_with(sent_sequence=0)) is Outcome.APPLIED


def test_answers_count_in_the_order_in_which_they_were_given() -> None:
    answered = call_with(answered_sequence=2, answered_at=STAMP)
    assert outcome(reply(stamped_at=STAMP - HOUR), answered) is Outcome.STALE
    assert outcome(reply(stamped_at=STAMP + timedelta(minutes=1)), answered) is Outcome.APPLIED
    earlier = call_with(answered_sequence=1, answered_at=STAMP + HOUR)
    assert outcome(reply(), earlier) is Outcome.APPLIED


def test_clocks_and_sequences_that_run_ahead_shut_no_later_answer_out() -> None:
    (verdict,) = verdicts(reply(sequence=2**40, stamped_at=datetime(2100, 1, 1, tzinfo=UTC)))
    assert (verdict.outcome, verdict.sequence, verdict.stamped_at) == (Outcome.APPLIED, 2, NOW)
    (undated,) = verdicts(reply(stamped_at=None))
    assert undated.stamped_at == NOW


def test_an_instance_is_none_of_our_calls() -> None:
    assert outcome(reply(more=(f"RECURRENCE-ID:{stamp(START)}",))) is Outcome.UNKNOWN


def test_a_call_that_is_over_or_not_mailed_yet_takes_no_answer() -> None:
    assert outcome(reply(), replace(CALL, is_open=False)) is Outcome.ENDED
    assert outcome(reply(), call_with(sent_sequence=None)) is Outcome.UNKNOWN


@pytest.mark.parametrize("method", ["CANCEL", "REQUEST", "PUBLISH", "ADD", "REFRESH", "DECLINECOUNTER"])
def test_guests_do_not_organise(method: str) -> None:
    text = message(event(more=("STATUS:CANCELLED",)), method=method)
    assert outcome(mail(calendar_part(text, method=method))) is Outcome.NOT_FOR_US


def test_a_proposal_names_its_time() -> None:
    windows = {
        "start": "DTSTART;TZID=W. Europe Standard Time:20261125T150000",
        "end": "DTEND;TZID=W. Europe Standard Time:20261125T153000",
    }
    text = message(event("TENTATIVE", **windows), method="COUNTER")  # type: ignore[arg-type]
    (answer,) = read_message(text).answers
    assert answer.span == Interval(START + HOUR, END + HOUR)
    assert outcome(counter()) is Outcome.PROPOSED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start": NOW - HOUR, "end": NOW}, Outcome.PAST),
        ({"start": START, "end": END}, Outcome.NOTHING),
        ({"start": END, "end": START}, Outcome.UNREADABLE),
        ({"sequence": 1}, Outcome.STALE),
        ({"sequence": 3}, Outcome.STALE),
    ],
)
def test_a_proposal_that_cannot_be_meant_is_none(changes: dict[str, Any], expected: Outcome) -> None:
    assert outcome(counter(**changes)) is expected


@pytest.mark.parametrize(
    "start", ["DTSTART:20261125T150000", "DTSTART;VALUE=DATE:20261125", "DTSTART;TZID=Mars:20261125T150000"]
)
def test_a_time_that_nobody_can_place_is_no_proposal(start: str) -> None:
    text = message(event("TENTATIVE", start=start), method="COUNTER")
    assert outcome(mail(calendar_part(text, method="COUNTER"))) is Outcome.UNREADABLE


def test_a_proposal_while_the_call_moves_is_about_a_time_that_goes() -> None:
    assert outcome(counter(), replace(CALL, is_moving=True)) is Outcome.STALE


def test_no_time_is_taken_from_a_reply() -> None:
    (answer,) = read_message(message(event(start="DTSTART;TZID=Nonsense:20261125T150000"))).answers
    assert answer.span is None and answer.sequence == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        message(event(), method=""),
        message(),
        message(event()) + message(event(), method="CANCEL"),
        message(event()).replace("END:VCALENDAR", ""),
        message(*[event(uid=f"n{number}") for number in range(MOST_EVENTS + 1)]),
    ],
)
def test_what_is_no_message_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableCalendar):
        read_message(text)


def test_mail_without_an_answer_has_its_outcome_at_once() -> None:
    assert of_mail(read_mail(mail())) is Outcome.WORDS
    assert of_mail(read_mail(reply().replace(b"QkVHSU4", b"QkVH!!4"))) is Outcome.UNREADABLE
    ours = calendar_part(message(event("NEEDS-ACTION"), method="REQUEST"), method="REQUEST")
    assert of_mail(read_mail(mail(ours, headers=("Auto-Submitted: auto-replied",)))) is Outcome.AUTOMATIC


def test_each_guest_of_each_call_has_an_address_of_their_own() -> None:
    base = "calls@attache.example"
    mine = tagged_address(base, "k" * 32, 7, "Vera@nordwind.example")
    assert mine == tagged_address(base, "k" * 32, 7, "vera@nordwind.example")
    others = {tagged_address(base, key * 32, n, who) for key in "kl" for n in (7, 8) for who in "ab"}
    assert len(others | {mine}) == 9
    local = mine.partition("@")[0]
    assert local.startswith("calls+") and len(local) == len("calls+") + 26 and local.isascii()
