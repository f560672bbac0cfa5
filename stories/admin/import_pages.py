"""Import from the admin: upload, dry run, import, report, undo."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from stories import task_queue
from stories.actions import desk_log
from stories.actions.claims import review
from stories.actions.errors import NotReady
from stories.actions.imports import import_copy, jobs
from stories.actions.stories import story_permissions
from stories.admin.form_state import user_of
from stories.importing import readers
from stories.models import Article, ImportJob, ImportRun

# Seconds after which a request starts no further file; each does at least one.
STEP = 1.0  # for requests of the script, which updates a progress bar after each
LONG_STEP = 8.0  # for requests without script: below the usual timeout of a server


class FilesInput(forms.ClearableFileInput):
    """A file input for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A field for several files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = (data if isinstance(data, list | tuple) else [data]) or [None]
        return [super(FilesField, self).clean(file, initial) for file in files]


class ImportForm(forms.Form):
    """The uploaded files and the options of the import, as far as the user may choose them."""

    files = FilesField(  # type: ignore[assignment]  # a field's name, which the form's own attribute of uploads shares
        label="Files",
        allow_empty_file=True,
        help_text=f"{readers.IN_WORDS}, up to {jobs.MOST_FILES} at once. Every other kind of file is "
        "refused with the reason. The first line of a plain text is its headline.",
    )
    update = forms.BooleanField(
        label="Update stories whose text has changed",
        required=False,
        help_text="Only drafts that nobody has edited; a story somebody worked on is kept as it is.",
    )
    publish = forms.BooleanField(
        label="Publish the stories at once",
        required=False,
        help_text="Unread, under the date of their copy, or now.",
    )
    accept_above = forms.DecimalField(
        label="Accept without review, from this sureness on (per cent)",
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "5"}),
        help_text="From 0 to 100. Leave it empty and every claim is reviewed. This is the importer’s own "
        "estimate that the words and their speaker are right; “Importer accuracy” says how often it is "
        "wrong. A claim whose speaker is in doubt is always reviewed.",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"label_suffix": ""})
        self.fields["files"].widget.attrs |= {
            "accept": ",".join(sorted(filter(None, readers.SUFFIXES))),
            "data-most": jobs.MOST_FILES,
        }
        if not user.has_perm(story_permissions.PUBLISH):
            del self.fields["publish"]
        if not user.has_perm(review.REVIEW):
            del self.fields["accept_above"]

    def options(self) -> dict[str, Any]:
        """Return the options of the import; without a permission its option is off."""
        data = self.cleaned_data
        above = data.get("accept_above")
        return {
            "publish": data.get("publish", False),
            "accept_above": None if above is None else float(above) / 100,
            "update": data["update"],
        }


def upload(request: HttpRequest) -> HttpResponse:
    """Show the form and the user's unfinished imports; POST stores the files and redirects to the dry run."""
    _allowed(request, import_copy.RUN)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*posted, user=request.user)
    if request.method == "POST" and form.is_valid():
        kept = jobs.keep(files=form.cleaned_data["files"], by=user_of(request), options=form.options())
        if task_queue.is_on():
            with suppress(task_queue.Away):  # its page says so, and asks again
                jobs.start(kept)
        return HttpResponseRedirect(_address(kept))
    return _page(
        request,
        "Import copy",
        form=form,
        unfinished=jobs.unfinished(by=user_of(request)),
        track_record=import_copy.track_record() if "accept_above" in form.fields else (),
    )


def uploaded(request: HttpRequest, token: str) -> HttpResponse:
    """Show what an import would do, its progress once it has started, or its report once it is done."""
    _allowed(request, import_copy.RUN)
    try:
        upload = jobs.find(token=token, by=user_of(request))
    except jobs.Gone:
        return _gone(request)
    progress = jobs.progress(upload)
    if not progress.done:
        return _tried(request, upload)
    stories = Article.objects.in_bulk([entry.article for entry in progress.entries if entry.article])
    return _page(
        request,
        "Imported" if progress.finished else "An import that is not finished",
        upload=upload,
        progress=progress,
        begun=True,
        rows=[(entry, stories.get(entry.article)) for entry in progress.entries],
        run=ImportRun.objects.filter(pk=progress.run or 0).first(),
    )


def _tried(request: HttpRequest, upload: ImportJob) -> HttpResponse:
    """Continue the dry run for one step and show it; the script or a button requests the next step."""
    seconds = _step(request) if request.method == "POST" else STEP
    away = ""
    try:
        if task_queue.is_on():
            away = _asked(upload, user_of(request), file=False)
            progress = jobs.tried(upload)
        else:
            progress = jobs.try_out(job=upload, by=user_of(request), enough=_after(seconds))
    except NotReady as problem:
        if _scripted(request):
            return JsonResponse({"problem": str(problem)}, status=409)
        messages.error(request, str(problem))
        return HttpResponseRedirect(reverse("desk:import"))
    if _scripted(request):
        return _how_far(progress, away)
    if away:
        messages.warning(request, away)
    rows = [(entry, None) for entry in progress.entries]
    title = "What would be imported" if progress.finished else "Reading the files"
    return _page(request, title, upload=upload, progress=progress, rows=rows)


