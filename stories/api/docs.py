"""The API's own description: the OpenAPI document, and the same as a page that needs no script."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from stories.api.endpoints import RATE, api
from stories.formats.linked_data import absolute
from stories.views.http_caching import CACHE_CONTROL, public_page

LARGEST = 10**6  # a bound beyond it is nothing to tell a reader


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    group: str
    path: str
    description: str
    parameters: tuple[Parameter, ...]
    example: str  # an address to try, for one without a variable part


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    response = JsonResponse(document(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = CACHE_CONTROL
    return response


@public_page
def api_docs(request: HttpRequest) -> HttpResponse:
    described = document()
    context = {
        "description": described["info"]["description"],
        "endpoints": endpoints(described),
        "rate": f"{RATE.removesuffix('/m')} requests a minute",
    }
    return render(request, "stories/api_docs.html", context)


def document() -> dict[str, Any]:
    root = reverse("stories:api_docs")
    return dict(api.get_openapi_schema(path_prefix=root)) | {"servers": [{"url": absolute("")}]}


def endpoints(described: dict[str, Any]) -> list[Endpoint]:
    return [
        Endpoint(
            group=operation["tags"][0],
            path=path,
            description=operation.get("description", ""),
            parameters=tuple(parameter(one) for one in operation.get("parameters", ())),
            example="" if "{" in path else path,
        )
        for path, operations in described["paths"].items()
        for operation in operations.values()
    ]


def parameter(described: dict[str, Any]) -> Parameter:
    schema = described["schema"]
    return Parameter(
        described["name"],
        kind_of(schema),
        described.get("description", "") or schema.get("description", ""),
    )


def kind_of(schema: dict[str, Any]) -> str:
    """A parameter's type in words: "number, 1 to 100", "text, repeatable", "one of direct, partial"."""
    options = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    kind = options[0] if options else schema
    if kind.get("type") == "array":
        return f"{kind_of(kind['items'])}, repeatable"
    if "enum" in kind:
        return "one of " + ", ".join(map(str, kind["enum"]))
    if kind.get("type") == "integer":
        bounded = kind.get("maximum", LARGEST) < LARGEST
        return f"number, {kind['minimum']} to {kind['maximum']}" if bounded else "number"
    return "text"
