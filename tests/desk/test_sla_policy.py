"""A request keeps the policy that it was opened under, and what it met under an earlier severity."""

import json
from dataclasses import replace
from datetime import date, time

import pytest

from app.availability.holidays import OwnDay
from app.config import Settings
from app.desk.sla import Targets, business, from_stored, policy_of, retargeted, targets, to_stored
from app.settings.registry import Refused
from app.settings.values import RESPONSE_TIMES, ResponseTime, ServiceWindow, Term, Unit
from tests.desk.clock import POLICY, at, pause

FRIDAY = at("2026-11-27 16:59")
UNDER_1 = Targets(at("2026-11-27 17:59"), at("2026-11-27 20:59"))
UNDER_3 = Targets(at("2026-11-30 10:59"), at("2026-12-01 16:59"))
UNDER_4 = Targets(at("2026-11-30 16:59"), None)


def test_the_policy_is_what_the_settings_say(settings: Settings) -> None:
    policy = policy_of(settings, [])
    assert (policy.response_times, policy.window) == (RESPONSE_TIMES, ServiceWindow())
    assert (policy.zone, policy.country) == (settings.service_time_zone, settings.service_country)


def test_an_old_request_keeps_its_own_policy_when_it_is_edited() -> None:
    kept = json.loads(json.dumps(to_stored(POLICY)))
    slower = tuple(ResponseTime(i.severity, i.clock, Term(9, Unit.HOURS), None) for i in RESPONSE_TIMES)
    edited = replace(
        POLICY,
        response_times=slower,
        window=ServiceWindow(time(10), time(12), (0,)),
        country="CZ",
        own_days=(OwnDay("x", date(2026, 11, 30), "", "", {}),),
    )
    for severity in range(1, 6):
        assert targets(from_stored(kept), severity, FRIDAY) == targets(POLICY, severity, FRIDAY)
        assert targets(from_stored(kept), severity, FRIDAY) != targets(edited, severity, FRIDAY)
    assert to_stored(edited) != kept


def test_a_policy_that_is_stored_has_the_same_business_time() -> None:
    own = (
        OwnDay("a", date(2026, 11, 27), "SK", "", {"en": "Move"}),
        OwnDay("b", date(2026, 11, 30), "CZ", "", {"en": "Elsewhere"}),
    )
    policy = replace(POLICY, own_days=own, region="BL", window=ServiceWindow(time(8, 30), time(12), (1, 3)))
    assert business(from_stored(to_stored(policy))) == business(policy)


def test_policies_that_come_to_the_same_are_stored_the_same() -> None:
    day, other = OwnDay("a", date(2026, 11, 27), "SK", "", {"en": "Move"}), date(2026, 11, 30)
    everywhere, elsewhere = OwnDay("b", other, "", "", {"en": "Party"}), OwnDay("c", other, "CZ", "", {})
    one = to_stored(replace(POLICY, own_days=(day, everywhere)))
    assert one == to_stored(replace(POLICY, own_days=(everywhere, replace(day, public_id="z"), elsewhere)))
    assert one != to_stored(replace(POLICY, own_days=(day, elsewhere)))
    assert to_stored(from_stored(one)) == one


def test_nonsense_is_no_policy() -> None:
    with pytest.raises(Refused):
        from_stored(to_stored(POLICY) | {"zone": "CET+1"})


@pytest.mark.parametrize(
    ("before", "severity", "anew"),
    [(UNDER_3, 1, UNDER_1), (UNDER_1, 3, UNDER_3), (UNDER_1, 4, UNDER_4), (UNDER_4, 1, UNDER_1)],
)
def test_a_change_of_severity_counts_anew_from_the_opening_moment(
    before: Targets, severity: int, anew: Targets
) -> None:
    found = retargeted(POLICY, severity, FRIDAY, [], before, is_answered=False, is_step_done=False)
    assert found == anew == targets(POLICY, severity, FRIDAY)


@pytest.mark.parametrize(("before", "severity", "anew"), [(UNDER_3, 1, UNDER_1), (UNDER_1, 3, UNDER_3)])
def test_what_was_met_keeps_its_due_moment_each_for_itself(
    before: Targets, severity: int, anew: Targets
) -> None:
    answered = retargeted(POLICY, severity, FRIDAY, [], before, is_answered=True, is_step_done=False)
    assert answered == Targets(before.first_response, anew.next_step)
    stepped = retargeted(POLICY, severity, FRIDAY, [], before, is_answered=False, is_step_done=True)
    assert stepped == Targets(anew.first_response, before.next_step)
    assert before == retargeted(POLICY, severity, FRIDAY, [], before, is_answered=True, is_step_done=True)


def test_what_was_met_stays_when_the_new_severity_is_tracked_and_tracked_becomes_due() -> None:
    met = retargeted(POLICY, 4, FRIDAY, [], UNDER_3, is_answered=True, is_step_done=True)
    assert met == UNDER_3
    worse = retargeted(POLICY, 1, FRIDAY, [], UNDER_4, is_answered=True, is_step_done=True)
    assert worse == Targets(UNDER_4.first_response, UNDER_1.next_step)


def test_pauses_so_far_are_counted_on_the_new_severitys_clock() -> None:
    pauses = [pause("2026-11-27 18:59", "2026-11-28 06:59")]
    worse = retargeted(POLICY, 1, FRIDAY, pauses, UNDER_3, is_answered=False, is_step_done=False)
    assert worse == Targets(UNDER_1.first_response, at("2026-11-28 08:59"))
    back = retargeted(POLICY, 3, FRIDAY, pauses, worse, is_answered=False, is_step_done=False)
    assert back == UNDER_3
