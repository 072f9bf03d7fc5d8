"""Every template in every state: renders strictly, has the structure that readers and programs rely on."""

import re
from collections import Counter
from typing import Any

import pytest
from lxml import html

from tests.pages.rendering import TEMPLATES, environment, frame
from tests.pages.samples import samples

SAMPLES = samples()
PAGES = [item for item in SAMPLES if item[1].endswith(".html") and not item[1].startswith("mail/")]
WHOLE = [item for item in PAGES if not item[1].rpartition("/")[2].startswith("_")]


def names(items: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    return [name for name, *_ in items]


def rendered(template: str, context: dict[str, Any]) -> str:
    return environment().get_template(template).render(**{**frame(), **context})


def test_every_template_has_a_sample() -> None:
    whole = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.*")
        if not path.name.startswith("_") and path.name != "base.html"
    }
    assert whole == {template for _, template, _ in SAMPLES if "/_" not in template}


@pytest.mark.parametrize(("name", "template", "context"), SAMPLES, ids=names(SAMPLES))
def test_templates_render_with_nothing_undefined(name: str, template: str, context: dict[str, Any]) -> None:
    assert "&lt;" not in rendered(template, context)


@pytest.mark.parametrize(("name", "template", "context"), WHOLE, ids=names(WHOLE))
def test_pages_have_one_heading_one_main_button_and_few_bytes(
    name: str, template: str, context: dict[str, Any]
) -> None:
    text = rendered(template, context)
    page = html.document_fromstring(text)
    assert len(page.findall(".//h1")) == 1
    assert len(page.findall(".//main")) == 1
    assert len(page.find_class("primary")) <= 1
    assert len(text.encode()) < 60_000
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3", "h4")]
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize(("name", "template", "context"), PAGES, ids=names(PAGES))
def test_ids_are_unique_and_references_lead_somewhere(
    name: str, template: str, context: dict[str, Any]
) -> None:
    page = html.document_fromstring(rendered(template, context))
    ids = Counter(page.xpath("//@id"))
    assert [key for key, count in ids.items() if count > 1] == []
    pointed = " ".join(page.xpath("//@for | //@aria-labelledby | //@aria-describedby")).split()
    inside = [href[1:] for href in page.xpath("//a/@href") if href.startswith("#")]
    assert set(pointed) | set(inside) <= set(ids)


@pytest.mark.parametrize(("name", "template", "context"), PAGES, ids=names(PAGES))
def test_every_control_has_a_name(name: str, template: str, context: dict[str, Any]) -> None:
    page = html.document_fromstring(rendered(template, context))
    labelled = set(page.xpath("//label/@for"))
    for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        wrapped = any(parent.tag == "label" for parent in control.iterancestors())
        assert wrapped or control.get("id") in labelled or control.get("aria-label"), control.get("name")


def test_a_slot_is_called_by_its_time_first() -> None:
    context = next(context for name, _, context in SAMPLES if name == "book")
    page = html.document_fromstring(rendered("booking/week.html", context))
    spoken = [" ".join(slot.text_content().split()) for slot in page.find_class("slot")]
    assert spoken[0] == "15:30 on Tuesday 24 November 11:30 CET"


def test_errors_are_said_in_the_title_first() -> None:
    contexts = {name: (template, context) for name, template, context in SAMPLES}
    for name in ("details-error", "details-taken", "hours-error", "book-problem", "conflict"):
        assert "<title>Error: " in rendered(*contexts[name])
    for name in ("details", "hours", "book"):
        assert "<title>Error: " not in rendered(*contexts[name])


def test_text_mails_hold_no_markup_and_no_blank_runs() -> None:
    for _, template, context in SAMPLES:
        if template.endswith(".txt"):
            text = rendered(template, context)
            assert not re.search(r"&\w+;|<\w|\n\n\n|^\n", text), template
