"""The library of pictures."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from stories.actions import picture_library
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.permissions import name_of
from stories.admin.base import DeskAdmin, badge, row_number
from stories.admin.form_state import state_of, user_of
from stories.admin.generics import ModelAdmin, ModelForm
from stories.models import Picture, renditions
from stories.text.moments import day, moment

CHOICES = 24  # pictures that a story's form shows at a time
LABELS = {"description": "what it shows", "caption": "caption", "credit": "credit", "rights": "rights"}


class RightsFilter(admin.SimpleListFilter):
    """Filter pictures by their last day of use, and those of which nobody has said what they show."""

    title = "what it lacks"
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Picture]) -> list[tuple[str, str]]:
        return [("use", "Past its last day of use"), ("words", "Not described"), ("credit", "No credit")]

    def queryset(self, request: HttpRequest, pictures: QuerySet[Picture]) -> QuerySet[Picture]:
        match self.value():
            case "use":
                return pictures.filter(use_until__lt=timezone.localdate())
            case "words":
                return pictures.filter(description="")
            case "credit":
                return pictures.filter(credit="")
        return pictures


class AddPictureForm(ModelForm[Picture]):
    """Only the file: what it says of itself is read before the rest is asked for."""

    class Meta:
        model = Picture
        fields = ("file",)


class PictureForm(ModelForm[Picture]):
    """What is said of a picture, and its focal point."""

    class Meta:
        model = Picture
        fields = ("description", "caption", "credit", "rights", "use_until", "focus_x", "focus_y")
        widgets = {  # noqa: RUF012  (read only)
            "caption": forms.Textarea(attrs={"rows": 2}),
            "rights": forms.Textarea(attrs={"rows": 2}),
            "focus_x": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "0.01"}),
            "focus_y": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "0.01"}),
        }


@admin.register(Picture)
class PictureAdmin(DeskAdmin[Picture]):
    """The library of pictures: found by words, described once, used in any number of stories."""

    list_display = ("description", "added_at")  # shown as a grid of pictures
    list_filter = (RightsFilter,)
    search_fields = ("description", "caption", "credit", "file_name")
    search_help_text = "Words of the description, caption or credit, or the name of the file."
    list_per_page = 48
    allow_revert = False
    change_list_template = "admin/stories/picture/change_list.html"
    change_form_template = "admin/stories/picture/change_form.html"
    readonly_fields = ("used_in", "about_file")
    fieldsets = (
        (None, {"fields": ("description", "caption", "credit")}),
        ("Rights", {"fields": ("rights", "use_until")}),
        ("Focal point", {"fields": ("focus_x", "focus_y")}),
        ("Where it is used", {"fields": ("used_in", "about_file")}),
    )

    class Media:
        js = ("stories/admin/focus.js",)

    def get_fieldsets(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        return self.fieldsets if obj else ((None, {"fields": ("file",)}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Picture | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(
            request, obj, change, **{"form": PictureForm if obj else AddPictureForm} | kwargs
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        return Picture.objects.with_use()

    @admin.display(description="stories")
    def used_in(self, picture: Picture) -> SafeString | str:
        lines = (
            (
                reverse("admin:stories_article_change", args=[story.pk]),
                story.headline,
                badge(story.stage.lower().replace(" ", "_"), story.stage),
            )
            for story in picture.stories().defer("body", "text").order_by("-pk")[:50]
        )
        return format_html_join("", '<div class="used-in"><a href="{}">{}</a> {}</div>', lines) or "None yet."

    @admin.display(description="file")
    def about_file(self, picture: Picture) -> str:
        who = picture.added_by
        by = f" by {name_of(who)}" if who else ""
        added = moment(timezone.localtime(picture.added_at))
        name = f"{picture.file_name}, " if picture.file_name else ""
        return f"{name}{picture.width} × {picture.height} pixels, added {added}{by}"

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Picture | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context |= {"shown": obj.shown_at(960), "shapes": renditions.SHAPES}
            if obj.is_past_use and obj.use_until:
                messages.warning(request, f"The last day of use was {day(obj.use_until)}.")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self) -> list[URLPattern]:
        pages = {"choose": self.choose_view, "upload": self.upload_view}
        return [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"stories_picture_{name}")
            for name, view in pages.items()
        ] + super().get_urls()

    def choose_view(self, request: HttpRequest) -> JsonResponse:
        """Return pictures for a story to choose from: {"pictures": […], "more": whether there are others}.

        `?q=` finds them as the list's search does, `?from=` leaves out so many.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        pictures, _ = self.get_search_results(request, Picture.objects.all(), request.GET.get("q", "")[:200])
        first = row_number(request.GET.get("from")) or 0
        found = list(pictures.order_by("-added_at", "-pk")[first : first + CHOICES + 1])
        shown = [as_choice(picture) for picture in found[:CHOICES]]
        return JsonResponse({"pictures": shown, "more": len(found) > CHOICES})

    def upload_view(self, request: HttpRequest) -> JsonResponse:
        """Put the posted `file` into the library; return it as one to choose, or {"error": why not}."""
        if request.method != "POST":
            raise Http404
        form = AddPictureForm(request.POST, request.FILES)
        if not form.is_valid():
            return JsonResponse({"error": " ".join(map(str, form.errors["file"]))}, status=400)
        try:
            added = picture_library.add(upload=form.cleaned_data["file"], by=user_of(request))
        except NotReady as problem:
            return JsonResponse({"error": str(problem)}, status=400)
        except NotAllowed as refusal:
            return JsonResponse({"error": str(refusal)}, status=403)
        return JsonResponse({"picture": as_choice(added.picture)})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Put an upload into the library before the admin asks for the row it has become."""
        if change:
            return super().save_form(request, form, change)
        super().save_form(request, form, change)  # it writes nothing; Django asks for what it prepares
        added = picture_library.add(upload=form.cleaned_data["file"], by=user_of(request))
        state_of(request).added_picture = added
        return added.picture

    def save_model(self, request: HttpRequest, obj: Picture, form: ModelForm[Picture], change: bool) -> None:
        if change:
            fields = self.changed_columns(form)
            if fields:
                picture_library.save(picture=obj, fields=fields, by=user_of(request))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log what came in, and not what was there."""
        added = state_of(request).added_picture
        return super().log_addition(request, obj, message) if added is None or added.is_new else None

    def response_add(
        self, request: HttpRequest, obj: Picture, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on to the form of what is said of the picture, and say what its file has filled in."""
        added = state_of(request).added_picture
        if added is None or not added.is_new:
            messages.info(request, "The library has this picture already. Here it is.")
        elif added.read:
            names = ", ".join(LABELS[name] for name in added.read)
            messages.success(
                request, f"Added. Read from the file: {names}. Check it, and say what is missing."
            )
        else:
            messages.success(request, "Added. Say what it shows.")
        return HttpResponseRedirect(reverse("admin:stories_picture_change", args=[obj.pk]))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        picture = self.get_object(request, object_id)
        if picture is not None and (why := picture_library.why_not_deleted(picture)):
            messages.error(request, why)
            return HttpResponseRedirect(reverse("admin:stories_picture_change", args=[picture.pk]))
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        picture_library.delete(picture=obj, by=user_of(request))


def as_choice(picture: Picture) -> dict[str, Any]:
    """Return what a story's form shows of a picture, and begins from when it is chosen."""
    return {
        "id": picture.pk,
        "file": picture.file.name,
        "small": picture.small,
        "address": picture.shown_at(640),
        "wide": renditions.address(picture.file, "sixteen-nine"),
        "description": picture.description,
        "caption": picture.caption,
        "credit": picture.credit,
        "name": picture.file_name,
        "warning": picture.past_use_in_words if picture.is_past_use else "",
    }
