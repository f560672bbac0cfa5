"""The page for 403 on the desk: what the signed-in person may not do, who may, and the way back."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import ResolverMatch, reverse
from django.utils.text import get_text_list

from stories.actions import desk_log
from stories.actions.claims import review
from stories.actions.errors import NotAllowed
from stories.actions.imports import import_copy
from stories.actions.people import merging
from stories.actions.stories import saved_views
from stories.actions.topics import tagging
from stories.admin.actions import ACTIONS
from stories.views import errors

# How the names of pages of the desk begin: the permission they ask for, and what is done there.
PAGES = {
    "review": (review.REVIEW, "review claims"),
    "why": (review.REVIEW, "see how the importer found a claim"),
    "importer": (review.REVIEW, "see the importer’s accuracy"),
    "people": (merging.MERGE, "merge people"),
    "log": (desk_log.SEE, "see the log"),
    "view_": (saved_views.LOOK, "save views of stories"),
    "topics": (tagging.CHANGE, "merge topics"),
    "import_undo": (import_copy.UNDO, "undo an import"),
    "import": (import_copy.RUN, "import copy"),
}
# How the names of a model's pages end.
VERBS = {"changelist": "view", "history": "view", "add": "add", "change": "change", "delete": "delete"}
SEE = {"view": "see"}


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show the desk's page to signed-in staff on the desk, and the readers' page to others."""
    user = getattr(request, "user", None)
    if user is None or not user.is_staff or not request.path.startswith(reverse("admin:index")):
        return errors.forbidden(request, exception)
    permission, doing = asked(request.resolver_match)
    cause = exception if isinstance(exception, NotAllowed) else getattr(exception, "__cause__", None)
    context = {
        **admin.site.each_context(request),
        "title": "You may not do this",
        "refusal": str(cause)
        if isinstance(cause, NotAllowed)
        else f"You may not {doing or 'open this page'}.",
        "who": who_may(permission),
    }
    return TemplateResponse(request, "admin/desk/refused.html", context, status=403).render()


def asked(match: ResolverMatch | None) -> tuple[str, str]:
    """Return the permission that a page asks for, and what is done there; "" where that is not known."""
    view = match.view_name if match else ""
    namespace, _, name = view.partition(":")
    if namespace == "desk":
        return next((found for start, found in PAGES.items() if name.startswith(start)), ("", ""))
    for action in ACTIONS.values():
        if view == action.url_name:
            return action.permission, f"{action.label.lower()}: {action.model._meta.verbose_name_plural}"
    for model in admin.site._registry:
        begin = f"{model._meta.app_label}_{model._meta.model_name}_"
        if name.startswith(begin) and (verb := VERBS.get(name.removeprefix(begin))):
            permission = f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
            return permission, f"{SEE.get(verb, verb)} {admin.site._registry[model].opts.verbose_name_plural}"
    return "", ""


def who_may(permission: str) -> str:
    """Return who has the permission: "an Editor, or an administrator"."""
    app, _, codename = permission.partition(".")
    having: Any = Group.objects.filter(
        permissions__codename=codename, permissions__content_type__app_label=app
    )
    names = [_with_article(name) for name in having.order_by("name").values_list("name", flat=True)]
    return get_text_list([*names, "an administrator"], "or")


def _with_article(role: str) -> str:
    if role == "Import staff":
        return "import staff"
    return f"{'an' if role[:1].upper() in 'AEIOU' else 'a'} {role.lower()}"
