"""Filling in the admin's forms as a browser would: what stands on the page is posted back, with changes."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.test import Client


def fill(
    client: Client,
    url: str,
    *,
    press: str = "_save",
    add: dict[str, list[dict[str, Any]]] | None = None,
    saving: AbstractContextManager[Any] | None = None,
    **values: Any,
):
    """GET the form at `url`, change the fields named, append rows to the formsets in `add`, press a button.

    `add` maps a formset's prefix to the new rows. The POST, made inside `saving`, is answered.
    """
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    data: dict[str, Any] = {}
    for form in [page.context["adminform"].form, *_formset_forms(page)]:
        for bound in form:
            data |= _posted(bound)
    for prefix, rows in (add or {}).items():
        begin = int(data[f"{prefix}-TOTAL_FORMS"])
        for number, row in enumerate(rows, begin):
            data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
        data[f"{prefix}-TOTAL_FORMS"] = begin + len(rows)
    with nullcontext() if saving is None else saving:
        return client.post(url, {**data, **values, press: "1"})


def answer(client: Client, asked: Any, verb: str, *, press: str = "", **values: Any):
    """Answer the question that "Save and …" led to: what its page carries is posted back with `values`."""
    data: dict[str, list[Any]] = {}
    for name, value in asked.context["carried"]:
        data.setdefault(name, []).append(value)
    url = asked.wsgi_request.get_full_path()
    said = {f"act-{name}": value for name, value in values.items()}
    return client.post(url, {**data, **said, press or f"_confirmed_{verb}": "1"})


def _formset_forms(page: Any) -> list[Any]:
    forms = []
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    return forms


def _posted(bound: Any) -> dict[str, Any]:
    value = (
        bound.field.prepare_value(bound.value()) if hasattr(bound.field, "prepare_value") else bound.value()
    )
    if value is None or value is False or value == "":
        return {}
    if hasattr(value, "open"):  # a file that is there already is not sent again
        return {}
    return {bound.html_name: value}
