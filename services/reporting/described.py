"""What the read API says about itself: OpenAPI 3.1, thin, and the JSON Schemas of every message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from shared.contracts.export import artefacts

_FILTERS = {
    "/hires": ("stage", "state", "outcome", "owner", "client", "requisition", "due"), "/obligations": ("state", "owner", "client", "kind", "hire"),
    "/board": ("owner", "client", "kind"), "/events": ("type", "hire", "source", "id"), "/metrics/{id}": ("drill", "from", "until", "zone", "by"),
    "/report": ("lang", "hire", "from", "until", "zone"),
    "/hires/{id}/lane.svg": ("lang",), "/requisitions": ("code", "state", "client"), "/people": ("class", "role", "client"), "/audit": ("actor", "type"), "/audit/chain": ("seal",)}
_PAGED = ("/hires", "/obligations", "/board", "/events", "/requisitions", "/people", "/audit")


@cache
def _schemas() -> dict[str, str]:
    return {path: text for path, text in artefacts().items() if path.startswith("schemas/")}


def schema_text(type_: str, version: int) -> str | None:
    """The JSON Schema of a message type, as `dataschema` names it."""
    return _schemas().get(f"schemas/{type_}/{version}.json")


def openapi(reads: Mapping[str, Any]) -> dict[str, Any]:
    """Paths, parameters and the shape of errors."""
    paths: dict[str, Any] = {}
    for raw, answer in reads.items():
        path = raw.replace(":path", "")
        names = [*_FILTERS.get(path, ()), *(("limit", "after") if path in _PAGED else ())]
        parameters: list[dict[str, Any]] = [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in re.findall(r"{(\w+)}", path)]
        parameters += [{"name": n, "in": "query", "schema": {"type": "string"}} for n in names]
        paths[path] = {"get": {"operationId": answer.__name__.strip("_"), "parameters": parameters, "responses": {
            "200": {"description": "what was asked for"}, "default": {"$ref": "#/components/responses/problem"}}}}
    problem = {"type": "object", "required": ["status", "code", "detail"], "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "code": {"type": "string"}, "detail": {"type": "string"}}}
    return {
        "openapi": "3.1.0", "info": {"title": "Baton reporting", "version": "1.0.0"}, "paths": paths, "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}, "responses": {"problem": {
            "description": "RFC 9457", "content": {"application/problem+json": {"schema": problem}}}}}}
