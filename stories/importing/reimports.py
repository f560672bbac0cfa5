"""A text that comes in again: skipped as unchanged, filed over its story with --update, or kept out.

A text is known by the SHA-256 of its bytes, and a changed one by its file.
"""

from django.db.models import Q, QuerySet

from stories.importing import receipts
from stories.importing.entries import FILED, UNCHANGED, Entry, Outcome
from stories.importing.sources import Source
from stories.models import Article, ImportedText


def decided(source: Source, sha256: str, *, update: bool) -> Entry | None:
    """Decide on a text by its bytes (their SHA-256 in hexadecimal) and its file.

    Returns the entry of a text that is known, or of a changed one that may not replace its story: without
    `update`, of a story that is no draft, or where a person has touched it. None: it is to be filed.
    """
    same = _filed(sha256=sha256).first()
    if same is not None and same.article_id is None:
        message = f"Its story was deleted since; undo import {same.run_id} to import it again."
        return _kept(source, None, message)
    if same is not None and _is_newest(same):
        return Entry(source.name, UNCHANGED, article=same.article_id)
    earlier = earlier_text(source)
    if earlier is None:
        return None
    if earlier.article is None:
        return _kept(source, None, "The text has changed, and its story was deleted since.")
    if not update:
        return _kept(source, earlier.article, "The text has changed; --update takes it in.")
    if earlier.article.status != Article.Status.DRAFT:
        message = f"The text has changed; the story is {earlier.article.stage.lower()} and stays as it is."
        return _kept(source, earlier.article, message)
    if why := receipts.touched(earlier, receipts.beside(earlier)):
        return _kept(source, earlier.article, f"The text has changed; the story stays, for {why}.")
    return None


def earlier_text(source: Source) -> ImportedText | None:
    """Return the text that this file had when it became a story; None for what is no file, such as "-"."""
    return None if source.path is None else _filed(file=stored_name(source)).first()


def _filed(**what: str) -> QuerySet[ImportedText]:
    """The texts that became stories, newest first; of imports that were undone those whose story stayed."""
    texts = ImportedText.objects.filter(outcome__in=FILED, **what)
    texts = texts.filter(Q(run__undone_at__isnull=True) | Q(article__isnull=False))
    return texts.select_related("article").order_by("-pk")


def _is_newest(text: ImportedText) -> bool:
    """Whether the story still has this text, and not one filed later."""
    return not _filed().filter(article=text.article_id, pk__gt=text.pk).exists()


def stored_name(source: Source) -> str:
    """Return the file's name as its row keeps it: the last 1,000 characters of its path."""
    return source.key[-1000:]


def _kept(source: Source, article: Article | None, message: str) -> Entry:
    return Entry(source.name, Outcome.KEPT, message, article.pk if article else None)
