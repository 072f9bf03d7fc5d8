"""A calendar cut into its components on BEGIN and END, so that one bad event cannot hide the others."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.ical.errors import UnreadableCalendar
from app.ical.lines import ContentLine, content_lines, decode, fold, unescape


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
        """Every component of this name inside, at any depth, in order of the file."""
        waiting = list(reversed(self.children))
        while waiting:
            component = waiting.pop()
            if component.name == name:
                yield component
            waiting.extend(reversed(component.children))

    def write(self) -> str:
        """The component as folded lines; those of its parts follow its own."""
        inside = "".join(fold(line.raw) for line in self.lines)
        parts = "".join(child.write() for child in self.children)
        return f"BEGIN:{self.name}\r\n{inside}{parts}END:{self.name}\r\n"


def read_components(text: str | bytes) -> Component:
    """The calendar, as a component that holds every VCALENDAR of the text.

    Raises UnreadableCalendar when there is none, or when it does not end (a download cut off).
    """
    if isinstance(text, bytes):
        text = decode(text)
    root = Component("")
    stack = [root]
    for line in content_lines(text):
        if line.name == "BEGIN":
            component = Component(line.value.strip().upper())
            if len(stack) == 1 and component.name != "VCALENDAR":
                raise UnreadableCalendar(f"starts with {component.name}, not with VCALENDAR")
            stack[-1].children.append(component)
            stack.append(component)
        elif line.name == "END":
            _close(stack, line.value.strip().upper())
        elif len(stack) > 1:
            stack[-1].lines.append(line)
    if not root.children:
        raise UnreadableCalendar("no VCALENDAR in the text")
    if len(stack) > 1:
        raise UnreadableCalendar(f"cut off inside {stack[-1].name}")
    return root


def _close(stack: list[Component], name: str) -> None:
    # The END of an outer component closes what was left open inside; one that nothing opened is ignored; a
    # slip of the hand behind the name (END:VCALENDARD, in the wild) is forgiven.
    for depth in range(len(stack) - 1, 0, -1):
        if name.startswith(stack[depth].name):
            del stack[depth:]
            return
