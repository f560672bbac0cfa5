"""Admin of stories, authors and corrections."""

import json
from datetime import datetime
from typing import Any, Protocol

import reversion
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list, smart_split

from stories import search
from stories.actions import locking
from stories.actions.claims import placing, ratings_and_corrections
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.permissions import name_of
from stories.actions.stories import (
    autosave,
    notes,
    pending,
    pending_images,
    pending_versions,
    publishing,
    quotation_guard,
    saved_views,
    saving,
    story_permissions,
)
from stories.actions.stories.pending_versions import NAMES
from stories.actions.stories.revisions import WRITTEN
from stories.actions.stories.story_permissions import may_edit
from stories.admin import save_and_publish, story_notes
from stories.admin.actions import (
    ACTIONS,
    PUBLISHES_CHANGES,
    TAGGED,
    AdminAction,
    action_for,
    action_urls,
    confirmed_action,
    warn_of_lost_words,
)
from stories.admin.appearances import AppearanceInline, NewClaimFormSet, NewClaimInline
from stories.admin.base import DeskAdmin, badge, empty_field_filter, row_number
from stories.admin.differences import shortened
from stories.admin.form_state import state_of, user_of
from stories.admin.generics import ModelAdmin, ModelForm
from stories.admin.story_form import StoryForm, reasons_in
from stories.admin.story_tools import StoryTools
from stories.formats.pictures_in_text import with_figures
from stories.models import Appearance, Article, Author, Claim, Correction, PendingVersion, Picture, SavedView
from stories.text import richtext
from stories.text.moments import day, moment

CHANGELIST = "admin:stories_article_changelist"
MOST_WORDS = 20  # of a search
CLAIMS_LEFT = (
    "Readers see this story by now: what you changed of its claims was not saved. “Change or take out …” "
    "beside a claim does it at once."
)


class WithClaimCounts(Protocol):
    """A story of the changelist's queryset, with the number of its claims and of those that need work."""

    claims_all: int
    claims_open: int


class WithStoryCount(Protocol):
    """An author of the changelist's queryset."""

    stories_count: int


class StageFilter(admin.SimpleListFilter):
    """Filter stories by stage; "scheduled" is a published story with a time in the future."""

    title = "stage"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Article]) -> list[tuple[str, str]]:
        return [
            ("draft", "Draft"),
            ("in_review", "In review"),
            ("scheduled", "Scheduled"),
            ("published", "Published"),
            ("withdrawn", "Withdrawn"),
        ]

    def queryset(self, request: HttpRequest, stories: QuerySet[Article]) -> QuerySet[Article]:
        match self.value():
            case None:
                return stories
            case "scheduled":
                return stories.filter(status=Article.Status.PUBLISHED, published_at__gt=timezone.now())
            case "published":
                return stories.filter(status=Article.Status.PUBLISHED, published_at__lte=timezone.now())
            case stage:
                return stories.filter(status=stage)


class AttentionFilter(admin.SimpleListFilter):
    """Filter stories that wait for somebody."""

    title = "needs a person"
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Article]) -> list[tuple[str, str]]:
        return [
            ("review", "Claims to review"),
            ("adrift", "Claims that lost their words"),
            ("mine", "My drafts"),
            ("imported", "Imported drafts, nobody’s yet"),
            ("pending", "Changes not published"),
        ]

    def queryset(self, request: HttpRequest, stories: QuerySet[Article]) -> QuerySet[Article]:
        match self.value():
            case "review":
                there = Appearance.objects.filter(article=OuterRef("pk"), claim__state=Claim.State.PROPOSED)
                return stories.filter(Exists(there.order_by()))
            case "adrift":
                return stories.filter(pk__in=Appearance.objects.needing_a_person().values("article"))
            case "mine":
                return stories.filter(story_permissions.own(user_of(request)), status=Article.Status.DRAFT)
            case "imported":
                own = story_permissions.own(user_of(request))
                return stories.filter(~own, status=Article.Status.DRAFT, imported_in__isnull=False)
            case "pending":
                return stories.filter(pending_version__isnull=False)
        return stories


