"""Benchmark the admin: its lists and forms, the review queue, and the search for similar claims.

Everything is done as a temporary superuser, in a transaction that is rolled back.
"""

import math
from collections.abc import Callable, Iterator, Sequence

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from stories.actions.claims import review_queue, similar_claims
from stories.admin.base import DeskAdmin
from stories.benchmarking.timing import Measured, chosen, measure, without_manifest
from stories.models import Appearance, Article, Claim, Politician, ReviewDecision

DEEP = 50  # page number: far down a list
WORDS = 400  # of a text in which similar claims are searched


def measure_desk(
    *,
    repeats: int,
    seconds: float = math.inf,
    only: Sequence[str] = (),
    on_progress: Callable[[str], None] = lambda name: None,
) -> Iterator[Measured]:
    """Yield the measurement of each screen and action whose name begins as one of `only`, by default of all.

    `repeats` and `seconds` as in `timing.measure`; `on_progress` is called with each name before it is
    measured. Raises ValueError in an empty database, and when `only` matches nothing.
    """
    if not Appearance.objects.exists():
        raise ValueError("There is nothing to measure; `manage.py populate` makes a newsroom.")
    with transaction.atomic(), without_manifest:
        editor = User.objects.create_superuser("benchmark-editor")
        client = Client(SERVER_NAME="localhost")
        client.force_login(editor)
        acts = {**screens(client), **verbs(editor, client)}
        for name in chosen(list(acts), only):
            on_progress(name)
            address, act = acts[name]
            yield measure(name, act, repeats=repeats, seconds=seconds, address=address)
        transaction.set_rollback(True)


def screens(client: Client) -> dict[str, tuple[str, Callable[[], object]]]:
    """Return, by name, each page's address and a function that requests it.

    The function raises ValueError for a status other than 200.
    """

    def asked(address: str) -> Callable[[], None]:
        def ask() -> None:
            response = client.get(address, secure=True)
            if response.status_code != 200:
                raise ValueError(f"{address} answered {response.status_code}.")

        return ask

    return {name: (address, asked(address)) for name, address in addresses().items()}


def addresses() -> dict[str, str]:
    """Return, by name, the address of every changelist, of filtered ones and searches, and of forms."""
    lists = {
        f"list of {model._meta.verbose_name_plural}": reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        )
        for model in admin.site._registry
    }
    stories, claims = (reverse(f"admin:stories_{model}_changelist") for model in ("article", "claim"))
    people = reverse("admin:stories_politician_changelist")
    story = Article.objects.filter(appearances__isnull=False).order_by("-pk")[:1].get()
    claim = Claim.objects.order_by("-pk")[:1].get()
    person = Politician.objects.order_by("-pk")[:1].get()
    complete = "app_label=stories&model_name=claim&field_name=speaker"
    return {
        "today's desk": reverse("admin:index"),
        **lists,
        "stories in review": f"{stories}?stage=in_review",
        "stories with claims to review": f"{stories}?attention=review",
        "stories by a word": f"{stories}?q={story.headline.split()[0]}",
        "claims to review": f"{claims}?state__exact=proposed",
        "claims, deep": f"{claims}?p={max(1, min(DEEP, Claim.objects.count() // DeskAdmin.list_per_page))}",
        "claims by a word": f"{claims}?q={max(claim.wording.split(), key=len)}",
        "people by a name": f"{people}?q={person.name.split()[-1]}",
        "completing a name": f"{reverse('admin:autocomplete')}?{complete}&term={person.name.split()[-1]}",
        "story opened": reverse("admin:stories_article_change", args=[story.pk]),
        "claim opened": reverse("admin:stories_claim_change", args=[claim.pk]),
        "person opened": reverse("admin:stories_politician_change", args=[person.pk]),
        "review queue": reverse("desk:review"),
    }


def verbs(editor: User, client: Client) -> dict[str, tuple[str, Callable[[], object]]]:
    """Return, by name, what is not one page: deciding in the review queue, and similar claims."""
    shown = review_queue.take(by=editor)
    review_queue.let_go(by=editor)

    def decide() -> None:
        """Accept the shown claim and load the next one, as a key press in the review queue does."""
        nonlocal shown
        if shown is None:
            raise ValueError("Every claim has been decided; `manage.py populate` makes more.")
        accepted = {
            "claim": shown.pk,
            "verb": ReviewDecision.Verb.ACCEPTED,
            "after": str(review_queue.Place.of(shown)),
        }
        answer = client.post(
            reverse("desk:review_decide"), accepted, secure=True, headers={"accept": "application/json"}
        )
        item = client.get(f"{reverse('desk:review_item')}{answer.json()['next']}", secure=True)
        if answer.status_code != 200 or item.status_code not in (200, 204):
            raise ValueError(f"The queue answered {answer.status_code} and {item.status_code}.")
        shown = (item.context_data or {})["claim"] if item.status_code == 200 else None

    texts = Article.objects.order_by("-pk").values_list("text", flat=True)[:10]
    text = " ".join(" ".join(texts).split()[:WORDS])
    return {
        "a key in the review queue": ("", decide),
        f"on record in {WORDS} words": ("", lambda: similar_claims.on_record(text=text)),
    }
