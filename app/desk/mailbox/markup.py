"""The HTML of mails: cleaned of everything but words and their order, and as plain text."""

import re
from html.parser import HTMLParser

import nh3

from app.lib.text import scrubbed_lines

# Deeply nested HTML takes the square of its length: this much takes about a second.
LONGEST = 100_000
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "i", "li", "ol", "p", "pre", "s", "strong"),
    *("table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
_DROPPED = {"script", "style", "title", "head", "template", "noscript", "svg", "math"}
_BLOCKS = {"blockquote", "div", "li", "ol", "p", "pre", "table", "tr", "ul"}


def clean_html(html: str) -> str:
    """HTML without pictures, styles, scripts and forms; links lead to web pages alone (nothing is fetched).

    Without the signs either that no other text may hold: those that turn it round, and controls. What is
    beyond LONGEST is cut off.
    """
    cleaned = nh3.clean(
        html[:LONGEST],
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )
    # What is added to links makes it longer: nothing may be cut off here.
    return scrubbed_lines(cleaned, 20 * LONGEST)


def body_of(html: str) -> str:
    """The HTML from its body on: word processors write more of styles above it than people write words."""
    return html[max(0, html.lower().find("<body")) :]


def text_of(cleaned: str) -> str:
    """The words of HTML that clean_html made, a line for each block; quotations begin with ``>``."""
    writer = _Writer()
    writer.feed(cleaned)
    writer.close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in writer.lines())).strip()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines = [""]
        self._depth = 0
        self._kept = 0
        self._href = ""
        self._label = ""

    def lines(self) -> list[str]:
        return self._lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._break()
        match tag:
            case "br":
                self._lines.append(self._mark())
            case "blockquote":
                self._depth += 1
                self._lines.append(self._mark())
            case "li":
                self._add("- ")
            case "pre":
                self._kept += 1
            case "td" | "th":
                self._add(" ")
            case "a":
                self._href, self._label = dict(attrs).get("href") or "", ""

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "blockquote":
                self._depth = max(0, self._depth - 1)
                self._lines.append(self._mark())
            case "pre":
                self._kept = max(0, self._kept - 1)
            case "a" if self._href:
                # A link's words alone would lose where it leads.
                if self._label.strip() != self._href:
                    self._add(f" ({self._href})")
                self._href = ""
        if tag in _BLOCKS:
            self._break()
        if tag == "p":
            self._lines.append(self._mark())

    def handle_data(self, data: str) -> None:
        if self._href:
            self._label += data
        if self._kept:
            first, *others = data.split("\n")
            self._add(first)
            self._lines += [self._mark() + line for line in others]
            return
        words = re.sub(r"[ \t\r\n\xa0]+", " ", data)
        is_start = self._lines[-1] == self._mark()
        self._add(words.lstrip() if is_start else words)

    def _add(self, text: str) -> None:
        self._lines[-1] += text

    def _break(self) -> None:
        if self._lines[-1] != self._mark():
            self._lines.append(self._mark())

    def _mark(self) -> str:
        return "> " * min(self._depth, 5)
