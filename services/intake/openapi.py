"""The HTTP door described: OpenAPI 3.1, made from the contracts so that it cannot say something else."""

from __future__ import annotations

from typing import Any

from shared.contracts.catalog import LATEST
from shared.contracts.envelope import BATCH, SCHEMA_BASE, STRUCTURED
from shared.contracts.inbound import Inbound

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_EXAMPLE = {
    "specversion": "1.0", "id": "application.submitted/A-1", "source": "https://ats.example.com", "type": "baton.application.submitted",
    "time": "2026-09-03T09:00:00+08:00", "dataschema": f"{SCHEMA_BASE}/baton.application.submitted/2.json",
    "data": {"externalid": "A-1", "requisition": "R-118", "person": {"name": "Ada Brook", "email": "ada.brook@example.com"}, "skills": ["C++"]},
}  # fmt: skip


def document() -> dict[str, Any]:
    """The whole description."""
    names = sorted(name for name, cls in LATEST.items() if issubclass(cls, Inbound))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Baton intake", "version": "0.1.0", "description": "One door, two handles: this and Kafka topic `inbound`."},
        "security": [{"token": []}],
        "paths": {
            "/events": {"post": _post_events()},
            "/events/{source}/{id}": {"get": _get("What became of an event", ["source", "id"], "Event")},
            "/files": {"post": _post_file()},
            "/documents/{sha256}": {"put": _put_document()},
            "/refs": {"get": _get("Our ids of a publisher's entity", [], "Refs", query=["source", "externalid"])},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"CloudEvent": _cloud_event(names), "Results": _results(), "Event": {"type": "object"}, "Refs": {"type": "object"}, "Problem": _problem()},
        },
    }  # fmt: skip


def _answers(status: str, said: str, schema: str) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": _PROBLEM}}
    refusals = {code: {"description": text, "content": problem} for code, text in (
        ("400", "not a CloudEvent"), ("401", "no token"), ("403", "no grant"), ("413", "too large"), ("415", "media type"), ("422", "refused"),
        ("429", "too many at once"), ("503", "not available now"))}  # fmt: skip
    return {status: {"description": said, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}, **refusals}


def _post_events() -> dict[str, Any]:
    event = {"$ref": "#/components/schemas/CloudEvent"}
    return {
        "summary": "Publish one event or a batch of at most 500 events or 5 MB",
        "parameters": [{"name": "dry_run", "in": "query", "schema": {"type": "boolean"}, "description": "judge, store nothing"}],
        "requestBody": {"required": True, "content": {
            STRUCTURED: {"schema": event, "example": _EXAMPLE},
            BATCH: {"schema": {"type": "array", "items": event, "maxItems": 500}, "example": [_EXAMPLE]},
            "application/json": {"schema": {"type": "object"}, "example": _EXAMPLE["data"]},
        }},
        "responses": _answers("202", "durable; an answer for each event, in order", "Results"),
    }  # fmt: skip


def _post_file() -> dict[str, Any]:
    names = ("name", "requisition", "origin", "externalid", "source")
    return {
        "summary": "Hand over a file as it is: a résumé applies, a posting raises a requisition, anything else is parked with a reason",
        "parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names],
        "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
        "responses": _answers("202", "durable", "Results"),
    }


def _put_document() -> dict[str, Any]:
    return {
        "summary": "Put a document of at most 10 MB under its SHA-256; an event names it by `document.sha256`",
        "parameters": [{"name": "sha256", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}],
        "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
        "responses": _answers("201", "stored, sealed", "Refs"),
    }


def _get(summary: str, path: list[str], schema: str, query: list[str] | None = None) -> dict[str, Any]:
    parameters = [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in path]
    parameters += [{"name": n, "in": "query", "schema": {"type": "string"}} for n in query or []]
    return {"summary": summary, "parameters": parameters, "responses": _answers("200", "found", schema)}


def _cloud_event(names: list[str]) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object", "required": ["specversion", "id", "source", "type"],
        "properties": {"specversion": {"const": "1.0"}, "id": text, "source": text, "type": {"type": "string", "examples": names},
                       "time": {"type": "string", "format": "date-time"}, "dataschema": {"type": "string", "format": "uri"},
                       "data": {"type": "object"}, "data_base64": {"type": "string"}},
    }  # fmt: skip


def _results() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0}
    one = {"type": "object", "required": ["outcome"], "properties": {
        "source": {"type": ["string", "null"]}, "id": {"type": ["string", "null"]}, "outcome": {"enum": ["accepted", "duplicate", "parked"]},
        "waiting_for": {"type": "array", "items": {"type": "string"}}, "subject": {"type": "string"}, "code": {"type": "string"},
        "reason": {"type": "string"}, "parked_id": {"type": "string", "format": "uuid"}}}  # fmt: skip
    return {"type": "object", "properties": {"accepted": number, "duplicate": number, "parked": number, "waiting": number,
                                             "dry_run": {"type": "boolean"}, "results": {"type": "array", "items": one}}}  # fmt: skip


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    return {"type": "object", "required": ["type", "title", "status", "code", "detail"], "properties": {
        "type": text, "title": text, "status": {"type": "integer"}, "code": text, "detail": text, "cure": text, "pointer": text}}
