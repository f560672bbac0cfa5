"""No claim is said by a record that was merged into another: the database refuses it, whoever writes.

It refuses with an IntegrityError a claim that is given to a person merged away, and the merge of a person
whose claims were not moved first. Two who do one of them each at once wait for each other at the person's
row, and PostgreSQL's trigger then sees what the first has committed.
"""

# Fixed SQL: nothing that anybody typed is in it.

from django.db.backends.base.base import BaseDatabaseWrapper

from stories.database.triggers import Trigger

MERGED_AWAY = "SELECT 1 FROM stories_politician WHERE id = NEW.speaker_id AND merged_into_id IS NOT NULL"
STILL_THEIRS = "SELECT 1 FROM stories_claim WHERE speaker_id = NEW.id"
TRIGGERS = [
    Trigger(
        f"speaker_claim_{done}",
        event,
        "stories_claim",
        when,
        MERGED_AWAY,
        first="PERFORM 1 FROM stories_politician WHERE id = NEW.speaker_id FOR SHARE",
        refusal="the speaker of the claim was merged into another person",
    )
    for done, event, when in (
        ("made", "INSERT", "NEW.speaker_id IS NOT NULL"),
        (
            "changed",
            "UPDATE OF speaker_id",
            "NEW.speaker_id IS NOT NULL AND OLD.speaker_id IS DISTINCT FROM NEW.speaker_id",
        ),
    )
] + [
    Trigger(
        f"speaker_politician_{done}",
        event,
        "stories_politician",
        when,
        STILL_THEIRS,
        refusal="the person that is merged away still has claims",
    )
    for done, event, when in (
        ("made", "INSERT", "NEW.merged_into_id IS NOT NULL"),
        (
            "merged",
            "UPDATE OF merged_into_id",
            "NEW.merged_into_id IS NOT NULL AND OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id",
        ),
    )
]


def put_right(connection: BaseDatabaseWrapper) -> None:
    """Give the claims of people merged away to whom answers for them now.

    Where that record has the same words already, the claim stands under the bare name: nothing of it is
    lost, and giving it to the person at the desk joins the two.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, merged_into_id FROM stories_politician WHERE merged_into_id IS NOT NULL")
        into = dict(cursor.fetchall())
        cursor.execute(
            "SELECT claim.id, claim.speaker_id, claim.wording_key FROM stories_claim claim "
            "JOIN stories_politician person ON person.id = claim.speaker_id "
            "WHERE person.merged_into_id IS NOT NULL ORDER BY claim.id"
        )
        for claim, speaker, key in cursor.fetchall():
            person = _answering(speaker, into)
            cursor.execute(
                "SELECT 1 FROM stories_claim WHERE speaker_id = %s AND wording_key = %s", [person, key]
            )
            if person in into or cursor.fetchone():
                cursor.execute(
                    "UPDATE stories_claim SET speaker_id = NULL, speaker_label = "
                    "(SELECT name FROM stories_politician WHERE id = %s) WHERE id = %s",
                    [person, claim],
                )
            else:
                cursor.execute("UPDATE stories_claim SET speaker_id = %s WHERE id = %s", [person, claim])


def _answering(person: int, into: dict[int, int]) -> int:
    """Whom a person was merged into in the end; one of them where they were merged in a circle."""
    seen = set[int]()
    while person in into and person not in seen:
        seen.add(person)
        person = into[person]
    return person
