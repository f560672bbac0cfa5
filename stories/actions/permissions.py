"""Who may do what: four groups, their permissions, and the one question every verb asks.

A permission says what somebody may do at all. To which story is said in `stories.story_permissions` (a
reporter changes their own drafts, and drafts that are nobody's yet) and in `share_links.may_share` (a
reporter shares their own stories).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction

from stories.actions.errors import NotAllowed

REPORTER = "Reporter"
FACT_CHECKER = "Fact-checker"
EDITOR = "Editor"
IMPORT_STAFF = "Import staff"

VIEW = ("view",)
ADD = ("view", "add")
WRITE = ("view", "add", "change")
ALL = ("view", "add", "change", "delete")
PERSON_PARTS = ("othername", "identifier", "membership")

# What every member of staff can look at: without it, neither autocompletes nor links work.
LOOK = (
    {
        f"stories.{model}": VIEW
        for model in (
            "article",
            "author",
            "picture",
            "politician",
            "party",
            "outlet",
            "outletname",
            "claim",
            "appearance",
            "evidence",
            "correction",
        )
    }
    | {f"stories.{part}": VIEW for part in PERSON_PARTS}
    | {"taggit.tag": VIEW, "stories.contradiction": VIEW}
)

# Group → model → actions; an action with an underscore is one of the model's own permissions.
ROLES: Mapping[str, Mapping[str, Iterable[str]]] = {
    REPORTER: LOOK
    | {
        "stories.article": (*WRITE, "submit_article"),
        "stories.claim": WRITE,
        "stories.appearance": ALL,
        "stories.picture": WRITE,
        "stories.politician": ADD,
        "taggit.tag": ADD,
    },
    FACT_CHECKER: LOOK
    | {
        "stories.claim": (*WRITE, "review_claim", "rate_claim"),
        "stories.appearance": ALL,
        "stories.evidence": ALL,
        "stories.contradiction": ALL,
        "stories.politician": WRITE,
        "stories.party": ADD,
        "stories.outlet": WRITE,
        "stories.outletname": ALL,
        "taggit.tag": ADD,
    }
    | {f"stories.{part}": ALL for part in PERSON_PARTS},
    EDITOR: LOOK
    | {
        "stories.article": (*ALL, "submit_article", "publish_article", "withdraw_article", "correct_article"),
        "stories.author": ALL,
        "stories.claim": (*ALL, "review_claim", "rate_claim"),
        "stories.appearance": ALL,
        "stories.evidence": ALL,
        "stories.contradiction": ALL,
        "stories.correction": ALL,
        "stories.politician": (*ALL, "merge_politician"),
        "stories.party": ALL,
        "stories.outlet": ALL,
        "stories.outletname": ALL,
        "stories.page": ALL,
        "stories.picture": ALL,
        "stories.topicintroduction": ALL,
        "stories.wordgroup": ALL,
        "stories.importrun": VIEW,
        "stories.importedtext": VIEW,
        "taggit.tag": ALL,
    }
    | {f"stories.{part}": ALL for part in PERSON_PARTS},
    IMPORT_STAFF: LOOK
    | {
        "stories.importrun": ("view", "run_import", "undo_import"),
        "stories.importedtext": VIEW,
    },
}


@dataclass(frozen=True, slots=True)
class SetUp:
    """What `set_up_roles` changed: the groups it made, and how many permissions it added and took away."""

    made: tuple[str, ...]
    added: int
    removed: int


def require(by: User | None, permission: str, doing: str) -> None:
    """Raise NotAllowed unless `by` holds `permission` ("stories.publish_article").

    `by` None is the operator at the terminal, who may do everything. `doing` completes "You may not …".
    """
    if by is not None and not by.has_perm(permission):
        raise NotAllowed(f"You may not {doing}.")


def name_of(user: User) -> str:
    """Return somebody's full name, or their user name where none is given."""
    return user.get_full_name() or user.get_username()


def codenames(role: str) -> set[tuple[str, str]]:
    """(app label, codename) of every permission of the role."""
    found = set()
    for label, actions in ROLES[role].items():
        app, model = label.split(".")
        found |= {(app, action if "_" in action else f"{action}_{model}") for action in actions}
    return found


@transaction.atomic
def set_up_roles() -> SetUp:
    """Make the four groups, or bring their permissions back to what is written here. Safe to repeat.

    Permissions that an app's own models define are made first, so that it works straight after a
    migration. Raises LookupError when a permission named here does not exist.
    """
    for label in ("stories", "taggit"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    every = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    made: list[str] = []
    added = removed = 0
    for role in ROLES:
        group, new = Group.objects.get_or_create(name=role)
        if new:
            made.append(role)
        try:
            wanted = {every[name] for name in codenames(role)}
        except KeyError as missing:
            raise LookupError(f"No such permission: {'.'.join(missing.args[0])}") from missing
        present = set(group.permissions.all())
        group.permissions.add(*(wanted - present))
        group.permissions.remove(*(present - wanted))
        added += len(wanted - present)
        removed += len(present - wanted)
    return SetUp(tuple(made), added, removed)
