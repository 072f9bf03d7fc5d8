"""A calendar cut into its components on BEGIN and END, so that one bad event cannot hide the others."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.ical.errors import UnreadableCalendar
from app.ical.lines import ContentLine, content_lines, decode, events_begun, fold, unescape

_LONGEST_NAME = 60


@dataclass(slots=True)
class Component:
    """A component, its own lines and what it holds; ``name`` in capitals."""

    name: str
    lines: list[ContentLine] = field(default_factory=list)
    children: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[ContentLine]:
        """The lines with this name, in order."""
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> ContentLine | None:
        """The first line with this name."""
        return next((line for line in self.lines if line.name == name), None)

    def text(self, name: str) -> str:
        """The unescaped value of the first line with this name, empty when absent."""
        line = self.first(name)
        return "" if line is None else unescape(line.value).strip()

    def number(self, name: str) -> int:
        """The value as a whole number, 0 when absent or not one."""
        try:
            return int(self.text(name))
        except ValueError:
            return 0

    def walk(self, name: str) -> Iterator["Component"]:
        """Every component of this name inside, at any depth, in order of the file.

        A calendar inside a calendar is no part of it (RFC 5545, 3.6: what is not known there is ignored).
        """
        waiting = list(reversed(self.children))
        while waiting:
            component = waiting.pop()
            if component.name == name:
                yield component
            waiting.extend(child for child in reversed(component.children) if child.name != "VCALENDAR")

    def write(self) -> str:
        """The component as folded lines; those of its parts follow its own."""
        inside = "".join(fold(line.raw) for line in self.lines)
        parts = "".join(child.write() for child in self.children)
        return f"BEGIN:{self.name}\r\n{inside}{parts}END:{self.name}\r\n"


def read_components(text: str | bytes) -> Component:
    """The calendar, as a component that holds every VCALENDAR of the text.

    Raises UnreadableCalendar when there is none, when it does not end (a download cut off), or when events
    begin in the text that are not found on lines of their own.
    """
    if isinstance(text, bytes):
        text = decode(text)
    root = Component("")
    stack = [root]
    opened: Counter[str] = Counter()
    begun = 0
    for line in content_lines(text):
        if line.name == "BEGIN":
            component = Component(_name(line))
            if len(stack) == 1 and component.name != "VCALENDAR":
                raise UnreadableCalendar(f"starts with {component.name}, not with VCALENDAR")
            stack[-1].children.append(component)
            stack.append(component)
            opened[component.name] += 1
            begun += component.name == "VEVENT"
        elif line.name == "END":
            _close(stack, opened, _name(line))
        elif len(stack) > 1:
            stack[-1].lines.append(line)
    if not root.children:
        raise UnreadableCalendar("no VCALENDAR in the text")
    if len(stack) > 1:
        raise UnreadableCalendar(f"cut off inside {stack[-1].name}")
    if begun < events_begun(text):
        raise UnreadableCalendar("events are hidden by indented or unended lines")
    return root


def _name(line: ContentLine) -> str:
    return line.value.strip().upper()[:_LONGEST_NAME]


def _close(stack: list[Component], opened: Counter[str], name: str) -> None:
    # The END of an outer component closes what was left open inside; one that nothing opened is ignored; a
    # slip of the hand behind the name (END:VCALENDARD, in the wild) is forgiven.
    if not any(opened[name[:size]] for size in range(len(name) + 1)):
        return
    while len(stack) > 1:
        component = stack.pop()
        opened[component.name] -= 1
        if name.startswith(component.name):
            return
