"""A call's past in sentences."""

from typing import Any

from app.accounts.values import AuditFact
from app.booking.history_lines import history_lines
from tests.booking.made_up import NOW, SAM_USER, VERA, VERA_USER, call


def sentences(*facts: tuple[str, str, dict[str, Any]], viewer: Any = VERA_USER) -> list[str]:
    log = [AuditFact(NOW, actor, verb, detail) for actor, verb, detail in facts]
    return [line.text for line in history_lines(log, call(), viewer, VERA)]


def test_what_the_reader_did_is_said_to_them() -> None:
    booked = ("Vera Lindqvist", "booked", {})
    assert sentences(booked) == ["Booked by you"]
    assert sentences(booked, viewer=SAM_USER) == ["Booked by Vera Lindqvist"]


def test_a_new_time_is_named_in_the_readers_zone() -> None:
    asked = ("Vera Lindqvist", "move_asked", {"start": "2026-11-26T13:00:00+00:00"})
    assert sentences(asked) == ["You asked for a new time: Thu 26 Nov, 14:00"]


def test_what_the_service_did_names_the_invitation() -> None:
    assert "vera@nordwind.example" in sentences(("Attaché", "confirmed", {}))[0]


def test_facts_for_operators_alone_are_left_out() -> None:
    assert sentences(("Attaché", "was resumed", {})) == []


def test_lines_carry_their_time() -> None:
    (line,) = history_lines([AuditFact(NOW, "Sam", "cancelled", {})], call(), VERA_USER, VERA)
    assert (line.at, line.text) == ("Tue 24 Nov, 10:12", "Cancelled by Sam")


def test_what_the_specialist_did_in_the_calendar_is_told_as_far_as_it_concerns_the_reader() -> None:
    moved = ("Sam Okafor", "followed", {"start": "2026-11-26T13:00:00+00:00"})
    gone = ("Sam Okafor", "cancelled", {"via": "calendar"})
    assert sentences(moved, gone) == [
        "Sam Okafor moved it in the calendar: Thu 26 Nov, 14:00",
        "Sam Okafor took it out of the calendar, so it was cancelled",
    ]
    own = ("Sam Okafor", "misplaced", {"there": "2026-11-26T20:00:00+00:00", "why": "window"})
    assert sentences(own) == []
    assert "Thu 26 Nov, 21:00" in sentences(own, viewer=SAM_USER)[0]
    for verb in ("asked", "written_again", "changed_calendar", "rehomed"):
        fact = ("Attaché", verb, {})
        assert sentences(fact) == [] and len(sentences(fact, viewer=SAM_USER)) == 1


def test_answers_and_proposals_are_told_with_who_gave_them() -> None:
    for partstat, mine, theirs in (
        ("ACCEPTED", "You accepted the invitation", "Vera Lindqvist accepted the invitation"),
        ("TENTATIVE", "You answered “maybe”", "Vera Lindqvist answered “maybe”"),
        ("DECLINED", "You declined the invitation", "Vera Lindqvist declined the invitation"),
    ):
        fact = ("Vera Lindqvist", "answered", {"partstat": partstat})
        assert (sentences(fact), sentences(fact, viewer=SAM_USER)) == ([mine], [theirs])
    wanted = {"wanted": "2026-11-26T13:00:00+00:00"}
    assert sentences(("Vera Lindqvist", "proposed", wanted), ("Sam Okafor", "proposal_declined", wanted)) == [
        "Vera Lindqvist proposed another time: Thu 26 Nov, 14:00",
        "Sam Okafor declined the proposed time: Thu 26 Nov, 14:00",
    ]


def test_mail_that_came_back_is_told_with_whom_it_was_for() -> None:
    log = [AuditFact(NOW, "Attaché", "undelivered", {"guest": number}) for number in (3, 0)]
    told = {
        viewer.role: [line.text for line in history_lines(log, call(), viewer, VERA, {3: "olga@x.example"})]
        for viewer in (VERA_USER, SAM_USER)
    }
    to_olga = "Mail to olga@x.example about this call could not be delivered"
    assert told["contact"] == [to_olga]
    assert told["specialist"] == [to_olga, "Mail about this call could not be delivered"]
