"""The contact card by page."""

from flask import Flask

from tests.booking.conftest import _nobody_writes, now, vera, world
from tests.pages.client import PageClient
from tests.world import World

__all__ = ["_nobody_writes", "now", "vera", "world"]


def test_the_card_leads_to_every_way(vera: PageClient) -> None:
    page = vera.get("/contact")
    assert page.heading.startswith("All ways to reach Sam")
    assert {"/book", "/chat", "/callbacks/new", "/requests/new", "/contact.vcf"} <= set(page.links())
    assert "/contact" in vera.get("/").links()


def test_the_card_needs_few_queries(vera: PageClient, count_queries) -> None:
    vera.get("/contact")
    with count_queries() as queries:
        vera.get("/contact")
    assert len(queries) <= 10, "\n".join(queries.statements)


def test_it_can_be_saved(vera: PageClient) -> None:
    answer = vera.client.get("/contact.vcf")
    assert answer.content_type == "text/vcard; charset=utf-8"
    assert "FN:Sam" in answer.text


def test_who_is_not_entitled_reads_why(app: Flask, world: World) -> None:
    assert "option" in PageClient(app, world.otto).get("/contact", 403).words.lower()


def test_it_is_for_customers(app: Flask, world: World) -> None:
    assert PageClient(app, world.sam).client.get("/contact").status_code == 404


def test_every_customer_page_leads_to_it(vera: PageClient) -> None:
    for path in ("/", "/book", "/calls", "/callbacks", "/profile"):
        footer = vera.get(path).tree.find(".//footer")
        assert {"/contact", "/callbacks/new"} <= {link.get("href") for link in footer.findall(".//a")}