def run(request: HttpRequest, token: str) -> HttpResponse:
    """Continue the import for one step; POST only."""
    _allowed(request, import_copy.RUN)
    scripted = _scripted(request)
    try:
        upload = jobs.find(token=token, by=user_of(request))
    except jobs.Gone:
        return _gone(request)
    if request.method != "POST":
        return HttpResponseRedirect(_address(upload))
    away = ""
    try:
        if task_queue.is_on():
            away = _asked(upload, user_of(request), file=True)
            progress = jobs.progress(upload)
        else:
            progress = jobs.go_on(job=upload, by=user_of(request), enough=_after(_step(request)))
    except NotReady as problem:
        if scripted:
            return JsonResponse({"problem": str(problem)}, status=409)
        messages.error(request, str(problem))
        return HttpResponseRedirect(reverse("desk:import"))
    if scripted:
        return _how_far(progress, away)
    if away:
        messages.warning(request, away)
    return HttpResponseRedirect(_address(upload))


def how_far(request: HttpRequest, number: int) -> HttpResponse:
    """Say how many files of an import are read, written and failed: its page asks now and then."""
    _allowed(request, "stories.view_importrun")
    row = get_object_or_404(ImportRun, pk=number)
    return JsonResponse(jobs.counts(row) or {"done": 0, "of": 0})


def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Show what undoing the import would do; POST does it, in steps."""
    _allowed(request, import_copy.UNDO)
    row = get_object_or_404(ImportRun, pk=number)
    address = reverse("admin:stories_importrun_change", args=[row.pk])
    try:
        undone = import_copy.undo_import(
            run=row, by=user_of(request), dry_run=request.method != "POST", enough=_after(LONG_STEP)
        )
    except NotReady as problem:
        messages.error(request, " ".join(problem.reasons))
        return HttpResponseRedirect(address)
    if request.method == "POST" and not undone.finished:
        done = undone.stories + undone.restored
        messages.info(request, f"Undone so far: {_counted(done, 'story', 'stories')}. Go on with the rest.")
        return HttpResponseRedirect(request.path)
    if request.method == "POST":
        desk_log.note(by=user_of(request), row=row, words=f"Undid {str(row)[0].lower()}{str(row)[1:]}.")
        messages.success(
            request,
            f"The import is undone: removed {_counted(undone.stories, 'story', 'stories')}, "
            f"{_counted(undone.claims, 'claim', 'claims')} and "
            f"{_counted(undone.people, 'person', 'people')}; "
            f"put {_counted(undone.restored, 'story', 'stories')} back as before.",
        )
        for reason in undone.stayed:
            messages.warning(request, reason)
        return HttpResponseRedirect(address)
    context = {
        **admin.site.each_context(request),
        "title": f"Undo {str(row)[0].lower()}{str(row)[1:]}?",
        "run": row,
        "undone": undone,
        "back": address,
    }
    return TemplateResponse(request, "admin/desk/import_undo.html", context)


GONE = "That upload is not there any more. Choose the files again."


def _allowed(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _scripted(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


def _step(request: HttpRequest) -> float:
    return STEP if _scripted(request) else LONG_STEP


def _after(seconds: float) -> Callable[[], bool]:
    began = time.monotonic()
    return lambda: time.monotonic() - began >= seconds


def _how_far(progress: jobs.Progress, away: str) -> JsonResponse:
    last = progress.entries[-1].file if progress.entries else ""
    answer: dict[str, Any] = {"done": progress.done, "of": progress.of, "file": last}
    if task_queue.is_on():
        answer |= {"read": progress.read, "away": away, "waits": True}
    return JsonResponse(answer)


def _asked(upload: ImportJob, by: User, *, file: bool) -> str:
    """Have the workers go on; a sentence when the queue is away."""
    try:
        jobs.ask_queue(job=upload, by=by, file=file)
    except task_queue.Away as error:
        return f"{error} The files are kept, and are taken up as soon as it does."
    return ""


def _address(upload: ImportJob) -> str:
    return reverse("desk:import_upload", args=[upload.token])


def _gone(request: HttpRequest) -> HttpResponse:
    if _scripted(request):
        return JsonResponse({"problem": GONE}, status=410)
    messages.error(request, GONE)
    return HttpResponseRedirect(reverse("desk:import"))


def _page(request: HttpRequest, title: str, **context: Any) -> HttpResponse:
    context |= {"title": title, **admin.site.each_context(request)}
    return TemplateResponse(request, "admin/desk/import.html", context)
