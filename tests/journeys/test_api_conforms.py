"""The running API against its own document: whatever is sent, the answer is one that the document names."""

from collections import Counter
from copy import deepcopy

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from tests.journeys.cast import VERA, Cast

pytestmark = pytest.mark.xdist_group("journeys")

EXAMPLES = 25
WANTED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
OPERATIONS = [
    ("GET", "/api/v1/audit"),
    ("GET", "/api/v1/me"),
    ("GET", "/api/v1/call-types"),
    ("GET", "/api/v1/slots"),
    ("GET", "/api/v1/bookings"),
    ("POST", "/api/v1/bookings"),
    ("GET", "/api/v1/bookings/{public_id}"),
    ("POST", "/api/v1/bookings/{public_id}/reschedule"),
    ("POST", "/api/v1/bookings/{public_id}/cancel"),
    ("POST", "/api/v1/bookings/{public_id}/attendees"),
    ("DELETE", "/api/v1/bookings/{public_id}/attendees/{email}"),
    ("POST", "/api/v1/bookings/{public_id}/senior"),
    ("DELETE", "/api/v1/bookings/{public_id}/senior"),
    ("GET", "/api/v1/bookings/{public_id}.ics"),
    ("POST", "/api/v1/series"),
    ("POST", "/api/v1/series/plan"),
    ("GET", "/api/v1/series/{public_id}"),
    ("GET", "/api/v1/waiting-list"),
    ("POST", "/api/v1/waiting-list"),
    ("DELETE", "/api/v1/waiting-list/{public_id}"),
    ("GET", "/api/v1/requests"),
    ("POST", "/api/v1/requests"),
    ("GET", "/api/v1/requests/{public_id}"),
    ("POST", "/api/v1/requests/{public_id}/messages"),
    ("GET", "/api/v1/files/{file_id}"),
]


@pytest.fixture(scope="module")
def document(cast: Cast) -> dict[str, object]:
    """What the service says of itself."""
    answer = requests.get(f"{cast.service.url}/api/v1/openapi.json", timeout=30)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_the_document_names_every_operation(document: dict[str, dict[str, object]]) -> None:
    assert str(document["openapi"]).startswith("3.1")
    named = {
        (verb.upper(), path)
        for path, item in document["paths"].items()
        for verb in item
        if verb in {"get", "post", "put", "patch", "delete"}
    }
    assert named == set(OPERATIONS)


def answers(cast: Cast, document: dict[str, object], verb: str, path: str) -> Counter[int]:
    """Send what the document allows and what it does not; the statuses that came.

    Raises schemathesis' failures when an answer is not one that the document names.
    """
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in WANTED]
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=cast.service.url)
    operation, headers = schema[path][verb], cast.api(VERA).headers
    kinds = [operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode]
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(kinds))
    def conforms(case: schemathesis.Case) -> None:
        statuses[case.call_and_validate(headers=headers, checks=checks, timeout=30).status_code] += 1

    conforms()
    return statuses


@pytest.mark.parametrize(("verb", "path"), OPERATIONS)
def test_every_answer_is_one_that_the_document_names(
    cast: Cast, document: dict[str, object], verb: str, path: str
) -> None:
    assert answers(cast, document, verb, path).total() >= EXAMPLES


def test_the_answers_of_a_real_story_are_as_the_document_says(
    cast: Cast, document: dict[str, object]
) -> None:
    vera, schema = cast.api(VERA), schemathesis.openapi.from_dict(document)
    first, last, *_ = cast.far_slots(VERA, "feature-request")
    wish = {"call_type": "feature-request", "start": first, "topic": "By the book"}
    span = {"call_type": "feature-request", "from": first, "to": last}
    listing = vera.get("/slots", **span)
    made = vera.post("/bookings", wish, "conforms-1")
    call = f"/bookings/{made.json()['id']}"
    story = [
        (200, "GET", "/slots", listing),
        (201, "POST", "/bookings", made),
        (409, "POST", "/bookings", vera.post("/bookings", wish, "conforms-2")),
        (200, "GET", "/bookings/{public_id}", vera.get(call)),
        (200, "POST", "/bookings/{public_id}/reschedule", vera.post(f"{call}/reschedule", {"start": last})),
        (200, "POST", "/bookings/{public_id}/cancel", vera.post(f"{call}/cancel", {})),
        (200, "GET", "/bookings", vera.get("/bookings")),
    ]
    for status, verb, path, answer in story:
        assert answer.status_code == status, (verb, path, answer.text)
        schema[f"/api/v1{path}"][verb].validate_response(answer)


def test_a_planted_lie_in_the_document_is_found(cast: Cast, document: dict[str, object]) -> None:
    lie = deepcopy(document)
    lie["components"]["schemas"]["Me"]["properties"]["id"] = {"type": "integer"}  # type: ignore[index]
    with pytest.raises(FailureGroup, match="violates schema"):
        answers(cast, lie, "GET", "/api/v1/me")
