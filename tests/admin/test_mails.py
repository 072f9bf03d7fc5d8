"""Every mail can be looked at, in both languages, and cannot act."""

import re
from pathlib import Path

import pytest
from flask import Flask

import app as package
from app.admin.mails.mails_page import mail_names
from app.admin.mails.previews import sample, template_of
from app.admin.mails.previews_desk import TEMPLATES as DESK
from app.mail.wording import render
from tests.pages.client import PageClient

FOLDER = Path(str(package.__file__)).parent / "templates" / "mail"
FILES = {path.stem for path in FOLDER.iterdir() if not path.name.startswith("_")}
NAMES = sorted({*FILES - {*DESK.values()} | {"note"}, *DESK, "nobody_stands_in_closed"})


def test_every_mail_is_in_the_list_and_nothing_else(app: Flask) -> None:
    with app.test_request_context("/"):
        assert sorted(mail_names()) == NAMES
        assert {template_of(name) for name in mail_names()} == FILES


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", NAMES)
def test_every_mail_has_a_preview_in_both_languages(name: str, language: str) -> None:
    mail = render(template_of(name), language, sample(name, language, "Harbour"))
    assert "Harbour" in mail.text or "Harbour" in mail.html
    # This one holds no sample words, only those of the catalogue.
    if name != "sign_in":
        assert bool(re.search("[а-я]", mail.text)) == (language == "ru")


@pytest.mark.parametrize("name", NAMES)
def test_every_link_in_a_mail_leads_to_a_page_that_can_be_opened(app: Flask, name: str) -> None:
    mail = render(template_of(name), "en", sample(name, "en", "Harbour"))
    adapter = app.url_map.bind("calls.company.example", url_scheme="https")
    found = {
        match[1].partition("?")[0].rstrip(".")
        for text in (mail.text, mail.html)
        for match in re.finditer(r"https://calls\.company\.example(/[^\s\"<]*)", text)
    }
    for path in found:
        # Raises what says that there is no such page, or none that a link can open.
        adapter.match(path, method="GET")


def test_the_mail_of_a_closed_account_is_previewed_beside_the_one_of_days(ada: PageClient) -> None:
    shown = {name: ada.get(f"/settings/mails/{name}").words for name in NAMES if "nobody" in name}
    of_days, of_account = shown["nobody_stands_in"], shown["nobody_stands_in_closed"]
    assert "The account of Sam Okafor is closed" in of_account and "/companies?show=unserved" in of_account
    assert "is away. These days nobody serves" in of_days and "is closed" not in of_days


def test_a_preview_is_text_and_a_page_of_its_own_that_cannot_act(ada: PageClient) -> None:
    assert any(href.endswith("/settings/mails/invitation") for href in ada.get("/settings/mails").links())
    page = ada.get("/settings/mails/invitation", language="ru")
    assert "Поддержка по продукту" in page.words
    answer = ada.client.get("/settings/mails/invitation/html?language=ru")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert "Поддержка по продукту" in answer.text
    assert ada.client.get("/settings/mails/nothing/html").status_code == 404
