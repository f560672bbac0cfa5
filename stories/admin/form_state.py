"""What the steps of one admin request hand on to each other; Django's admin passes them only the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, QueryDict

if TYPE_CHECKING:
    from stories.admin.save_and_publish import SaveAction
    from stories.admin.shared_editing import Meanwhile
    from stories.models import Claim


@dataclass
class FormState:
    """The state of a form that is being saved, or of a row that is being deleted or reverted."""

    posted: QueryDict | None = None  # as it came, before other people's changes are put into it
    meanwhile: Meanwhile | None = None
    refused: str = ""  # why the save was refused: a sentence for the top of the form
    refusals: tuple[str, ...] = ()  # the same of an action that was asked for with the save
    action: SaveAction | None = None
    deletes: bool = False  # whether this request deletes rows
    saved: str = ""  # the number of the form, once it is saved
    row_mark: str = ""  # of the row as the revert page shows it
    merged_into: Claim | None = None  # the claim that the saved one was merged into


def state_of(request: HttpRequest) -> FormState:
    """Return the request's state, made at the first call."""
    if not hasattr(request, "form_state"):
        request.form_state = FormState()  # type: ignore[attr-defined]  # an attribute of ours
    return cast(FormState, request.form_state)  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> User:
    """Return who is signed in. Every view of the admin is behind its login, so there is always somebody."""
    return cast(User, request.user)
