"""The views of the list of stories that somebody saved: save one, delete one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from stories.actions.errors import NotReady
from stories.actions.stories import saved_views
from stories.admin.base import row_number
from stories.admin.form_state import user_of


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the list as it was shown, under the name that was typed."""
    query = request.POST.get("query", "")
    try:
        view = saved_views.save(name=request.POST.get("name", ""), query=query, by=user_of(request))
    except NotReady as problem:
        messages.error(request, " ".join(problem.reasons))
        return _to_list(saved_views.tidy(query))
    messages.success(request, f"The view “{view}” is saved.")
    return _to_list(view.query)


@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Delete one of one's own views."""
    name = saved_views.delete(number=row_number(request.POST.get("view")) or 0, by=user_of(request))
    messages.success(request, f"The view “{name}” is deleted." if name else "That view was deleted already.")
    return _to_list("")


def _to_list(query: str) -> HttpResponse:
    address = reverse("admin:stories_article_changelist")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
