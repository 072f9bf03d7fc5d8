"""What each route is asked for: a new parameter needs one line in OBJECTS, a body one line in BODIES."""

import io
from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

from app.lib import clock
from tests.security.ground import Ground

NOTHING: dict[str, Any] = {
    "account_id": 987654321,
    "span_id": 987654321,
    "kind": "contacts",
    "verb": "enable",
    "month": "1999-01",
}
_WHO = {"name": "Somebody", "time_zone": "Europe/Berlin", "language": "en"}
CONTACT = _WHO | {"phone": ""}
REQUEST = {"severity": "3", "subject": "Export stops"}
STAFF = _WHO | {"role": "specialist", "country": "SK"}

# By endpoint and parameter, by blueprint and parameter, or by parameter alone: the first that there is.
OBJECTS: dict[str, Callable[[Ground], Any]] = {
    "booking_id": lambda g: g.call.public_id,
    "api:public_id": lambda g: g.call.public_id,
    "api_attendees:public_id": lambda g: g.call.public_id,
    "api_senior:public_id": lambda g: g.call.public_id,
    "api_requests:public_id": lambda g: g.ids["request"],
    "api_requests:file_id": lambda g: g.ids["message_file"],
    "email": lambda g: "guest@nordwind.example",
    "proposal_id": lambda g: g.ids["proposal"],
    "series_id": lambda g: g.ids["series"],
    "api_series:public_id": lambda g: g.ids["series"],
    "hold_id": lambda g: g.ids["hold"],
    "place_id": lambda g: g.ids["place"],
    "waiting_list:public_id": lambda g: g.ids["place"],
    "feed_id": lambda g: g.ids["feed"],
    "feeds:token": lambda g: g.ids["feed_token"],
    "accounts:token": lambda g: g.ids["link"],
    "token_id": lambda g: g.ids["token"],
    "account_id": lambda g: g.ids["account"],
    "lookup_id": lambda g: g.ids["lookup"],
    "event_id": lambda g: g.ids["event"],
    "passkey_id": lambda g: g.ids["passkey"],
    "session_id": lambda g: g.ids["session"],
    "contact_id": lambda g: g.members["contact"].user.public_id,
    "slug": lambda g: "product-support",
    "admin:public_id": lambda g: g.members["specialist"].user.public_id,
    "mail_id": lambda g: "first",
    "asset:name": lambda g: "app.0.css",
    "company_id": lambda g: g.ids["company"],
    "span_id": lambda g: g.ids["span"],
    "person_id": lambda g: g.members["specialist"].user.public_id,
    "verb": lambda g: "disable",
    "kind": lambda g: "companies",
    "files:file_id": lambda g: g.ids["message_file"],
    "file_id": lambda g: g.ids["file"],
    "hand_overs.decide:hand_over_id": lambda g: g.ids["moving"],
    "hand_over_id": lambda g: g.ids["hand_over"],
    "phone_calls:call_id": lambda g: g.ids["phone_call"],
    "chat_id": lambda g: g.ids["chat"],
    "requests.make:conversation_id": lambda g: g.ids["chat"],
    "conversation_id": lambda g: g.ids["request"],
    "escalation_id": lambda g: g.ids["escalation"],
    "month": lambda g: f"{clock.now():%Y-%m}",
    "day_id": lambda g: g.ids["day"],
    "mails:name": lambda g: "invitation",
    "quarantine:mail_id": lambda g: g.ids["quarantined"],
    "callback_id": lambda g: g.ids["callback"],
}
# What is sent to each endpoint that looks at a body before it looks for the object.
BODIES: dict[str, Callable[[Ground], dict[str, Any]]] = {
    "api.reschedule": lambda g: {"start": g.ids["later"]},
    "api_attendees.add_attendee": lambda g: {"email": "colleague@nordwind.example"},
    "booking.add_guest": lambda g: {"email": "colleague@nordwind.example"},
    "booking.remove_guest": lambda g: {"email": "guest@nordwind.example"},
    "booking.settle_asked": lambda g: {"answer": "write"},
    "booking.choose": lambda g: {"start": g.ids["later"]},
    "callbacks.ask": lambda g: {"number": "+49 30 12345678", "key": "k"},
    "callbacks.book": lambda g: {"start": g.ids["later"]},
    "ringing.outcome": lambda g: {"outcome": "no_answer"},
    "booking.move_confirm": lambda g: {"start": g.ids["later"]},
    "booking.mark": lambda g: {"outcome": "took_place"},
    "booking.settle_proposal": lambda g: {"answer": "decline"},
    "own_passkeys.rename": lambda g: {"name": "Phone"},
    "accounts.language": lambda g: {"language": "ru"},
    "admin.new_company": lambda g: {"name": "Ostwind", "plan": "standard"},
    "admin.change_company": lambda g: {"name": "Nordwind", "plan": "all_inclusive", "note": "Changed"},
    "admin.add_option": lambda g: {"starts_on": "2020-01-01", "ends_on": "2020-02-01", "price": "1000"},
    "admin.change_option": lambda g: {"starts_on": g.ids["span_start"], "price": "900"},
    "admin.end_option": lambda g: {"ends_on": "2100-01-01"},
    "admin.new_person": lambda g: STAFF | {"email": "new@attache.example"},
    "admin.change_person": lambda g: STAFF | {"email": g.members["specialist"].email},
    "admin.send_file": lambda g: {"file": (io.BytesIO(b"name\nOstwind\n"), "companies.csv")},
    "admin.take_file": lambda g: {"digest": g.ids["digest"]},
    "contacts.new_contact": lambda g: CONTACT | {"email": "new@nordwind.example"},
    "contacts.change_contact": lambda g: CONTACT | {"email": g.members["contact"].email},
    "serving.assign": lambda g: {"specialist": g.members["other_specialist"].user.public_id},
    "serving.hand_over": lambda g: {"specialist": g.members["other_specialist"].user.public_id},
    "hand_overs.decide": lambda g: {"decision": "retry"},
    "hand_overs.decline": lambda g: {"reason": "On leave"},
    "hand_overs.note": lambda g: {"note": "Prefers mornings"},
    "holidays.add": lambda g: {"day": "2030-05-02", "name-en": "Founders", "name-ru": "Founders"},
    "settings.save_data": lambda g: {
        "mail_retention_days": "100",
        "audit_retention_days": "400",
        "ended_session_days": "20",
    },
    "phone_calls.assign": lambda g: {"email": g.members["contact"].email},
    "security.password": lambda g: {"password": "a long and quiet sentence", "code": "000000"},
    "security.authenticator": lambda g: {"code": "000000"},
    "security.recovery_codes": lambda g: {"code": "000000"},
    "proofs.password": lambda g: {"email": g.members["specialist"].email, "password": "wrong"},
    "quarantine.decide": lambda g: {"decision": "take", "contact": g.members["contact"].email},
    "escalations.bring": lambda g: {"note": "It is the proxy"},
    "api_requests.open_one": lambda g: {
        "severity": 3,
        "subject": "Export stops",
        "body": "It stops.",
        "contact": g.members["contact"].user.public_id,
    },
    "api_requests.write_one": lambda g: {"body": "Since Monday"},
    "linked_calls.link_call": lambda g: {"call": g.call.public_id},
    "linked_calls.link_request": lambda g: {"request": g.ids["request"]},
    "requests.new": lambda g: REQUEST | {"text": "It stops.", "contact": g.members["contact"].user.public_id},
    "requests.make": lambda g: REQUEST,
    "requests.answer": lambda g: {"text": "Since Monday", "key": "answer"},
    "requests.note": lambda g: {"note": "They are on 11", "key": "note"},
    "warnings.reason": lambda g: {"clock": "first_response", "reason": "Two outages"},
    "requests.severity": lambda g: {"severity": "2", "reason": "All of it"},
    "chat.say": lambda g: {"text": "Hello", "key": "said"},
    "chat.answer": lambda g: {"text": "Hello", "key": "said"},
    "chat.seen": lambda g: {"number": "1"},
    "chat.seen_by_staff": lambda g: {"number": "1"},
    "chat.transcript": lambda g: {"span": "all"},
    "chat.transcript_for_staff": lambda g: {"span": "all"},
    "tokens.make": lambda g: {"name": "Mine", "scopes": "read", "days": "30"},
}


def parameters(ground: Ground, rule: Rule, *, real: bool = True) -> dict[str, Any]:
    """Values for a route's parameters: those of the ground, or such as nothing has."""
    blueprint = rule.endpoint.partition(".")[0]
    found: dict[str, Any] = {}
    for name in sorted(rule.arguments):
        keys = (f"{rule.endpoint}:{name}", f"{blueprint}:{name}", name)
        make = next((OBJECTS[key] for key in keys if key in OBJECTS), None)
        assert make is not None, f"{rule.endpoint}: say in OBJECTS what {name!r} is"
        found[name] = make(ground) if real else NOTHING.get(name, "nothing-has-this")
    return found
