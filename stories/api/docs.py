"""The API's documentation: the OpenAPI document, and the same as a page without scripts."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from stories.api.endpoints import RATE, api
from stories.formats.linked_data import absolute
from stories.views.http_caching import CACHE_CONTROL, for_any_site, public_page

LARGEST = 10**6  # larger limits of numbers are technical ones and left out of the page


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an endpoint, its type in words."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint of the API."""

    group: str
    path: str
    description: str
    parameters: tuple[Parameter, ...]
    example: str  # an address to try; "" where the path has variable parts


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """Return the OpenAPI document."""
    response = JsonResponse(document(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Cache-Control"] = CACHE_CONTROL
    return for_any_site(response)


@public_page
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the documentation."""
    described = document()
    context = {
        "description": described["info"]["description"],
        "endpoints": endpoints(described),
        "rate": f"{RATE.removesuffix('/m')} requests a minute",
    }
    return render(request, "stories/api_docs.html", context)


def document() -> dict[str, Any]:
    """Return the OpenAPI document as a dict, with absolute addresses."""
    root = reverse("stories:api_docs")
    return dict(api.get_openapi_schema(path_prefix=root)) | {"servers": [{"url": absolute("")}]}


def endpoints(described: dict[str, Any]) -> list[Endpoint]:
    """Return the endpoints of an OpenAPI document."""
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
    """Return a parameter of an OpenAPI document."""
    schema = described["schema"]
    return Parameter(
        described["name"],
        kind_of(schema),
        described.get("description", "") or schema.get("description", ""),
    )


def kind_of(schema: dict[str, Any]) -> str:
    """Return a schema's type in words: "number, 1 to 100", "text, repeatable", "one of direct, partial"."""
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
