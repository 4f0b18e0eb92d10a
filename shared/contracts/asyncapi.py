"""The AsyncAPI 3 document of Baton, made from topics.py and the classes: what a foreign program needs besides the schemas."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from .base import Message
from .envelope import SCHEMA_BASE
from .export import classes, example_of
from .inbound import Inbound
from .topics import REPLIES, TOPICS, Topic

SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"
_REQUIRED = ("ce_specversion", "ce_id", "ce_source", "ce_type")
_HEADERS = {
    "ce_specversion": "Always 1.0.", "ce_id": "With ce_source unique; sending the same again is harmless.",
    "ce_source": "URI of the publisher; bound to the caller.", "ce_type": "Name of the fact.", "ce_subject": "<kind>/<uuid> of the aggregate.",
    "ce_time": "When it happened, RFC 3339 with offset.", "ce_dataschema": "URI of the schema; its last part is the version.",
    "ce_recordedtime": "When the owner committed it.", "ce_sequence": "Counts without gaps per source and subject.",
    "ce_correlationid": "The first event of the story.", "ce_causationid": "The event or command that caused this one.",
    "ce_externalref": "The publisher's own reference, echoed.", "ce_actor": "Who acted; set by the door.", "ce_policyversion": "Policy that ruled.",
    "content-type": "application/json for binary mode, application/cloudevents+json for structured.",
}


def document() -> dict[str, Any]:
    """The whole document, self-contained."""
    mapping, shared = models_json_schema([(cls, "validation") for cls in classes()], ref_template="#/components/schemas/{model}")
    names = {cls: f"{cls.TYPE}.{cls.VERSION}" for cls in classes()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Baton", "version": "1.0.0", "description": _ABOUT},
        "defaultContentType": "application/json",
        "servers": {"kafka": {"host": "{bootstrap}", "protocol": "kafka", "variables": {"bootstrap": {
            "default": "127.0.0.1:9092", "description": "bootstrap servers; `baton status` shows the local one"}}}},
        "channels": {topic.name: _channel(topic, names) for topic in TOPICS},
        "operations": {_operation_name(topic): _operation(topic) for topic in TOPICS},
        "components": {
            "schemas": shared.get("$defs", {}),
            "messages": {names[cls]: _message(cls, mapping[cls, "validation"]) for cls in classes()},
            "messageTraits": {"cloudevent": {"headers": {
                "type": "object", "required": list(_REQUIRED),
                "properties": {name: {"type": "string", "description": text} for name, text in _HEADERS.items()}}}},
        },
    }


_ABOUT = (
    "Publish to `inbound` (CloudEvents 1.0, binary or structured; the same over HTTP POST /events), read the facts on the `*.events` topics. "
    "Ids belong to the publisher: source and id make an event unique, `externalid` in the body makes an entity unique per source. "
    "A reference that is not there yet makes the event wait; nothing sent is lost: accepted + duplicate + parked = sent."
)


def _message(cls: type[Message], schema: dict[str, Any]) -> dict[str, Any]:
    example = example_of(cls)
    attributes = {f"ce_{name}": value for name, value in example.items() if name not in ("data", "datacontenttype")}
    made: dict[str, Any] = {
        "name": cls.TYPE, "title": cls.__name__, "summary": (cls.__doc__ or "").strip().split("\n")[0],
        "contentType": "application/json", "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": schema},
        "examples": [{"name": "complete", "headers": {**attributes, "content-type": "application/json"}, "payload": example["data"]}],
        "bindings": {"kafka": {"key": {"type": "string"}}},
        "x-dataschema": f"{SCHEMA_BASE}/{cls.TYPE}/{cls.VERSION}.json",
    }
    if cls in REPLIES:
        done, refused = REPLIES[cls]
        made["x-replies"] = {"success": [c.TYPE for c in done], "refusal": refused.TYPE if refused else None}
    if issubclass(cls, Inbound):
        made["tags"] = [{"name": "inbound"}]
    return made


def _channel(topic: Topic, names: dict[type[Message], str]) -> dict[str, Any]:
    configuration = {"cleanup.policy": ["compact"] if topic.compacted else ["delete"]}
    if not topic.compacted:
        configuration["retention.ms"] = topic.retention_ms  # type: ignore[assignment]
    return {
        "address": topic.name, "description": f"Written by {topic.owner}; key: {topic.key}.",
        "messages": {names[cls]: {"$ref": f"#/components/messages/{names[cls]}"} for cls in topic.carries},
        "bindings": {"kafka": {"topic": topic.name, "partitions": topic.partitions, "topicConfiguration": configuration}},
        **({"x-internal": True} if topic.name.endswith(".commands") else {}),
    }


def _operation_name(topic: Topic) -> str:
    return ("receive_" if topic.name == "inbound" else "send_") + topic.name.replace(".", "_")


def _operation(topic: Topic) -> dict[str, Any]:
    """From Baton's point of view: it receives `inbound` and sends everything else."""
    inbound = topic.name == "inbound"
    return {"action": "receive" if inbound else "send", "channel": {"$ref": f"#/channels/{topic.name}"},
            "summary": "What publishers send." if inbound else f"What {topic.owner} tells."}
