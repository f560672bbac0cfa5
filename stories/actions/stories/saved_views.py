"""Somebody's own views of the desk's list of stories: a search and filters, under a name."""

from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict

from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.models import SavedView
from stories.models.fields import line

MOST = 30  # views of one person
LOOK = "stories.view_article"
# What says where in a list somebody is, and not which list it is.
PASSING = ("p", "all", "e", "_popup", "_to_field", "_changelist_filters")


def save(*, name: str, query: str, by: User) -> SavedView:
    """Save a view; one of that name is replaced. Raises NotAllowed, NotReady."""
    require(by, LOOK, "save views of stories")
    name, query = line(name), tidy(query)
    if not name or len(name) > 60:
        raise NotReady("Give the view a name of at most 60 characters.")
    if not query:
        raise NotReady("Choose a filter or search for something first: all stories are listed anyway.")
    if len(query) > 500:
        raise NotReady("The search is too long to be saved.")
    with transaction.atomic():
        mine = SavedView.objects.filter(user=by)
        if mine.exclude(name=name).count() >= MOST:
            raise NotReady(f"You have {MOST} views. Delete one first.")
        view, _ = SavedView.objects.update_or_create(user=by, name=name, defaults={"query": query})
    return view


def delete(*, number: int, by: User) -> str | None:
    """Delete a view of one's own; its name, None if there is no such view. Raises NotAllowed."""
    require(by, LOOK, "delete views of stories")
    view = SavedView.objects.filter(user=by, pk=number).first()
    if view is None:
        return None
    view.delete()
    return view.name


def tidy(query: str) -> str:
    """The query of a list's address without what says only where in it somebody is."""
    asked = QueryDict(query, mutable=True)
    for name in PASSING:
        asked.pop(name, None)
    return "&".join(sorted(asked.urlencode().split("&"))) if asked else ""