class KeysFirst(ChangeList):
    """A list whose page is found by its primary keys: whole rows of all that was found are not sorted.

    A word of all of 100,000 stories costs 114 ms so on SQLite, and 378 ms otherwise.
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        keys = list(self.result_list.values_list("pk", flat=True))
        ordering = self.queryset.query.order_by
        self.result_list = self.root_queryset.filter(pk__in=keys).order_by(*ordering)


@admin.register(Article)
class ArticleAdmin(StoryTools):
    """Stories: changelist, form, and publication from the form."""

    form = StoryForm
    change_form_template = "admin/stories/article/change_form.html"
    inlines = (AppearanceInline, NewClaimInline)
    own_merge = frozenset(WRITTEN)
    former_names = {"told": "outlet"}  # noqa: RUF012  (read only)
    list_display = (
        "headline",
        "stage_badge",
        "open_with",
        "changed",
        "when",
        "by_line",
        "claims_line",
        "topics",
    )
    ordering = ("-changed_at", "-pk")
    change_list_template = "admin/stories/article/change_list.html"
    list_filter = (
        StageFilter,
        AttentionFilter,
        "dateline",
        ("imported_in", empty_field_filter("where it came from", empty="Written here", full="Imported")),
    )
    search_fields = ("headline", "standfirst", "text")  # looked up in get_search_results
    search_help_text = "Words of the story, or an author’s name. In quotation marks: one after the other."
    date_hierarchy = "published_at"
    autocomplete_fields = ("authors",)
    readonly_fields = ("picture",)
    actions = (
        confirmed_action(ACTIONS[Article, "submit"], "Submit for review"),
        confirmed_action(ACTIONS[Article, "publish"], "Publish or schedule"),
        confirmed_action(ACTIONS[Article, "return_to_draft"], "Return to draft"),
        confirmed_action(ACTIONS[Article, "withdraw"], "Withdraw"),
        confirmed_action(ACTIONS[Article, "tag"], "Add topics"),
        confirmed_action(ACTIONS[Article, "untag"], "Remove topics"),
    )
    words = (
        None,
        {"fields": ("headline", "standfirst", "body", "opened", "waiting_picture", "library_picture")},
    )
    side = (
        ("Who and what", {"fields": ("authors", "tags")}),
        (
            "Picture",
            {
                "fields": (
                    "picture",
                    "lead_image",
                    "lead_image_alt",
                    "lead_image_caption",
                    "lead_image_credit",
                )
            },
        ),
        ("Related stories", {"fields": ("related",)}),
        (
            "Search results and shared links",
            {"fields": ("search_title", "search_description"), "classes": ("collapse",)},
        ),
        ("The copy", {"fields": ("dateline", "source", "source_url", "embargo_note", "slug")}),
    )

    # Permissions

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None or not obj.pk:
            return super().has_change_permission(request, obj)
        return story_permissions.may_save(article=obj, by=user_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Refuse for a story that was ever published.

        It is withdrawn instead, and its address answers with the reason.
        """
        seen = obj is not None and obj.first_published_at is not None
        return super().has_delete_permission(request, obj) and not seen

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Require no permissions for rows that are deleted with a draft; its claims stay."""
        listed, counts, _, protected = super().get_deleted_objects(objs, request)
        return listed, counts, set(), protected

    def lock_to_delete(self, rows: QuerySet[Article]) -> None:
        locking.hold(stories=list(rows))

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(story_permissions.SUBMIT)

    has_return_to_draft_permission = has_submit_permission

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(story_permissions.PUBLISH)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(story_permissions.WITHDRAW)

    def has_tag_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(TAGGED[Article])

    has_untag_permission = has_tag_permission

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    # Changelist

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysFirst

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        stories = super().get_queryset(request).prefetch_related("authors", "tags")  # type: ignore[misc]  # taggit's
        if not (request.resolver_match and request.resolver_match.view_name == CHANGELIST):
            return stories
        claims = Appearance.objects.filter(article=OuterRef("pk")).order_by().values("article")
        return (
            stories.defer("body", "text")
            .prefetch_related(autosave.open_now())
            .annotate(
                has_changes=Exists(PendingVersion.objects.filter(pk=OuterRef("pk"))),
                claims_all=Coalesce(Subquery(claims.annotate(n=Count("pk")).values("n")), 0),
                claims_open=Coalesce(
                    Subquery(
                        claims.filter(
                            Q(claim__state=Claim.State.PROPOSED) | ~Q(state__in=Appearance.IN_PLACE)
                        )
                        .annotate(n=Count("pk"))
                        .values("n")
                    ),
                    0,
                ),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Find stories with every word in their text, by the search index, or in an author's name.

        Both are subqueries: a join would make duplicates, and DISTINCT would compare whole texts.
        """
        stories, written = Article.objects.order_by(), Author.articles.through.objects
        terms = list(smart_split(search_term))[:MOST_WORDS]
        for number, term in enumerate(terms, start=1):
            if not search.Query.parse(term):
                continue
            begun = number == len(terms) and not term.startswith('"')
            worded = search.narrowed(stories, term, kind="article", begun=begun).values("pk")
            by = written.filter(author__name__icontains=term.strip("\"'")).values("article")
            queryset = queryset.filter(pk__in=worded.union(by))
        return queryset, False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the views that this person has saved, and offer to save the list as it is."""
        query = saved_views.tidy(request.GET.urlencode())
        views = list(SavedView.objects.filter(user=user_of(request)))
        context = {"views": views, "query": query, "known_view": any(view.query == query for view in views)}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description="stage", ordering="status")
    def stage_badge(self, article: Article) -> SafeString:
        stage = badge(story_permissions.stage_of(article).name.lower(), article.stage)
        if article.has_changes:  # type: ignore[attr-defined]  # by the changelist's queryset
            stage = format_html("{} {}", stage, badge("pending", "Changes not published"))
        if not article.embargo_note.strip():
            return stage
        return format_html("{} {}", stage, badge("embargo", "Embargo"))

    @admin.display(description="open with")
    def open_with(self, article: Article) -> SafeString | str:
        if not article.open_now:
            return "–"
        lines = [(name_of(one.user), _since(one.since)) for one in article.open_now]
        return format_html_join(mark_safe("<br>"), '{} <span class="quiet">since {}</span>', lines)

    @admin.display(description="last saved", ordering="changed_at")
    def changed(self, article: Article) -> str:
        return moment(timezone.localtime(article.changed_at))

    @admin.display(description="published", ordering=F("published_at").desc(nulls_first=True))
    def when(self, article: Article) -> str:
        if article.published_at is None:
            return f"copy of {day(article.dateline)}" if article.dateline else "–"
        return moment(timezone.localtime(article.published_at))

    @admin.display(description="by")
    def by_line(self, article: Article) -> str:
        return ", ".join(author.name for author in article.authors.all()) or "–"

    @admin.display(description="claims", ordering="claims_all")
    def claims_line(self, article: WithClaimCounts) -> str | SafeString:
        if article.claims_open:
            return format_html(
                '{} <span class="quiet">({} to look at)</span>', article.claims_all, article.claims_open
            )
        return str(article.claims_all or "–")

    @admin.display(description="topics")
    def topics(self, article: Article) -> str:
        return ", ".join(tag.name for tag in article.tags.all())

    # Change form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the story as the desk works on it: with the changes that are not published."""
        story = super().get_object(request, object_id, from_field)
        return story and pending_versions.show(story)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            shown = [group for group in self.side if group[1]["fields"] != ("related",)]
            return ((None, {"fields": ("headline", "standfirst", "body_as_read", "opened")}), *shown)
        if obj is not None and (obj.search_title or obj.search_description):
            return (self.words, *(_unfolded(group) for group in self.side))
        return (self.words, *self.side)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        if obj is not None and not self.has_change_permission(request, obj):
            return (*self.readonly_fields, "body_as_read")
        return self.readonly_fields

    @admin.display(description="body")
    def body_as_read(self, article: Article) -> SafeString:
        body = with_figures(richtext.sanitise(article.body))
        return format_html('<div class="body-as-read">{}</div>', mark_safe(body))  # noqa: S308

    @admin.display(description="picture now")
    def picture(self, article: Article) -> SafeString | str:
        waits = getattr(article, "waiting_picture", None)
        if waits is not None:
            return format_html(
                '<img class="picture-now" src="{}" alt="{}"> <span class="picture-waits">“{}” is kept and '
                "goes in when the story is saved. You need not choose it again.</span>",
                waits.address,
                article.lead_image_alt,
                waits.name,
            )
        if not article.lead_image:
            return "None yet."
        html = '<img class="picture-now" src="{}" alt="{}">'
        own = Picture.objects.filter(file=article.lead_image.name).first()
        shown = format_html(html, article.lead_image.url, article.lead_image_alt)
        if own is None:
            return shown
        html = '{} <span class="picture-past-use">{}</span> <a href="{}">In the library</a>'
        past = own.past_use_in_words if own.is_past_use else ""
        return format_html(html, shown, past, reverse("admin:stories_picture_change", args=[own.pk]))

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> tuple[Any, ...]:
        if obj is None:
            return (NewClaimInline,)
        return self.inlines if may_edit(article=obj, by=user_of(request)) else (AppearanceInline,)

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)  # Django makes a subclass of StoryForm
        form.by = user_of(request)
        form.refused = state_of(request).refusals
        if obj is None and "authors" in form.base_fields:
            own = Author.objects.filter(user=user_of(request)).first()
            if own is not None:
                form.base_fields["authors"].initial = [own.pk]
        return form

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Article | None = None,
    ) -> HttpResponse:
        context |= self.beside(request, obj)
        form = context["adminform"].form
        if form.is_bound:
            form.let_the_picture_wait()
        if "_leave" in request.POST and form.non_field_errors() == [save_and_publish.LEFT]:
            context["errors"] = []  # there is nothing to correct
            messages.info(request, save_and_publish.LEFT)
        merge = getattr(form, "merge", None)
        if merge is not None:
            context["their_changes"] = shortened(merge.their_changes or ())
            context["my_changes"] = shortened(merge.my_changes or merge.between)
        story = obj or Article(created_by=user_of(request))
        names = story_permissions.allowed(article=story, by=user_of(request))
        context["actions"] = [action_for(ACTIONS[Article, name], [obj]) for name in names]
        if obj is not None:
            context["actions"] = [*self._actions_on_changes(request, obj), *context["actions"]]
            context["pending"] = obj.pending
            context["title"], context["subtitle"] = obj.headline, None
            context["stage"] = badge(story_permissions.stage_of(obj).name.lower(), obj.stage)
            authors, tags = (obj.pending.names(name) if obj.pending else None for name in NAMES)
            context["readiness"] = publishing.readiness(
                obj,
                named=None if authors is None else bool(authors),
                tagged=None if tags is None else bool(tags),
            )
            context |= story_notes.panel(request, obj)
            context["last_move"] = notes.last_move(article=obj)
            notes.see(article=obj, by=user_of(request))
            context["refusal"] = story_permissions.refusal(article=obj, by=user_of(request))
        return super().render_change_form(request, context, add, change, form_url, obj)

    @staticmethod
    def _actions_on_changes(request: HttpRequest, story: Article) -> list[AdminAction]:
        """Return what may be done with the form's changes to a story that readers see."""
        by, names = user_of(request), []
        if story.is_public and may_edit(article=story, by=by):
            names = ["publish_changes", "correct"]
            if pending.hand_in_of(story):
                names.insert(1, "return_changes")
        elif story.is_public and story_permissions.may_save(article=story, by=by):
            names = ["hand_in_changes"]
        return [ACTIONS[Article, name] for name in names if by.has_perm(ACTIONS[Article, name].permission)]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        state = state_of(request)
        state.action = save_and_publish.action_of(request) if request.method == "POST" else None
        state.refusals = (save_and_publish.LEFT,) if "_leave" in request.POST else ()
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except save_and_publish.ConfirmationNeeded as asked:
            return save_and_publish.confirmation_page(request, self, asked)
        except locking.Clash:
            raise  # `locking.act` runs the request again
        except (Stale, quotation_guard.QuotationsHeld):
            pass  # saved by somebody else between the form's check and the row's lock: validate again
        except NotReady as problem:
            state.refusals = problem.reasons
        except NotAllowed as problem:
            messages.error(request, str(problem))
            raise PermissionDenied from problem
        state.saved = ""  # the transaction was rolled back
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Article, form: StoryForm, change: bool) -> None:
        if action := state_of(request).action:
            action.check_confirmed(request, obj, form)
        if not change:
            saving.begin(article=obj, by=user_of(request))
            return
        saved = pending.save(
            article=obj,
            fields=set(form.changed_data) & set(pending_versions.FIELDS),
            opened=form.cleaned_data["opened"],
            by=user_of(request),
            reasons=reasons_in(form.data),
            authors=[author.pk for author in form.cleaned_data.get("authors") or ()],
            tags=form.cleaned_data.get("tags") or (),
        )
        state_of(request).beside = saved.pending
        if saved.pending:
            form.save_m2m = lambda: None  # type: ignore[method-assign]  # authors and topics wait with the words
        warn_of_lost_words(request, saved)

    def save_related(self, request: HttpRequest, form: StoryForm, formsets: list[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if isinstance(formset, NewClaimFormSet):
                state_of(request).claims_made = len(formset.new_objects)
            elif form.instance.is_public and _typed_into_claims(request, formset):
                messages.warning(request, CLAIMS_LEFT)
        if action := state_of(request).action:
            action.run(request, form.instance)
            warn_of_lost_words(request, action.result)

    def log_addition(self, request: HttpRequest, obj: Article, message: Any) -> Any:
        return self._log_act(request, obj, super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Article, message: Any) -> Any:
        act = state_of(request).action
        published = act is not None and act.action.name in PUBLISHES_CHANGES
        if state_of(request).beside and not published and isinstance(message, list):
            message = _not_published(message)
        return self._log_act(
            request, obj, super().log_change(request, obj, message) if message or not act else None
        )

    def _log_act(self, request: HttpRequest, obj: Article, saved: Any) -> Any:
        """Log the action separately from the save; the revision's comment has both log messages."""
        act = state_of(request).action
        if act is None:
            return saved
        entry = super().log_change(request, obj, act.action.logged(obj, act.data))
        if reversion.is_active():
            lines = [line.get_change_message() for line in (saved, entry) if line is not None]
            reversion.set_comment(" ".join(lines))
        return entry

    def message_user(
        self, request: HttpRequest, message: Any, level: int | str = messages.INFO, *args: Any, **kwargs: Any
    ) -> None:
        """Say of a save beside what readers see that it is that, and of claims that they are made."""
        if state_of(request).beside and level == messages.SUCCESS:
            message = "Saved. Readers do not see the changes until they are published."
            if state_of(request).claims_made:
                message += " The claim is made already, of the words that readers have."
        super().message_user(request, message, level, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        pending_images.discard(token=request.POST.get("waiting_picture", ""), by=user_of(request))
        if action := state_of(request).action:
            return action.response(request, obj)
        return super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        pending_images.discard(token=request.POST.get("waiting_picture", ""), by=user_of(request))
        if action := state_of(request).action:
            return action.response(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def get_urls(self) -> list[URLPattern]:
        return [*action_urls(self), *super().get_urls()]


def _typed_into_claims(request: HttpRequest, formset: Any) -> bool:
    """Return whether the posted form changes claims, as one opened before the story was published may."""
    return any(
        request.POST.get(form.add_prefix(name), now) != now
        for form in formset.forms
        for name in (*placing.ATTRIBUTION, "DELETE")
        for now in (getattr(form.instance, name, ""),)
    )


def _unfolded(group: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return group[0], {**group[1], "classes": ()}


def _not_published(message: list[dict[str, Any]]) -> str:
    """Return the log's message on a save beside what readers see; `message` is as Django makes it."""
    fields = [
        name
        for one in message
        for name in one.get("changed", {}).get("fields", ())
        if "name" not in one["changed"]
    ]
    others = [one for one in message if "name" in next(iter(one.values()), {})]
    told = LogEntry(change_message=json.dumps(others)).get_change_message() if others else ""
    own = f"Saved and not published: {get_text_list(fields, 'and')}." if fields else ""
    return " ".join(filter(None, (own, told)))


def _since(when: datetime) -> str:
    here = timezone.localtime(when)
    return f"{here:%H:%M}" if here.date() == timezone.localdate() else moment(here)


@admin.register(Author)
class AuthorAdmin(DeskAdmin[Author]):
    """Authors."""

    list_display = ("name", "user", "stories_by")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    autocomplete_fields = ("user",)
    fields = ("name", "bio", "user", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        written = Author.articles.through.objects.filter(author=OuterRef("pk")).values("author")
        counted = written.annotate(n=Count("*")).values("n")  # type: ignore[misc]  # the plugin loses sight of `n`
        return super().get_queryset(request).annotate(stories_count=Coalesce(Subquery(counted), 0))

    @admin.display(description="stories", ordering="stories_count")
    def stories_by(self, author: WithStoryCount) -> int:
        return author.stories_count


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin[Correction]):
    """Corrections: drafts, which an editor publishes here, and published ones."""

    list_display = ("short_text", "article", "kind", "made", "by")
    list_filter = ("kind", ("made_at", empty_field_filter("published", empty="Drafts", full="Published")))
    list_select_related = ("article", "by")
    date_hierarchy = "made_at"
    search_fields = ("text", "article__headline")
    autocomplete_fields = ("article", "claim")
    fields = ("article", "kind", "text", "claim", "on_top", "made_at", "by")
    readonly_fields = ("made_at", "by")
    read_first = ("_publish",)
    watched = ("made_at",)

    @admin.display(description="correction", ordering="text")
    def short_text(self, correction: Correction) -> str:
        return correction.text if len(correction.text) < 110 else f"{correction.text[:108]}…"

    @admin.display(description="published", ordering="made_at")
    def made(self, correction: Correction) -> SafeString | str:
        if correction.made_at is None:
            return badge("draft", "Draft")
        return moment(timezone.localtime(correction.made_at))

    def lock(self, request: HttpRequest, pk: Any) -> None:
        """Lock the stories first: the one it is on, and the one chosen in the form."""
        chosen = row_number(request.POST.get("article"))
        on = Article.objects.filter(Q(corrections=pk) | Q(pk=chosen)).distinct()
        locking.hold(stories=list(on))
        super().lock(request, pk)

    def lock_to_delete(self, rows: QuerySet[Correction]) -> None:
        locking.hold(stories=list(Article.objects.filter(corrections__in=rows).distinct()))
        super().lock_to_delete(rows)

    def has_delete_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        """Refuse for a published correction."""
        return super().has_delete_permission(request, obj) and not (obj and obj.made_at)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Correction | None = None,
    ) -> HttpResponse:
        draft = obj is None or obj.made_at is None
        context["may_publish_now"] = draft and request.user.has_perm(ratings_and_corrections.CORRECT)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(
        self, request: HttpRequest, obj: Correction, form: ModelForm[Correction], change: bool
    ) -> None:
        if "_publish" in request.POST:
            try:
                ratings_and_corrections.publish(correction=obj, by=user_of(request))
            except locking.Clash:
                raise
            except NotReady as problem:
                self.message_reasons(request, problem)
            else:
                messages.success(
                    request, "The correction is published: on the story and on the corrections page."
                )
                return
        changed = self.changed_columns(form)
        if changed or not change:
            ratings_and_corrections.save(correction=obj, fields=changed, by=user_of(request))
