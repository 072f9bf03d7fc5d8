"""Looks at a calendar: listing, tokens, ctag, multiget, and the read path that is built of them."""

import pytest

from app.calendars.errors import CalendarTrouble, Changed, Doubtful, Gone, NoRight, TokenRefused
from app.calendars.syncing.looking import Mark
from app.calendars.values import SyncPage
from tests.contract.ground import Ground, MemoryReplica
from tests.contract.objects import LATER
from tests.support.caldav_servers import CalDavServer

_SYNC = """<?xml version="1.0"?><d:sync-collection xmlns:d="DAV:"><d:sync-token>{token}</d:sync-token
><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>"""
_MULTIGET = """<?xml version="1.0"?><c:calendar-multiget xmlns:d="DAV:"
xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/><c:calendar-data/></d:prop>{hrefs}</c:calendar-multiget>"""
_XML = {"Content-Type": "application/xml; charset=utf-8"}


def has_sync(ground: Ground) -> bool:
    """Whether the server has the sync-collection report."""
    try:
        ground.server.sync(ground.work, "")
    except (TokenRefused, NoRight):
        return False
    return True


def token_outcome(ground: Ground, href: str, token: str) -> str:
    """What the client makes of a token."""
    try:
        page = ground.server.sync(href, token)
    except TokenRefused:
        return "refused"
    is_all = len(page.changed) == len(ground.server.etags(href).etags)
    return "**accepted**, everything told" if is_all else "**accepted**, not everything told"


