"""What browsers ask for and send while a chat is open."""

from typing import Any

from flask import Flask
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.desk.models import Message
from app.lib.db import db
from tests.pages.client import PageClient


def polled(who: PageClient, path: str, after: int = 0, tag: str = "") -> TestResponse:
    headers = {"X-Fragment": "1", **({"If-None-Match": tag} if tag else {})}
    return who.client.get(f"{path}/messages", query_string={"after": after}, headers=headers)


def sent(who: PageClient, path: str, text: str, key: str, after: int = 0, **more: Any) -> TestResponse:
    who._secret = who._secret or who._token()
    data = {"csrf_token": who._secret, "text": text, "key": key, "after": str(after), **more}
    return who.client.post(path, data=data, headers={"X-Fragment": "1"})


def numbers(answer: TestResponse) -> list[int]:
    return [int(item.get("id")[2:]) for item in html.fromstring(answer.text).xpath("//ol/li")]


def address_of_chat(sam: PageClient) -> str:
    (link,) = [link for link in sam.get("/chats").links() if link.startswith("/chats/")]
    return str(link)


def kept(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Message.text).order_by(Message.number)))
