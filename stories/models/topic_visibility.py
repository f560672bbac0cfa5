"""What readers may see of the things that have no state of their own: topics, parties, authors.

Each is visible through something published: a topic (a tag) through a story or claim that carries it, a
party through a person on the record, an author through a story.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from taggit.models import Tag, TaggedItem

from stories.models import Article, Author, Claim, ClaimHeading, Party, Politician


def published_topics() -> QuerySet[Tag]:
    """Tags of published stories or of claims that readers may see."""
    topics: QuerySet[Tag] = Tag.objects.filter(Exists(_tagging(Article)) | Exists(_tagging(Claim)))
    return topics


def _tagging(model: type[Article] | type[Claim]) -> QuerySet[TaggedItem]:
    carrier = model.objects.published().filter(pk=OuterRef("object_id")).order_by()
    kind = ContentType.objects.get_for_model(model)
    items: QuerySet[TaggedItem] = TaggedItem.objects.filter(
        Exists(carrier), tag=OuterRef("pk"), content_type=kind
    )
    return items


def published_parties() -> QuerySet[Party]:
    """Parties with a member whom readers may see."""
    members = Politician.objects.published().filter(party=OuterRef("pk")).order_by()
    return Party.objects.filter(Exists(members))


def published_authors() -> QuerySet[Author]:
    """Authors of a published story."""
    theirs = Author.articles.through.objects.filter(
        Exists(Article.objects.published().filter(pk=OuterRef("article")).order_by()), author=OuterRef("pk")
    )
    return Author.objects.filter(Exists(theirs))


def with_counts(tags: QuerySet[Tag]) -> QuerySet[Tag]:
    """Tags with `stories` and `claims`: how many published ones carry them."""
    stories = _tagging(Article).order_by().values("tag")
    claims = ClaimHeading.objects.published().filter(topic=OuterRef("pk")).values("topic")
    counted: QuerySet[Tag] = tags.annotate(
        stories=Coalesce(Subquery(stories.annotate(n=Count("pk")).values("n")), 0),
        claims=Coalesce(Subquery(claims.annotate(n=Count("*")).values("n")), 0),
    )
    return counted