class Looks:
    def test_a_listing_holds_every_object(self, ground: Ground) -> None:
        etags = {ground.href(name): ground.put(name) for name in ("a", "b")}
        listing = ground.server.etags(ground.work)
        assert dict(listing.etags) == etags
        assert listing.is_calendar

    def test_the_token_of_a_listing_knows_everything_in_it(self, ground: Ground) -> None:
        known = {ground.href("a"): ground.put("a")}
        token = ground.server.etags(ground.work).token
        ground.fact("sync", "yes" if has_sync(ground) else "**no**")
        if token is None:
            # Then the read path takes none: it lists, or compares the ctag.
            assert not has_sync(ground)
            return
        page = ground.server.sync(ground.work, token)
        # SOGo repeats what happened within the token's second.
        assert dict(page.changed).items() <= known.items() and page.removed == ()

    def test_a_token_gives_what_changed_since(self, ground: Ground) -> None:
        ground.put("a")
        if not has_sync(ground):
            with pytest.raises((TokenRefused, NoRight)):
                ground.server.sync(ground.work, "")
            return
        token = ground.server.sync(ground.work, "").token
        new = ground.put("b")
        page = ground.server.sync(ground.work, token)
        assert (ground.href("b"), new) in page.changed
        ground.server.delete(ground.href("a"), None)
        assert ground.href("a") in ground.server.sync(ground.work, page.token).removed

    def test_the_empty_token_gives_everything(self, ground: Ground) -> None:
        etag = ground.put("a")
        page = _first_page(ground)
        assert page is None or page.changed == ((ground.href("a"), etag),)
        assert (page is None) == (not has_sync(ground))

    def test_tokens_that_lead_nowhere_are_refused_or_answered_with_everything(self, ground: Ground) -> None:
        """Never with a page of changes that are not those of this calendar."""
        ground.put("a")
        other = ground.new_calendar()
        ground.server.put(f"{other}x.ics", ground.ics("x"), etag=None)
        page = _first_page(ground)
        strange = "http://strange.example/ns/token/x"
        told = "no report" if page is None else token_outcome(ground, ground.work, strange)
        ground.fact("bad token", told)
        for number, token in enumerate((strange, ground.server.sync(other, "").token if page else "none")):
            replica = MemoryReplica(ground.server, ground.work)
            replica.look()
            replica.mark = Mark(token, replica.mark.ctag, replica.mark.compared_at)
            ground.put(f"b{number}")
            replica.look()
            replica.look(minutes=361)
            assert set(replica.objects) == set(ground.server.etags(ground.work).etags)

    def test_a_calendar_made_anew_is_read_anew_within_six_hours(self, ground: Ground) -> None:
        ground.put("a")
        replica = MemoryReplica(ground.server, ground.work)
        replica.look()
        ground.remove_calendar(ground.work)
        _make_again(ground)
        told = "no report"
        ground.put("fresh")
        if has_sync(ground) and replica.mark.token:
            told = token_outcome(ground, ground.work, replica.mark.token)
        ground.fact("old token", told)
        try:
            replica.look()
        except CalendarTrouble as error:
            assert isinstance(error, Doubtful)
        replica.look(minutes=361)
        assert set(replica.objects) == {ground.href("fresh")}

    def test_the_ctag_moves_with_every_change_where_there_is_one(self, ground: Ground) -> None:
        before = ground.server.ctag(ground.work)
        etag = ground.put("a")
        between = ground.server.ctag(ground.work)
        ground.server.delete(ground.href("a"), etag)
        after = ground.server.ctag(ground.work)
        assert (before is None) == (between is None) == (after is None)
        # What stands there must not decide alone where it moves in steps: six hours later all is compared.
        moves = " / ".join(
            "yes" if one != two else "**no**" for one, two in ((before, between), (between, after))
        )
        ground.fact("ctag", moves if before is not None else "none")

    def test_multiget_gives_whole_objects_and_leaves_out_what_is_missing(self, ground: Ground) -> None:
        etag = ground.put("a")
        found = ground.server.multiget(ground.work, [ground.href("b"), ground.href("a")])
        assert [(item.href, item.etag) for item in found] == [(ground.href("a"), etag)]
        assert f"UID:a-{ground.mark}" in found[0].text

    def test_a_missing_object_as_servers_tell_it(self, ground: Ground, dav: CalDavServer) -> None:
        ground.put("a")
        hrefs = "".join(f"<d:href>{ground.href(name)}</d:href>" for name in ("a", "b"))
        answer = dav.request("REPORT", ground.work, _MULTIGET.format(hrefs=hrefs), _XML)
        told = "left out" if ground.href("b") not in answer.text else "404 for it"
        ground.fact("multiget", told if answer.status_code == 207 else f"**{answer.status_code} for all**")

    def test_a_hundred_and_twenty_objects_come_whole(self, ground: Ground) -> None:
        for number in range(120):
            ground.put(f"n{number:03}")
        replica = MemoryReplica(ground.server, ground.work)
        replica.look()
        assert replica.uids() == [f"n{number:03}-{ground.mark}" for number in range(120)]
        hrefs = [ground.href(f"n{number:03}") for number in range(120)]
        assert {item.href for item in ground.server.multiget(ground.work, hrefs)} <= set(hrefs)

    @pytest.mark.parametrize("name", ["%C3%A9%20x@y", "a+b", "plain=1!", "%E2%82%AC"])
    def test_odd_names_stay_one_object(self, ground: Ground, name: str) -> None:
        """However the server spells it, listing, report, multiget and GET name it alike."""
        href = ground.href(name)
        ground.server.put(href, ground.ics("odd"), etag=None)
        etag = ground.standing(name).etag
        assert dict(ground.server.etags(ground.work).etags) == {href: etag}
        page = _first_page(ground)
        assert page is None or [item for item, _ in page.changed] == [href]
        assert ground.standing(name).href == href
        assert {item.href for item in ground.server.multiget(ground.work, [href])} == {href}
        ground.server.delete(href, etag)
        replica = MemoryReplica(ground.server, ground.work)
        replica.look()
        assert replica.objects == {}

    def test_how_servers_spell_odd_names(self, ground: Ground, dav: CalDavServer) -> None:
        ground.server.put(ground.href("%C3%A9%20x@y"), ground.ics("odd"), etag=None)
        body = '<?xml version="1.0"?><d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'
        text = dav.request("PROPFIND", ground.work, body, {**_XML, "Depth": "1"}).text
        spelled = {"%C3%A9%20x@y", "%c3%a9%20x@y", "%C3%A9%20x%40y", "%c3%a9%20x%40y", "é x@y"}
        seen = [spelling for spelling in sorted(spelled) if f"{spelling}.ics" in text]
        ground.fact("encoded", f"`{seen[0]}`" if seen else "otherwise")

    def test_a_uid_of_any_letters_is_kept(self, ground: Ground) -> None:
        text = ground.ics("grüße-ж-\U0001f600")
        ground.server.put(ground.href("u"), text, etag=None)
        replica = MemoryReplica(ground.server, ground.work)
        replica.look()
        assert replica.uids() == [f"grüße-ж-\U0001f600-{ground.mark}"]

    def test_a_calendar_that_is_not_there_says_so(self, ground: Ground) -> None:
        gone = ground.new_calendar()
        ground.remove_calendar(gone)
        with pytest.raises((Gone, NoRight)):
            ground.server.etags(gone)
        with pytest.raises(Doubtful):
            MemoryReplica(ground.server, gone).look()

    def test_looks_see_exactly_what_is_there(self, ground: Ground) -> None:
        replica = MemoryReplica(ground.server, ground.work)
        replica.look()
        assert replica.objects == {}
        first = ground.put("a")
        ground.put("b")
        replica.look()
        assert _is_exact(ground, replica)
        ground.server.put(ground.href("a"), ground.ics("a", *LATER), etag=first)
        ground.put("c")
        replica.look()
        assert _is_exact(ground, replica)
        assert "110000Z" in replica.objects[ground.href("a")].text
        ground.server.delete(ground.href("b"), None)
        replica.look()
        replica.look(minutes=361)
        assert _is_exact(ground, replica)
        assert ground.href("b") not in replica.objects

    def test_a_calendar_is_made_once(self, ground: Ground) -> None:
        with pytest.raises((Changed, NoRight)):
            ground.server.make_calendar(ground.work, "Work")


def _is_exact(ground: Ground, replica: MemoryReplica) -> bool:
    listing = ground.server.etags(ground.work)
    return {href: item.etag for href, item in replica.objects.items()} == dict(listing.etags)


def _first_page(ground: Ground) -> SyncPage | None:
    return ground.server.sync(ground.work, "") if has_sync(ground) else None


def _make_again(ground: Ground) -> None:
    if ground.dav is None:
        ground.server.make_calendar(ground.work, "Work")
    else:
        ground.dav.make_calendar(ground.work)
