"""The other views of a story in the admin.

Autosave and presence, similar claims on record, history and restoring, previews, and share links.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from stories.actions.claims import review, similar_claims, speakers
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.stories import (
    autosave,
    pending,
    pending_versions,
    quotation_guard,
    revisions,
    saving,
    share_links,
    story_permissions,
)
from stories.admin import story_card
from stories.admin.action_forms import EmbargoForm
from stories.admin.base import row_number, take_back
from stories.admin.differences import changes_on_page, difference_on_page
from stories.admin.form_state import json_of, user_of
from stories.admin.story_claims import beside_claim, found_addresses
from stories.admin.story_form import reasons_in
from stories.admin.story_notes import StoryNotes
from stories.models import Appearance, Article, Claim, Correction, Picture, ShareLink
from stories.text import diff, richtext
from stories.text.moments import day, moment
from stories.views.previews import as_typed, preview, unlisted

# Fields that a preview takes from the unsaved form, besides the body, the authors and the tags.
TYPED = (
    "headline",
    "standfirst",
    "lead_image_alt",
    "lead_image_caption",
    "lead_image_credit",
    "source",
    "related",
    "search_title",
    "search_description",
)
LONGEST_TEXT = 60_000  # characters in which similar claims are searched
SHARED_FOR = {"1": "One day", "3": "Three days", "7": "A week", "30": "A month"}


class ShareForm(EmbargoForm):
    """The form of a share link: how many days it lasts, and for whom it is."""

    lasting = forms.ChoiceField(label="Open for", choices=list(SHARED_FOR.items()), initial="3")
    note = forms.CharField(
        label="For whom",
        required=False,
        max_length=150,
        help_text="For the desk only: “our lawyer”, “the press office”.",
    )


class StoryTools(StoryNotes):
    """Base of the stories' admin with these views."""

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "pulse": ("<int:pk>/pulse/", self.heartbeat_view),
            "pulse_new": ("add/pulse/", self.heartbeat_view),
            "on_record": ("on-record/", self.on_record_view),
            "compare": ("<int:pk>/history/compare/", self.compare_view),
            "restore": ("<int:pk>/history/restore/", self.restore_view),
            "take_back": ("<int:pk>/history/take-back/", self.take_back_view),
            "changes": ("<int:pk>/changes/", self.changes_view),
            "preview": ("<int:pk>/preview/", self.preview_view),
            "preview_new": ("add/preview/", self.preview_view),
            "preview_withdrawn": ("<int:pk>/preview-withdrawn/", self.preview_withdrawn_view),
            "preview_correction": ("preview-correction/", self.preview_correction_view),
            "share": ("<int:pk>/share/", self.share_view),
            "unshare": ("<int:pk>/share/<int:link>/end/", self.unshare_view),
            "notes": ("<int:pk>/notes/", self.notes_view),
            "forget": ("forget/", self.forget_view),
        }
        return [
            path(address, self.admin_site.admin_view(view), name=f"stories_article_{name}")
            for name, (address, view) in pages.items()
        ] + super().get_urls()

    def _story(self, request: HttpRequest, pk: int, *, to_edit: bool = False) -> Article:
        story = self.story_seen(request, pk)
        if to_edit and not story_permissions.may_edit(article=story, by=user_of(request)):
            raise PermissionDenied
        return story

    # Autosave and similar claims

    def heartbeat_view(self, request: HttpRequest, pk: int | None = None) -> JsonResponse:
        """Autosave what was typed since the last heartbeat; return who else is editing the story."""
        typed = json_of(request)
        fields = typed.get("fields")
        if fields is not None and not isinstance(fields, dict):
            return JsonResponse({"error": "The words came in no form I know."}, status=400)
        if typed.get("who", request.user.pk) != request.user.pk:
            return JsonResponse({"error": "somebody else is signed in in this browser now."}, status=403)
        try:
            if pk is None:
                copy = (
                    autosave.save_copy(article=None, by=user_of(request), fields=fields) if fields else None
                )
                return JsonResponse({"others": [], "mark": "", "kept": _at(copy.kept_at if copy else None)})
            story = self._story(request, pk)
            if not story_permissions.may_save(article=story, by=user_of(request)):
                raise PermissionDenied
            if typed.get("leaving"):
                autosave.end_presence(article=story, by=user_of(request))
                return JsonResponse({})
            answer = autosave.heartbeat(article=story, by=user_of(request), fields=fields)
        except NotAllowed as refusal:
            return JsonResponse({"error": str(refusal)}, status=403)
        except ValueError as error:
            return JsonResponse({"error": str(error)}, status=400)
        return JsonResponse(
            {
                "others": [{"name": one.name, "since": _clock(one.since)} for one in answer.others],
                "mark": answer.mark,
                "kept": _at(answer.kept_at),
            }
        )

    def on_record_view(self, request: HttpRequest) -> JsonResponse:
        """Return the rated claims that a text repeats, in the same or similar words.

        The request is {"text", "story": primary key or null}, the response {"matches": […]}.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = json_of(request)
        text, story = asked.get("text"), asked.get("story")
        if not isinstance(text, str) or not (story is None or isinstance(story, int)):
            return JsonResponse({"error": "A text, and a story's number or none."}, status=400)
        printed = Appearance.objects.filter(article=story).values_list("claim_id", flat=True) if story else ()
        matches = similar_claims.on_record(text=text[:LONGEST_TEXT], apart_from=printed)
        return JsonResponse({"matches": [_match(text, match) for match in matches]})

    @staticmethod
    def _unsaved(request: HttpRequest, story: Article | None) -> dict[str, Any] | None:
        copy = autosave.unsaved_copy(article=story, by=user_of(request))
        return {"fields": copy.fields, "kept": _at(copy.kept_at)} if copy else None

    def forget_view(self, request: HttpRequest) -> HttpResponse:
        """Delete the user's autosaved copy; POST only."""
        if request.method != "POST":
            raise Http404
        number = row_number(request.POST.get("story"))
        story = get_object_or_404(Article, pk=number) if request.POST.get("story") else None
        autosave.discard_copy(article=story, by=user_of(request))
        return JsonResponse({})

    def beside(self, request: HttpRequest, story: Article | None) -> dict[str, Any]:
        """Return what the story's page and its scripts need besides the form."""
        claims = []
        if story is not None:
            standing = story.appearances.select_related("claim__speaker").order_by("start", "pk")
            claims = [beside_claim(appearance) for appearance in standing]
        args = [story.pk] if story else []
        suffix = "" if story else "_new"
        return {
            "claims_beside": claims,
            "may_review_here": sum(one["claim"].state == Claim.State.PROPOSED for one in claims)
            if request.user.has_perm(review.REVIEW)
            else 0,
            "story_desk": {
                "story": story.pk if story else None,
                "heartbeat": reverse(f"admin:stories_article_pulse{suffix}", args=args),
                "onRecord": reverse("admin:stories_article_on_record"),
                "forget": reverse("admin:stories_article_forget"),
                "pictures": {name: reverse(f"admin:stories_picture_{name}") for name in ("choose", "upload")},
                "unsaved": self._unsaved(request, story),
                "claims": [claim["data"] for claim in claims],
                "found": found_addresses(story, user_of(request)) if story is not None else None,
                "who": reverse("admin:stories_article_who"),
                "people": reverse("desk:complete"),
                "stories": reverse("desk:story_search"),
                "card": story_card.for_page(story),
                "mayAddPeople": request.user.has_perm(speakers.ADD),
            },
            "preview_address": reverse(f"admin:stories_article_preview{suffix}", args=args),
        }

    # History

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        # Before django-reversion opens the revision of this edit, which wraps the view.
        if request.method == "POST":
            story = self.get_object(request, object_id)
            if story is not None and story_permissions.may_save(article=story, by=user_of(request)):
                saving.keep_first_state(article=story)
        return super().change_view(request, object_id, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        story = self._story(request, row_number(object_id) or 0)
        steps = revisions.of_story(article=story)
        beside = pending_versions.steps(article=story)
        reasons = list(story.quotation_changes.select_related("by"))
        context = self._page(request, story, "History") | {
            "steps": sorted([*steps, *beside], key=lambda step: step.at, reverse=True),
            "compared": steps[1 if len(steps) > 1 else 0].revision if steps else None,
            "newest": steps[0].revision if steps else None,
            "restored": revisions.restored_last(article=story),
            "reasons": [(reason, diff.word_changes(reason.old, reason.new)) for reason in reasons],
            "may_restore": story_permissions.may_edit(article=story, by=user_of(request)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/stories/article/history.html", context)

    def changes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the word diff of what readers see and the changes that are not published."""
        story = pending_versions.show(self._story(request, pk))
        if story.pending is None:
            raise Http404("There are no changes to this story.")
        context = self._page(request, story, "Changes not published yet") | changes_on_page(story)
        return TemplateResponse(request, "admin/stories/article/changes.html", context)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the word diff of two versions; without `?to=`, of one version and the story as it is."""
        story = self._story(request, pk)
        first, second = (row_number(request.GET.get(name)) for name in ("from", "to"))
        steps = {step.revision: step for step in revisions.of_story(article=story)}
        try:
            if first is None:
                raise NotReady("Choose two versions to compare.")
            old = revisions.as_of(article=story, revision=first)
            new = (
                revisions.as_of(article=story, revision=second)
                if second is not None
                else revisions.as_it_is(article=story)
            )
        except NotReady as problem:
            messages.error(request, str(problem))
            return HttpResponseRedirect(reverse("admin:stories_article_history", args=[pk]))
        found = revisions.difference(old, new)
        context = self._page(request, story, "Compare two versions") | {
            "old": steps.get(first),
            "new": steps.get(second) if second is not None else None,
            **difference_on_page(found),
            "may_restore": story_permissions.may_edit(article=story, by=user_of(request)),
        }
        return TemplateResponse(request, "admin/stories/article/compare.html", context)

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what restoring a version would change; POST restores it, beside what readers see."""
        story = self._story(request, pk, to_edit=True)
        back = reverse("admin:stories_article_history", args=[pk])
        revision = row_number(request.POST.get("revision") or request.GET.get("revision"))
        step = next((s for s in revisions.of_story(article=story) if s.revision == revision), None)
        if step is None:
            raise Http404("There is no such version of this story.")
        try:
            if request.method == "POST" and self._restore(request, story, step.revision):
                return HttpResponseRedirect(reverse("admin:stories_article_change", args=[pk]))
            then = revisions.as_of(article=story, revision=step.revision)
        except NotReady as problem:
            messages.error(request, str(problem))
            return HttpResponseRedirect(back)
        story = Article.objects.get(pk=pk)
        beside = pending.takes_saves(story)
        now = pending_versions.as_worked_on(article=story)
        if beside:
            now, then = (replace(state, appearances={}) for state in (now, then))
        found = revisions.difference(now, then)
        reasons = reasons_in(request.POST)
        context = self._page(request, story, "Put this version back?") | {
            "step": step,
            "beside": beside,
            "opened": revisions.mark_of(pending_versions.shown(story)),
            "held": [
                (one, reasons.get(one.appearance.pk))
                for one in quotation_guard.held_by(article=story, text=then.text)
            ],
            **difference_on_page(found),
            "authors_gone": list(then.authors.values()).count(revisions.DELETED_AUTHOR),
        }
        return TemplateResponse(request, "admin/stories/article/restore.html", context)

    def _restore(self, request: HttpRequest, story: Article, revision: int) -> bool:
        """Restore the version as the page showed it; return whether that was done.

        Raises NotAllowed, NotReady.
        """
        try:
            beside = pending.restore(
                article=story,
                revision=revision,
                by=user_of(request),
                opened=request.POST.get("opened", ""),
                reasons=reasons_in(request.POST),
            )
        except Stale:
            messages.error(
                request,
                "Somebody saved this story meanwhile; nothing was restored. Look again at what will change.",
            )
        except quotation_guard.QuotationsHeld:
            messages.error(request, "Words inside a quotation would change; nothing was restored. Say why.")
        else:
            if beside:
                self.log_change(request, story, f"{revisions.comment_on(revision)} Not published.")
                told = "Restored as changes. Readers do not see them until they are published."
            else:
                told = "Restored. The version before it is in the history, too."
            messages.success(request, told)
            return True
        return False

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo the last restoring of a version."""
        story = self._story(request, pk, to_edit=True)
        act = revisions.restored_last(article=story)
        if request.method == "POST" and act is not None:

            def undo() -> tuple[str, list[str]]:
                revisions.take_back(act=act, by=user_of(request))
                return "The story is as it was before the version was restored.", act.changes["stayed"]

            take_back(request, undo)
        return HttpResponseRedirect(reverse("admin:stories_article_history", args=[pk]))

    def revision_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Redirect django-reversion's page of one version: a story is restored from its history page."""
        return HttpResponseRedirect(reverse("admin:stories_article_history", args=[object_id]))

    def recoverlist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show deleted stories to those who may publish."""
        if not request.user.has_perm(story_permissions.PUBLISH):
            raise PermissionDenied
        return super().recoverlist_view(request, extra_context)

    def recover_view(self, request: HttpRequest, version_id: str, extra_context: Any = None) -> HttpResponse:
        """Show a deleted story; POST restores it as a draft."""
        if not request.user.has_perm(story_permissions.PUBLISH):
            raise PermissionDenied
        gone = get_object_or_404(revisions.deleted(), pk=version_id)
        if request.method == "POST":
            story = revisions.bring_back(version=gone.pk, by=user_of(request))
            messages.success(request, "The story is back, as a draft, with its claims.")
            return HttpResponseRedirect(reverse("admin:stories_article_change", args=[story.pk]))
        then = revisions.as_of(article=Article(pk=int(gone.object_id)), revision=gone.revision_id)
        context = self._page(request, Article(headline=then.written["headline"]), "Bring this story back?")
        context |= {"gone": gone, "then": then}
        return TemplateResponse(request, "admin/stories/article/recover.html", context)

    # Previews

    def preview_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the public page of the saved story; POST shows it with the posted, unsaved form."""
        story = self._story(request, pk) if pk else as_typed(Article(headline="A new story"))
        if pk is None and not self.has_add_permission(request):
            raise PermissionDenied
        old_text = story.text
        if pk is not None:
            story = pending_versions.in_whole(story)
        if request.method == "POST":
            for name in TYPED:
                setattr(story, name, request.POST.get(name, getattr(story, name)))
            chosen = row_number(request.POST.get("library_picture"))
            if chosen and (picture := Picture.objects.filter(pk=chosen).first()):
                story.lead_image = picture.file.name  # type: ignore[assignment]
            authors = [pk for pk in map(row_number, request.POST.getlist("authors")) if pk is not None]
            as_typed(story, authors=authors, tags=request.POST.getlist("tags"))
            body = richtext.clean(request.POST.get("body", story.body), pictures=True)
            story.body = body  # type: ignore[assignment]  # the editor's field has no type hints
            story.text = richtext.to_text(story.body)
        return preview(request, story, old_text=old_text)

    def preview_withdrawn_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what readers will find at the story's address once it is withdrawn for the posted reason."""
        story = self._story(request, pk)
        story.withdrawn_reason = request.POST.get("reason") or request.POST.get("act-reason", "")
        story.updated_at = timezone.now()
        page = TemplateResponse(
            request,
            "stories/article_withdrawn.html",
            {"story": story, "preview": "A preview: readers find this once the story is withdrawn."},
        )
        return unlisted(page.render())

    def preview_correction_view(self, request: HttpRequest) -> HttpResponse:
        """Show the story with the posted, unsaved correction."""
        pk = row_number(request.POST.get("article"))
        if pk is None:
            raise Http404("Choose the story first.")
        story = self._story(request, pk)
        kind = request.POST.get("kind", "")
        correction = Correction(
            article=story,
            kind=kind if kind in Correction.Kind.values else Correction.Kind.CORRECTION,
            text=request.POST.get("text", ""),
            on_top=bool(request.POST.get("on_top")),
            made_at=timezone.now(),
        )
        return preview(
            request, story, corrections=[correction], note="A preview: the correction is not published yet."
        )

    # Share links

    def share_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = self._story(request, pk)
        form = ShareForm(request.POST or None, rows=[story])
        if request.method == "POST" and form.is_valid():
            try:
                lasting = timedelta(days=int(form.cleaned_data["lasting"]))
                link = share_links.share(
                    article=story,
                    by=user_of(request),
                    lasting=lasting,
                    note=form.cleaned_data["note"],
                    embargo_checked=form.cleaned_data.get("embargo_checked", False),
                )
            except NotReady as problem:
                messages.error(request, str(problem))
            else:
                self.log_change(request, story, f"Shared {_with_whom(link)} until {_day(link.expires_at)}.")
                messages.success(
                    request, "The link is made. Whoever has it can read the story until it ends."
                )
            return HttpResponseRedirect(request.get_full_path())
        links = [
            (link, request.build_absolute_uri(reverse("stories:shared", args=[share_links.token_of(link)])))
            for link in story.share_links.select_related("by")
        ]
        context = self._page(request, story, "Share before publication") | {
            "form": form,
            "links": links,
            "may_share": share_links.may_share(article=story, by=user_of(request)),
            "closed": share_links.closed(article=story),
        }
        return TemplateResponse(request, "admin/stories/article/share.html", context)

    def unshare_view(self, request: HttpRequest, pk: int, link: int) -> HttpResponse:
        if request.method != "POST":
            raise Http404
        story = self._story(request, pk)
        was = get_object_or_404(ShareLink, pk=link, article=story)
        open_until_now = was.is_open
        share_links.revoke(link=was, by=user_of(request))
        if open_until_now:
            self.log_change(request, story, f"Ended the link shared {_with_whom(was)}.")
        messages.success(request, "The link no longer works: whoever opens it is told so.")
        return HttpResponseRedirect(reverse("admin:stories_article_share", args=[pk]))

    def _page(self, request: HttpRequest, story: Article, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "opts": self.opts,
            "original": story,
            "story": story,
            "preserved_filters": "",
        }


def _match(text: str, match: similar_claims.Match) -> dict[str, Any]:
    claim = match.claim
    written = text[match.start : match.end]
    return {
        "start": match.start,
        "end": match.end,
        "words": written,
        "score": match.score,
        "claim": claim.pk,
        "speaker": claim.speaker_name,
        "wording": claim.wording,
        "verdict": claim.get_rating_display(),
        "rating": claim.rating,
        "why": claim.rating_summary,
        "said": day(claim.said_on) if claim.said_on else "",
        "address": reverse("admin:stories_claim_change", args=[claim.pk]),
        "pieces": [[piece.kind, piece.text] for piece in diff.word_changes(claim.wording, written)],
    }


def _with_whom(link: ShareLink) -> str:
    return f"with “{link.note}”" if link.note else "by a link"


def _day(at: datetime) -> str:
    return moment(timezone.localtime(at))


def _at(when: Any) -> str:
    return when.isoformat() if when else ""


def _clock(when: Any) -> str:
    return f"{timezone.localtime(when):%H:%M}"
