"""A client that looks at every page it is given: what must hold on each is checked on each."""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.world import Member, client_of


class Page:
    """An answer that is a page, checked."""

    def __init__(self, answer: TestResponse) -> None:
        self.status = answer.status_code
        self.headers = answer.headers
        self.text = answer.get_data(as_text=True)
        self.tree = html.fromstring(self.text)

    @property
    def heading(self) -> str:
        """The words of the h1."""
        return words(self.tree.find(".//h1"))

    @property
    def title(self) -> str:
        """The page's title."""
        return words(self.tree.find(".//title"))

    @property
    def words(self) -> str:
        """All words of the main part, with single blanks."""
        return words(self.tree.find(".//main"))

    def forms(self, action: str = "") -> list[Any]:
        """The forms of the main part, those alone whose action begins so."""
        return [
            form for form in self.tree.findall(".//main//form") if form.get("action", "").startswith(action)
        ]

    def slots(self) -> list[str]:
        """The starts that can be pressed."""
        return [button.get("value") for button in self.tree.findall(".//main//button[@name='start']")]

    def radios(self, name: str = "start") -> list[str]:
        """The values of a list of choices."""
        return [
            item.get("value") for item in self.tree.findall(f".//main//input[@name='{name}'][@type='radio']")
        ]

    def links(self) -> list[str]:
        """Where the main part's links lead."""
        return [link.get("href") for link in self.tree.findall(".//main//a[@href]")]


def words(element: Any) -> str:
    """An element's text with single blanks."""
    return " ".join(element.text_content().split())


def faults(page: Page) -> Iterator[str]:
    """What is wrong with a page that must not be wrong with any."""
    for name in ("h1", "main", "title"):
        if (count := len(page.tree.findall(f".//{name}"))) != 1:
            yield f"{count} × {name}"
    if page.tree.get("lang") not in {"en", "ru"}:
        yield f"lang={page.tree.get('lang')!r}"
    yield from _inline(page)
    if page.headers.get("Cache-Control") != "private, no-store" or "Cookie" not in page.headers.get(
        "Vary", ""
    ):
        yield f"may be cached: {page.headers.get('Cache-Control')!r}"
    if "'unsafe" in page.headers.get("Content-Security-Policy", "'unsafe"):
        yield "no strict content policy"
    yield from _faults_of_structure(page)


def _inline(page: Page) -> Iterator[str]:
    """Styles and scripts that the content policy would block."""
    for element in page.tree.iter():
        name = str(element.tag)
        if name == "style" or (name == "script" and not element.get("src")):
            yield f"<{name}> with contents"
        for key, value in element.attrib.items():
            if key == "style" or key.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{key}={value!r} in <{name}>"


def _faults_of_structure(page: Page) -> Iterator[str]:
    for form in page.tree.findall(".//form"):
        if form.get("method") == "post" and form.find(".//input[@name='csrf_token']") is None:
            yield f"no token in the form to {form.get('action')}"
    ids = [element.get("id") for element in page.tree.iterfind(".//*[@id]")]
    yield from (f"id {name} twice" for name in set(ids) if ids.count(name) > 1)
    levels = [int(element.tag[1]) for element in page.tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    steps = zip(levels, levels[1:], strict=False)
    yield from (f"h{before} is followed by h{after}" for before, after in steps if after > before + 1)


class PageClient:
    """Somebody's browser without JavaScript."""

    def __init__(self, app: Flask, member: Member | None = None) -> None:
        self.client: FlaskClient = client_of(app, member)
        self._secret = ""

    def get(self, path: str, status: int = 200, **query: Any) -> Page:
        """A page with this status."""
        return self._page(self.client.get(path, query_string=query or None), status)

    def post(self, path: str, status: int = 200, *, token: bool = True, **fields: Any) -> Page:
        """The page that answers a form."""
        return self._page(self.send(path, token=token, **fields), status)

    def send(self, path: str, *, token: bool = True, **fields: Any) -> TestResponse:
        """A form's bare answer; the token is taken from a page as a browser would."""
        self._secret = self._secret or self._token()
        secret = {"csrf_token": self._secret} if token else {}
        return self.client.post(path, data={**secret, **fields})

    def follow(self, path: str, **fields: Any) -> tuple[str, Page]:
        """Send a form that is answered by 303, and open where it leads."""
        answer = self.send(path, **fields)
        assert answer.status_code == 303, (answer.status_code, answer.get_data(as_text=True)[:2000])
        return answer.location, self.get(answer.location)

    def _token(self) -> str:
        page = html.fromstring(self.client.get("/profile", follow_redirects=True).get_data(as_text=True))
        return str(page.find(".//input[@name='csrf_token']").get("value"))

    def _page(self, answer: TestResponse, status: int) -> Page:
        assert answer.status_code == status, (answer.status_code, answer.location, answer.text[:3000])
        page = Page(answer)
        found = list(faults(page))
        assert not found, found
        return page
