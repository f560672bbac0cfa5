"""State of one admin request, shared by the methods that Django's admin calls one after another.

Django passes them the request only, so the state is an attribute of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, QueryDict

if TYPE_CHECKING:
    from stories.actions.picture_library import Added
    from stories.admin.save_and_publish import SaveAction
    from stories.admin.shared_editing import Meanwhile
    from stories.models import Claim


@dataclass
class FormState:
    """The state of a request that saves a form, deletes rows, or reverts a row."""

    posted: QueryDict | None = None  # as received, before other people's changes are merged into it
    meanwhile: Meanwhile | None = None
    refused: str = ""  # why the save was refused: a sentence for the top of the form
    refusals: tuple[str, ...] = ()  # why the action requested with the save was refused: sentences
    action: SaveAction | None = None
    deletes: bool = False  # whether this request deletes rows
    claims_made: int = 0  # of words in the story that was saved
    beside: bool = False  # whether it was saved beside what readers see
    saved: str = ""  # the id of the form, once it is saved
    row_mark: str = ""  # hash of the row as the revert page shows it
    merged_into: Claim | None = None  # the claim that the saved one was merged into
    added_picture: Added | None = None  # the picture of the library that an upload has become


def state_of(request: HttpRequest) -> FormState:
    """Return the request's state; it is created at the first call."""
    if not hasattr(request, "form_state"):
        request.form_state = FormState()  # type: ignore[attr-defined]  # an attribute of ours
    return cast(FormState, request.form_state)  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user. Every view of the admin requires a login, so there is one."""
    return cast(User, request.user)


def json_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object that a script has posted; an empty one for anything else.

    Raises Http404 unless it was posted.
    """
    if request.method != "POST":
        raise Http404
    try:
        data = json.loads(request.body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
