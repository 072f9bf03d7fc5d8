"""Who is meant by the stand-in that an event names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.customers.profiles import SpecialistProfile
from app.ical.stand_in import NamedStandIn, read_stand_in
from app.lib.text import scrubbed


@dataclass(frozen=True, slots=True)
class Meant:
    """The stand-in, None for nobody in particular; ``unknown`` is a name that is nobody's here."""

    person: SpecialistProfile | None = None
    unknown: str = ""


def meant(named: NamedStandIn, people: Sequence[SpecialistProfile], owner_id: int) -> Meant:
    """Who of ``people`` an event of ``owner_id`` means.

    What is written in words counts first, because in other clients that is all that can be changed: a whole
    name, an address, or a first name that only one of them has; more words may follow. Then what our editor
    wrote, then whoever is invited. Never the owner.
    """
    others = [person for person in people if person.user_id != owner_id]
    typed = _by_words(named.typed, others)
    if typed is not None:
        return Meant(typed)
    for address in filter(None, (named.address, *(() if named.typed else named.guests))):
        for person in others:
            if person.email.lower() == address:
                return Meant(person)
    return Meant(None, scrubbed(named.typed, 80))


def _by_words(typed: str, people: Sequence[SpecialistProfile]) -> SpecialistProfile | None:
    words = typed.casefold().split()
    for count in range(len(words), 0, -1):
        said = " ".join(words[:count])
        found = [
            person
            for person in people
            if said in {" ".join(person.name.casefold().split()), person.email.casefold()}
        ]
        if count == 1 and not found:
            found = [person for person in people if person.name.casefold().split()[:1] == words[:1]]
        if len(found) == 1:
            return found[0]
    return None


def unknown_names(
    texts: Iterable[str], people: Sequence[SpecialistProfile], owner_id: int
) -> tuple[str, ...]:
    """The names of stand-ins in these objects that are nobody's here."""
    found = (meant(read_stand_in(text), people, owner_id).unknown for text in texts)
    return tuple(dict.fromkeys(filter(None, found)))
