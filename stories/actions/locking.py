"""One order of locks for every act of the desk: stories, people, claims, appearances, each by number.

The triggers take theirs in the same order once the first three are held: they write an appearance, then its
claim, and the index tables of both. An act takes all it needs with `hold` before it writes. Appearances need
no lock of their own: every act that writes one holds its story.

The locks are PostgreSQL's FOR NO KEY UPDATE: a row that merely points at a locked one does not wait.
In SQLite the transaction itself keeps every other writer out, and `hold` reads the rows as they are.
"""

from collections.abc import Callable, Collection, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.db.models import Model, QuerySet

from stories.actions.errors import NotReady
from stories.models import Appearance, Article, Claim, Politician

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound=Model)
BUSY = "Somebody else is changing the same thing just now. See how it stands, then try again."
ATTEMPTS = 4  # the second may meet the same act again, which has not ended yet
GONE = {
    Article: "The story is not there any more: somebody has deleted it.",
    Politician: "The person’s record is not there any more: somebody has deleted it.",
    Claim: "The claim is not there any more: somebody has deleted it or joined it to another.",
}
# When two did the same at once: a deadlock, a lock that was not had, a row made or gone meanwhile.
CLASHES = {"40P01", "40001", "55P03", "23505", "23503"} | {
    f"SQLITE_CONSTRAINT_{kind}" for kind in ("UNIQUE", "PRIMARYKEY", "FOREIGNKEY", "TRIGGER")
}
_inside: ContextVar[bool] = ContextVar("inside an act of the desk", default=False)


class Clash(NotReady):
    """What has to be locked changed while the locks were waited for."""

    def __init__(self) -> None:
        super().__init__(BUSY)


def act(do: Callable[P, R]) -> Callable[P, R]:
    """Run `do` in one transaction, and again when another's act got in its way, ATTEMPTS times in all.

    After the last time it raises NotReady, as it does for a row that has gone. An act within another is
    part of that one.
    """

    @wraps(do)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _inside.get():
            return do(*args, **kwargs)
        token = _inside.set(True)
        clash = None
        try:
            for _ in range(ATTEMPTS):
                try:
                    with transaction.atomic():
                        return do(*args, **kwargs)
                except (Clash, DatabaseError, ObjectDoesNotExist) as error:
                    if not _is_clash(error):
                        raise
                    clash = error
            raise NotReady(BUSY) from clash
        finally:
            _inside.reset(token)

    return run


@dataclass(frozen=True, slots=True)
class Held:
    """Rows as they are in the database, locked until the transaction ends."""

    stories: dict[int, Article]
    people: dict[int, Politician]
    claims: dict[int, Claim]

    def story(self, row: Article) -> Article:
        """The locked row of a story. Raises Clash when it was not locked, NotReady when it is gone."""
        return _of(self.stories, row)

    def claim(self, row: Claim) -> Claim:
        """The locked row of a claim. Raises Clash when it was not locked, NotReady when it is gone."""
        return _of(self.claims, row)

    def record(self, row: Politician) -> Politician:
        """The person's own record, merged away or not."""
        return _of(self.people, row)

    def person(self, row: Politician | int) -> Politician:
        """The record that answers for `row` now: itself, or the one it was merged into."""
        pk, seen = row if isinstance(row, int) else row.pk, set()
        while pk in self.people and pk not in seen:
            seen.add(pk)
            person = self.people[pk]
            if person.merged_into_id is None:
                return person
            pk = person.merged_into_id
        raise Clash


def hold(
    *,
    stories: Collection[Article] = (),
    people: Iterable[Politician | None] = (),
    claims: Iterable[Claim | None] = (),
) -> Held:
    """Lock rows, and what is written with them: with a story the claims printed in it, with a claim its
    speaker and the stories that print it, with a person whoever they were merged into.

    None among them is nobody. Call it once, before anything is written. Raises NotReady (a row has gone) and
    Clash, which `act` answers by beginning anew.
    """
    wanted = {row.pk for row in claims if row is not None}
    named = {row.pk for row in people if row is not None}
    whole = {row.pk for row in stories}
    printing, speaking = _printing(wanted), _speaking(wanted)
    locked_stories = _lock(Article.objects.all(), whole | printing)
    _require(Article, whole, locked_stories)
    locked_people = _lock(Politician.objects.all(), _answering(named | speaking))
    _require(Politician, named, locked_people)
    printed = Appearance.objects.filter(article__in=whole).values_list("claim", flat=True) if whole else ()
    locked_claims = _lock(Claim.objects.all(), wanted | set(printed))
    _require(Claim, wanted, locked_claims)
    if not (
        _printing(wanted) <= locked_stories.keys()
        and {locked_claims[pk].speaker_id for pk in wanted} - {None} <= locked_people.keys()
        and {person.merged_into_id for person in locked_people.values()} - {None} <= locked_people.keys()
    ):
        raise Clash
    return Held(locked_stories, locked_people, locked_claims)


def story(row: Article) -> Article:
    """The story's row alone, locked: for what changes neither its words nor who sees it. Raises NotReady."""
    return _of(_lock(Article.objects.all(), {row.pk}), row)


def _lock(rows: QuerySet[Row], pks: Collection[int]) -> dict[int, Row]:
    if not pks:
        return {}
    return {row.pk: row for row in rows.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)}


def _of(held: dict[int, Row], row: Row) -> Row:
    if row.pk not in held:
        if type(row)._base_manager.filter(pk=row.pk).exists():
            raise Clash
        raise NotReady(GONE[type(row)])
    return held[row.pk]


def _require(model: type[Model], wanted: set[int], held: dict[int, Row]) -> None:
    if not wanted <= held.keys():
        raise NotReady(GONE[model])


def _printing(claims: set[int]) -> set[int]:
    """The stories in which the claims stand."""
    if not claims:
        return set()
    return set(Appearance.objects.filter(claim__in=claims).order_by().values_list("article", flat=True))


def _speaking(claims: set[int]) -> set[int]:
    if not claims:
        return set()
    said = Claim.objects.filter(pk__in=claims, speaker__isnull=False).order_by()
    return set(said.values_list("speaker", flat=True))


def _answering(people: set[int]) -> set[int]:
    """The people, and whom they were merged into."""
    found, more = set(people), set(people)
    while more:
        into = Politician.objects.filter(pk__in=more, merged_into__isnull=False).order_by()
        more = {pk for pk in into.values_list("merged_into", flat=True) if pk is not None} - found
        found |= more
    return found


def _is_clash(error: Exception) -> bool:
    if isinstance(error, (Clash, ObjectDoesNotExist)) or type(error) is DatabaseError:
        return True  # Django's own word for a row that was to be updated and is gone
    code = str(getattr(error.__cause__, "sqlstate", "") or getattr(error.__cause__, "sqlite_errorname", ""))
    return code in CLASHES or code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
