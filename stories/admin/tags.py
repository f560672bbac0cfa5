"""Tags: the topics that readers see."""

from copy import copy
from typing import Any, Protocol

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, slugify
from taggit.models import Tag, TaggedItem

from stories.actions import locking
from stories.actions.topics import tagging
from stories.admin.base import DeskAdmin, RemembersOrdering, row_number
from stories.admin.form_state import user_of
from stories.admin.generics import ModelForm
from stories.admin.shared_editing import SharedEditing
from stories.models import Claim, TopicIntroduction, topics
from stories.models.fields import line
from stories.text import richtext

PAGE = 20  # names offered at a time
LAST_PAGE = 1000

admin.site.unregister(Tag)


class WithUses(Protocol):
    """A tag of the changelist's queryset; `uses` is the number of rows that carry it."""

    uses: int


class TagForm(ModelForm[Tag]):
    """A tag's name; refused if it is empty, without letter or digit, or another tag's."""

    class Meta:
        model = Tag
        fields = ("name",)

    def clean_name(self) -> str:
        name: str = line(self.cleaned_data["name"])
        if not any(map(str.isalnum, name)):
            raise forms.ValidationError("A topic’s name has a letter or a figure in it.")
        double = topics.known([name]).get(topics.fold(name))
        if double and double.pk != self.instance.pk:
            raise forms.ValidationError(f"“{double}” is that topic already; merge the two instead.")
        return name


@admin.register(Tag)
class TagAdmin(RemembersOrdering[Tag], SharedEditing[Tag]):
    """Topics; a new name leaves a redirect from the old slug."""

    form = TagForm
    fields = ("name", "slug")
    readonly_fields = ("slug",)
    list_display = ("name", "slug", "used", "introduced")
    list_select_related = ("introduction",)
    list_per_page = 100
    search_fields = ("name",)
    ordering = ("name",)

    def __init__(self, model: type[Tag], site: admin.AdminSite) -> None:
        """Name them as the desk does; the model, and its names, are taggit's."""
        super().__init__(model, site)
        self.opts = copy(model._meta)
        self.opts.verbose_name, self.opts.verbose_name_plural = "topic", "topics"

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changes = super().get_changelist_instance(request)
        changes.opts = self.opts
        return changes

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Topics"} | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        uses = TaggedItem.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
        counted = Coalesce(Subquery(uses.annotate(n=Count("pk")).values("n")), 0)
        tags: QuerySet[Tag] = super().get_queryset(request).annotate(uses=counted)
        return tags

    @admin.display(description="used", ordering="uses")
    def used(self, tag: WithUses) -> int:
        return tag.uses

    @admin.display(description="introduction")
    def introduced(self, tag: Tag) -> SafeString:
        """A link to what the desk says of the topic, or to the form to say it."""
        if (introduction := getattr(tag, "introduction", None)) is not None:
            address = reverse("admin:stories_topicintroduction_change", args=[introduction.pk])
            return format_html('<a href="{}">Change</a>', address)
        address = reverse("admin:stories_topicintroduction_add")
        return format_html('<a href="{}?topic={}">Add</a>', address, tag.pk)

    def save_model(self, request: HttpRequest, obj: Tag, form: TagForm, change: bool) -> None:
        if change and "name" in form.changed_data:
            tagging.rename(tag=obj, name=obj.name, by=user_of(request))
        elif not change:
            obj.save()

    def lock_to_delete(self, rows: QuerySet[Tag]) -> None:
        locking.hold(claims=Claim.objects.filter(tags__in=rows).distinct())
        super().lock_to_delete(rows)

    def get_urls(self) -> list[URLPattern]:
        names = path("names/", self.admin_site.admin_view(self.names), name="taggit_tag_names")
        return [names, *super().get_urls()]

    def names(self, request: HttpRequest) -> JsonResponse:
        """Return the tags whose names contain the typed text, ignoring case and accents; first those that are
        called so, then those that begin so.
        """
        term = request.GET.get("term", "")
        page = min(max(1, row_number(request.GET.get("page")) or 1), LAST_PAGE)
        slug = slugify(term) or "/"
        rank = Case(
            When(Q(slug=slug) | Q(name__iexact=term), then=0),
            When(Q(slug__startswith=slug) | Q(name__istartswith=term), then=1),
            default=2,
        )
        found = Tag.objects.filter(Q(slug__contains=slug) | Q(name__icontains=term)).order_by(rank, "name")
        names = list(found.values_list("name", flat=True)[(page - 1) * PAGE : page * PAGE + 1])
        results: list[dict[str, Any]] = [{"id": name, "text": name} for name in names[:PAGE]]
        return JsonResponse({"results": results, "pagination": {"more": len(names) > PAGE}})


@admin.register(TopicIntroduction)
class TopicIntroductionAdmin(DeskAdmin[TopicIntroduction]):
    """What the desk says of topics, at the head of their pages."""

    list_display = ("topic", "beginning")
    list_select_related = ("topic",)
    search_fields = ("topic__name", "text")
    fields = ("topic", "text")
    autocomplete_fields = ("topic",)

    @admin.display(description="text")
    def beginning(self, introduction: TopicIntroduction) -> str:
        return Truncator(richtext.to_text(introduction.text)).words(20)
