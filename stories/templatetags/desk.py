"""Tags of the admin's templates: sidebar, date hierarchy, labels and figures."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import date_hierarchy
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from stories.text import richtext

register = template.Library()

# Heading → (model, its label in the sidebar).
SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Work",
        (
            ("stories.article", "Stories"),
            ("stories.picture", "Pictures"),
            ("stories.correction", "Corrections"),
            ("stories.page", "Pages"),
        ),
    ),
    (
        "On record",
        (
            ("stories.claim", "Claims"),
            ("stories.politician", "People"),
            ("stories.party", "Parties"),
            ("stories.outlet", "Outlets"),
            ("taggit.tag", "Topics"),
            ("stories.topicintroduction", "Topic introductions"),
            ("stories.contradiction", "Contradictions"),
            ("stories.author", "Authors"),
        ),
    ),
    ("Import", (("stories.importrun", "Imports"), ("stories.importedtext", "Imported files"))),
    (
        "Reference",
        (
            ("stories.appearance", "Claims in stories"),
            ("stories.evidence", "Evidence"),
            ("stories.verdictchange", "Verdict changes"),
            ("stories.quotationchange", "Quotation changes"),
            ("stories.distinctpair", "Not the same person"),
            ("stories.formerslug", "Former addresses"),
        ),
    ),
)


@dataclass(slots=True)
class Link:
    """An entry of the sidebar; `add` is the address of its add form, `here` marks the current page."""

    words: str
    address: str
    add: str = ""
    here: bool = False


@dataclass(slots=True)
class Section:
    """A heading of the sidebar with its entries."""

    heading: str
    links: list[Link] = field(default_factory=list)


@register.simple_tag(takes_context=True)
def desk_sections(context: dict[str, Any], apps: Iterable[dict[str, Any]]) -> list[Section]:
    """Return the sidebar: the models this user may see, in the order of `SECTIONS`.

    Models of other apps follow under "Accounts".
    """
    path = context["request"].path
    models = {
        f"{app['app_label']}.{model['object_name'].lower()}": model for app in apps for model in app["models"]
    }
    sections = []
    for heading, entries in SECTIONS:
        links = [_link(models.pop(name), path, words) for name, words in entries if name in models]
        sections.append(Section(heading, links))
    sections.append(
        Section("Accounts", [_link(model, path, str(model["name"])) for model in models.values()])
    )
    today = reverse("admin:index")
    sections[0].links.insert(0, Link("Today’s desk", today, here=path == today))
    if context["request"].user.has_perm("stories.publish_article"):
        front = reverse("desk:front_page")
        sections[0].links.append(Link("Front page", front, here=path.startswith(front)))
        log = reverse("desk:log")
        sections[0].links.append(Link("Log", log, here=path.startswith(log)))
    if context["request"].user.has_perm("stories.review_claim"):
        review = reverse("desk:review")
        sections[0].links.insert(1, Link("Review", review, here=path.startswith(review)))
        accuracy = reverse("desk:importer_accuracy")
        coming = next(section for section in sections if section.heading == "Import")
        coming.links.append(Link("Importer accuracy", accuracy, here=path == accuracy))
    return [section for section in sections if section.links]


@register.inclusion_tag("admin/date_hierarchy.html")
def date_links(changes: ChangeList) -> dict[str, Any]:
    """Render Django's date hierarchy of a changelist without a query for the years that have rows.

    The first and the last date are the two ends of the column's index; all years between them are offered.
    """
    name = changes.date_hierarchy
    if any(f"{name}__{part}" in changes.params for part in ("year", "month", "day")):
        return dict(date_hierarchy(changes) or {})
    days = changes.queryset.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)
    ends = [days.order_by(f"{sign}{name}")[:1].first() for sign in ("", "-")]
    if None in ends:
        return {"show": False}
    first, last = sorted(timezone.localtime(day) if isinstance(day, datetime) else day for day in ends)
    if first.year == last.year:
        narrowed = copy(changes)
        narrowed.params = changes.params | {f"{name}__year": str(first.year)}
        if first.month == last.month:
            narrowed.params |= {f"{name}__month": str(first.month)}
        return dict(date_hierarchy(narrowed) or {})
    links = [
        {"title": str(year), "link": changes.get_query_string({f"{name}__year": str(year)}, [f"{name}__"])}
        for year in range(first.year, last.year + 1)
    ]
    return {"show": True, "choices": links}


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of a form, for the list above it: `field` is the id of the field to go to, "" for none."""

    words: str
    label: str = ""
    field: str = ""


@register.simple_tag
def faults_of(form: Any, inlines: Iterable[Any] = ()) -> list[Fault]:
    """Return the errors of a form and of its inlines, in the order of the page."""
    found = _faults(form)
    for inline in inlines or ():
        formset = inline.formset
        found += [Fault(words) for words in formset.non_form_errors()]
        name = capfirst(inline.opts.verbose_name)
        for number, row in enumerate(formset.forms, start=1):
            found += _faults(row, f"{name} {number}: ")
    return found


def _faults(form: Any, before: str = "") -> list[Fault]:
    found = []
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields else None
        if bound is None or bound.is_hidden:
            label, field = before.removesuffix(": "), ""
        else:
            label, field = f"{before}{bound.label}", _first_id(bound)
        found += [Fault(str(words), label, field) for words in errors]
    return found


def _first_id(bound: Any) -> str:
    widgets = getattr(bound.field.widget, "widgets", None)
    return f"{bound.auto_id}_0" if widgets else bound.auto_id


@register.simple_tag
def rule_in_words(rule: str) -> str:
    """Return an extraction rule's label for editors."""
    from stories.extraction.speakers.rules import label_of  # loads the machine that reads copy

    return label_of(rule) if rule else "machine"


@register.filter
def thousands(number: int) -> str:
    """Return a number with commas between thousands."""
    return f"{number:,}"


@register.filter
def in_words(html: str) -> str:
    """Return a piece of a body as text, with its pictures told in words."""
    return richtext.described(richtext.sanitise(html))


@register.simple_tag
def share_of(part: float, whole: float) -> str:
    """Return a share in per cent, with one decimal where rounding would wrongly give 0% or 100%."""
    share = part / whole if whole else 0.0
    plain = f"{share:.0%}"
    return f"{share:.1%}" if plain in ("0%", "100%") and 0.0005 <= share < 0.9995 else plain


def _link(model: dict[str, Any], path: str, words: str) -> Link:
    address = model.get("admin_url") or ""
    return Link(words, address, model.get("add_url") or "", here=bool(address) and path.startswith(address))
