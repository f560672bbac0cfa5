"""Claims found by runs of their words: tables of hashes that mend themselves.

A table is derived from the claims: one whose key column is not its `wording_key` (new, reworded, written by
bulk) is put on file by the next who asks for it, so no way of writing claims has to remember it.
"""

# The names of tables are put into the SQL; what varies is a parameter.
# ruff: noqa: S608

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from stories.models import Claim, Shingle, WordRun

NEWEST = 40  # claims looked at for one hash
_PER_QUERY = 240  # hashes in one statement


def hashed(text: str) -> int:
    """Return the 64-bit hash of a run of words, signed as databases have it."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


@dataclass(frozen=True, slots=True)
class WordIndex:
    """A table of hashes: which claims are in it, the column that says so, and the hashes of a claim."""

    table: type[Shingle | WordRun]
    key: str
    claims: Q
    hashes: Callable[[Claim], Iterable[int]]

    def waiting(self) -> QuerySet[Claim]:
        """Return the claims that are not on file, or are under other words."""
        return Claim.objects.filter(self.claims & ~Q(**{self.key: F("wording_key")}))

    def file_waiting(self, *, among: Q | None = None, most: int | None = None) -> int:
        """Put on file the claims that wait for it. How many (`most` at most). `among` narrows them down."""
        waiting = self.waiting().filter(among or Q()).order_by("pk")
        filed = 0
        while most is None or filed < most:
            size = 1_000 if most is None else min(1_000, most - filed)
            numbers = list(waiting.values_list("pk", flat=True)[:size])
            if not numbers:
                break
            with transaction.atomic():
                # What somebody is changing just now is filed the next time.
                free = Claim.objects.filter(pk__in=numbers).order_by("pk")
                free = free.only("wording", "wording_key", "speaker", "speaker_label")
                claims = list(free.select_for_update(no_key=True, skip_locked=True))
                self._file(claims)
            if not claims:
                break
            filed += len(claims)
        return filed

    def _file(self, claims: list[Claim]) -> None:
        self.table._base_manager.filter(claim__in=[claim.pk for claim in claims]).delete()
        table: Any = self.table
        rows = [table(hash=one, claim_id=claim.pk) for claim in claims for one in set(self.hashes(claim))]
        table._base_manager.bulk_create(rows, batch_size=2_000, ignore_conflicts=True)
        keyed = [Claim(pk=claim.pk, **{self.key: claim.wording_key}) for claim in claims]
        Claim.objects.bulk_update(keyed, [self.key], batch_size=500)

    def holding(self, hashes: list[int]) -> Iterator[tuple[int, list[int]]]:
        """Yield each of the hashes that is on file, with the numbers of its newest claims."""
        for first in range(0, len(hashes), _PER_QUERY):
            by_hash: dict[int, list[int]] = {}
            for one, claim in self._looked_up(hashes[first : first + _PER_QUERY]):
                by_hash.setdefault(one, []).append(claim)
            yield from by_hash.items()

    def _looked_up(self, hashes: list[int]) -> list[tuple[int, int]]:
        """(hash, claim id) for each hash, its newest claims only: every part of the statement ends early."""
        table = self.table._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # which would plan each part of a union by itself
                cursor.execute(
                    "SELECT found.hash, found.claim_id FROM unnest(%s::bigint[]) AS wanted(hash) CROSS JOIN "
                    f"LATERAL (SELECT hash, claim_id FROM {table} WHERE hash = wanted.hash "
                    "ORDER BY claim_id DESC LIMIT %s) AS found",
                    [hashes, NEWEST],
                )
            else:
                one = (
                    f"SELECT * FROM (SELECT hash, claim_id FROM {table} WHERE hash = %s "
                    "ORDER BY claim_id DESC LIMIT %s)"
                )
                values = [value for wanted in hashes for value in (wanted, NEWEST)]
                cursor.execute(" UNION ALL ".join([one] * len(hashes)), values)
            return cursor.fetchall()  # type: ignore[no-any-return]
