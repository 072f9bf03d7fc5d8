"""Who takes a company over reads what is open there, and opens it once they serve it."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from app.booking.handover import service as hand_overs
from app.desk.requests.service import open_request, solve
from app.lib import clock
from app.lib.db import db, write
from tests.desk.test_conversations import asked
from tests.world import build_world, client_of


def test_the_open_requests_stand_on_the_page_of_a_hand_over(app: Flask) -> None:
    now, settings = clock.now(), app.extensions["attache"]
    with app.app_context():
        world, session = build_world(db.session(), now), db.session()
        for number, (severity, subject) in enumerate(((4, "Sorts wrongly"), (1, "Down"), (3, "Settled"))):
            wanted = replace(asked(world, severity), subject=subject, key=str(number))
            request = write(session, [], lambda s, w=wanted: open_request(s, now, settings, w))  # type: ignore[misc]
        solved, sam = request.conversation.id, world.sam.user
        write(session, [], lambda s: solve(s, now, settings, sam, solved))
        day = (now + timedelta(days=7)).date()
        plan = (world.vera.profile.company_public_id, world.rita.user.public_id, day)
        planned = write(session, [], lambda s: hand_overs.plan(s, now, settings, world.ada.user, *plan))
    for who, opens in ((world.sam, True), (world.rita, False), (world.ada, True)):
        page = client_of(app, who).get(f"/hand-overs/{planned.public_id}").get_data(as_text=True)
        assert page.index("R-1002") < page.index("R-1001"), who.user.name
        assert "Down" in page and "1 Critical" in page and "Settled" not in page
        assert ('href="/requests/' in page.partition('id="requests"')[2]) is opens
