"""The notes on a story: a panel beside its text, which the script `notes.js` posts to."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string

from stories.actions.errors import NotAllowed, NotReady
from stories.actions.stories import notes
from stories.admin.base import row_number
from stories.admin.form_state import json_of, user_of
from stories.admin.story_claims import StoryClaims
from stories.models import Article, StoryNote
from stories.text.anchors import CONTEXT, Selector

DOES = ("add", "answer", "resolve", "reopen", "delete")


def panel(request: HttpRequest, story: Article) -> dict[str, Any]:
    """Return what the panel of notes shows: `threads`, and their words for the editor (`note_places`)."""
    threads = notes.threads(article=story)
    return {
        "threads": threads,
        "note_places": [
            [one.remark.pk, one.remark.start, one.remark.end, one.remark.exact]
            for one in threads
            if one.stands and one.remark.resolved_at is None
        ],
        "notes_open": sum(one.remark.resolved_at is None for one in threads),
        "story": story,
        "user": request.user,
    }


class StoryNotes(StoryClaims):
    """The view that writes, answers, resolves and deletes notes; it answers with the panel as it is then."""

    def notes_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """POST {"do": "add", "answer", "resolve", "reopen" or "delete", "note", "text", "words"}.

        `words` are {"exact", "prefix", "suffix"} as selected in the editor. The answer is
        {"html", "places", "open"}.
        """
        story = self.story_seen(request, pk)
        asked = json_of(request)
        if asked.get("do") not in DOES:
            return JsonResponse({"error": "The note came in no form that the desk knows."}, status=400)
        try:
            self._write(request, story, asked)
        except NotReady as problem:
            return JsonResponse({"error": " ".join(problem.reasons)}, status=409)
        except NotAllowed as problem:
            return JsonResponse({"error": str(problem)}, status=403)
        shown = panel(request, story)
        html = render_to_string("admin/stories/article/note_list.html", shown, request)
        return JsonResponse({"html": html, "places": shown["note_places"], "open": shown["notes_open"]})

    def _write(self, request: HttpRequest, story: Article, asked: dict[str, Any]) -> None:
        """Run what was asked for. Raises NotAllowed, NotReady, Http404 (no such note here)."""
        by, text = user_of(request), str(asked.get("text") or "")
        if asked.get("do") == "add":
            notes.remark(article=story, by=by, text=text, words=_selector(asked.get("words")))
            return
        number = row_number(str(asked.get("note", "")))
        note = get_object_or_404(StoryNote.objects.select_related("article"), pk=number, article=story)
        match asked.get("do"):
            case "answer":
                notes.remark(article=story, by=by, text=text, answer_to=note)
            case "resolve" | "reopen" as verb:
                notes.resolve(note=note, by=by, resolved=verb == "resolve")
            case "delete":
                notes.withdraw(note=note, by=by)


def _selector(words: Any) -> Selector | None:
    if not isinstance(words, dict) or not str(words.get("exact") or "").strip():
        return None
    before, after = str(words.get("prefix") or ""), str(words.get("suffix") or "")
    return Selector(str(words["exact"]), before[-CONTEXT:], after[:CONTEXT])
