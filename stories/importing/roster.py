"""Whom the desk knows: for the extraction to be told, and to find again the people it found.

A person is matched by the whole name, or not at all. A bare surname is never enough: it stays with the
words as printed, and everybody it could be is offered to the reviewer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Count, Max

from stories.extraction import Extraction, KnownPerson, Person, Role
from stories.models import ImportRun, Party, Politician
from stories.text.normalise import name_key
from stories.text.sources import office

__all__ = ["Roster", "known_people"]

# A peer has one name in print, and it is a whole one.
_PEERAGE = frozenset({"lord", "lady", "baroness", "baron", "viscount", "viscountess", "earl", "countess"})


def is_whole(name: str) -> bool:
    """Whether a name can stand for one person: given and family name, or a peer's."""
    return len(name_key(name).split()) > 1


def known_people(*, without: ImportRun | None = None) -> tuple[KnownPerson, ...]:
    """Every current politician as the extraction takes them; `key` is the primary key.

    Those that `without` made are left out: what a run reads in a file does not depend on which of its files
    came before, so a run that was interrupted and taken up again ends as one that was not.
    """
    people = Politician.objects.current().select_related("party").order_by("pk")
    people = people.prefetch_related("other_names", "memberships", "merged_from__other_names")
    if without is not None and without.pk is not None:
        people = people.exclude(imported_in=without)
    return tuple(_known(person) for person in people)


def _known(person: Politician) -> KnownPerson:
    roles = [Role(m.role, m.start_date, m.end_date) for m in person.memberships.all() if m.role]
    if person.role and all(role.title != person.role for role in roles):
        roles.append(Role(person.role))
    return KnownPerson(
        key=str(person.pk),
        name=person.name,
        other_names=tuple(dict.fromkeys(name for name in _names(person) if name != person.name)),
        party=person.party.name if person.party else "",
        roles=tuple(roles),
    )


def _names(person: Politician) -> Iterable[str]:
    for record in (person, *person.merged_from.all()):
        yield record.name
        yield from (other.name for other in record.other_names.all())


class Roster:
    """The politicians on record by their names, kept up to date as an import adds to them.

    When an import is only `tried`, whom a file enters is taken back with it; `revive` enters them again for
    the next file that names them, which then finds them as a real import's would.
    """

    def __init__(self, *, tried: bool = False) -> None:
        self._tried: dict[int, Politician] | None = {} if tried else None
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_surname: dict[str, set[int]] = defaultdict(set)
        self._stamp = _stamp()
        people = Politician.objects.current().order_by("pk")
        for person in people.prefetch_related("other_names", "merged_from__other_names"):
            self._add(person.pk, _names(person))

    def _add(self, pk: int, names: Iterable[str]) -> None:
        for name in names:
            key = name_key(name)
            if key:
                self._by_name[key].add(pk)
                self._by_surname[key.split()[-1]].add(pk)

    @property
    def is_stale(self) -> bool:
        """Whether somebody else has entered, removed or merged people since."""
        return self._tried is None and self._stamp != _stamp()

    def revive(self, people: Iterable[Person]) -> None:
        """Enter again those of `people` who were entered in a file before."""
        pks = {pk for person in people for pk in self.matches(person)}
        gone = [row for pk, row in (self._tried or {}).items() if pk in pks]
        Politician.objects.bulk_create(gone)

    def matches(self, person: Person) -> list[int]:
        """The politicians a found person can be: one that is certain, several namesakes, or none."""
        if person.key is not None:
            return [int(person.key)]
        if person.ambiguous or not is_whole(person.name):
            return []
        names = {person.name, *(name for name in person.names if is_whole(name))}
        return sorted({pk for name in names for pk in self._by_name.get(name_key(name), ())})

    def bearing(self, name: str) -> list[int]:
        """Every politician with the last word of `name` as surname: whom a bare surname could mean."""
        words = name_key(name).split()
        return sorted(self._by_surname.get(words[-1], ())) if words else []

    def enter(self, person: Person, run: ImportRun) -> tuple[Politician, Party | None]:
        """A new record for a found politician, and the party that had to be made for it, if one had."""
        party, made = find_party(person.party or "")
        politician = Politician(
            name=person.name[:150],
            party=party,
            role=office(person.role or "", person.party or "")[:200],
            imported_in=run,
        )
        if self._tried is not None:
            # Neither its number nor its address may be another's when it is revived beside others.
            politician.pk = _FIRST_TRIED + len(self._tried)
            politician.slug = f"tried-{politician.pk}"
        politician.save(force_insert=True)
        if self._tried is not None:
            self._tried[politician.pk] = Politician(
                pk=politician.pk, slug=politician.slug, name=politician.name, role=politician.role
            )
        self._add(politician.pk, [person.name])
        self._stamp = _stamp()
        return politician, party if made else None


_FIRST_TRIED = 2**48  # a primary key that no row has


def _stamp() -> tuple[int | None, int]:
    rows = Politician.objects.current().aggregate(newest=Max("pk"), number=Count("pk"))
    return rows["newest"], rows["number"]


def may_enter(person: Person, *, speaks: bool) -> bool:
    """Whether a found person becomes a record: a politician, or whoever `speaks` in the text, under a whole
    name, and only one such.

    Of the others a text only names, many are places, firms or ships.
    """
    return (
        (speaks or person.politician is True)
        and not person.ambiguous
        and is_whole(person.name)
        and len(person.name) <= 150
    )


def speakers(extraction: Extraction) -> set[int]:
    """The numbers of the people whose words are in the text beyond doubt."""
    return {
        said.person for said in extraction.quotations if said.status == "accepted" and said.person is not None
    }


def find_party(name: str) -> tuple[Party | None, bool]:
    """The party of that name or short name, made if there is none; and whether it was made."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        return None, False
    party = (
        Party.objects.filter(name__iexact=name).first()
        or Party.objects.filter(short_name__iexact=name).first()
    )
    return (party, False) if party else (Party.objects.create(name=name), True)


def people_on_record(pks: Sequence[int]) -> dict[int, Politician]:
    """Return the current politicians with these primary keys, by them."""
    return Politician.objects.current().in_bulk(pks)
