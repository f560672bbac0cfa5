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
    name = " ".join(new_person.split())
    if not name:
        return speaker, None
    if by is not None and not by.has_perm(ADD):
        raise NotReady("You may not add people; give a label instead.")
    known = [] if namesake else list(Politician.objects.current().filter(name__iexact=name)[:2])
    if len(known) > 1:
        raise NotReady(f"Several people on record are called {name}: choose one of them.")
    if known:
        return known[0], None
    new = Politician.objects.create(name=name)
    return new, new
