"""Who is meant to have said something: a person on record, or somebody who is to be put on record."""

from django.contrib.auth.models import User

from stories.actions.errors import NotReady
from stories.models import Politician

ADD = "stories.add_politician"


def on_record(
    *, speaker: Politician | None, new_person: str, by: User | None, namesake: bool = False
) -> tuple[Politician | None, Politician | None]:
    """Who said it, and their record again if it was made for this: `new_person` is a name, or "".

    A name that one person on record bears is theirs; a `namesake` is somebody else of that name.
    Raises NotReady (who may not add people, a name that several bear).
    """
    person, new = meant(speaker=speaker, new_person=new_person, namesake=namesake, by=by)
    if person is None or not new:
        return person, None
    person.save()
    return person, person


def meant(
    *, speaker: Politician | None, new_person: str, by: User | None, namesake: bool = False
) -> tuple[Politician | None, bool]:
    """Who is meant, as :func:`on_record` decides it, and whether they are new: then their record is not
    saved.

    Raises as that does.
    """
    name = " ".join(new_person.split())
    if not name:
        return speaker, False
    if by is not None and not by.has_perm(ADD):
        raise NotReady("You may not add people; give a label instead.")
    known = [] if namesake else list(Politician.objects.current().filter(name__iexact=name)[:2])
    if len(known) > 1:
        raise NotReady(f"Several people on record are called {name}: choose one of them.")
    return (known[0], False) if known else (Politician(name=name), True)
