"""The generated schemas and examples are committed as they are generated, and say the truth about the classes."""

import json

import jsonschema
import pytest

from shared.contracts import export
from shared.contracts.asyncapi import document
from shared.contracts.base import Message
from shared.contracts.topics import TOPICS, topic_of

CLASSES = export.classes()
ids = [f"{cls.TYPE}.{cls.VERSION}" for cls in CLASSES]


def test_artefacts_when_compared_then_committed_equals_generated():
    assert export.stale() == [], "run `python -m shared.contracts.export` and commit"


def test_stale_when_a_file_is_changed_missing_or_foreign_then_named(tmp_path):
    export.write(tmp_path)
    assert export.stale(tmp_path) == []
    changed, missing = tmp_path / export.schema_path(CLASSES[0]), tmp_path / export.schema_path(CLASSES[1])
    changed.write_text("{}")
    missing.unlink()
    foreign = tmp_path / "examples" / "baton.nobody.9.json"
    foreign.write_text("{}")
    assert set(export.stale(tmp_path)) == {export.schema_path(CLASSES[0]), export.schema_path(CLASSES[1]), "examples/baton.nobody.9.json"}


@pytest.mark.parametrize("cls", CLASSES, ids=ids)
def test_schema_when_read_by_a_foreign_validator_then_it_accepts_the_example_and_refuses_an_empty_subject(cls: type[Message]):
    schema, example = export.schema_of(cls), export.example_of(cls)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(example["data"], schema, format_checker=jsonschema.FormatChecker())
    broken = dict(example["data"])
    del broken[cls.SUBJECT.split(":")[1]]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_topics_when_listed_then_every_class_has_exactly_one():
    carried = [cls for topic in TOPICS for cls in topic.carries]
    assert len(carried) == len(set(carried))
    assert {topic_of(cls).name for cls in CLASSES} <= {topic.name for topic in TOPICS}


def test_asyncapi_when_made_then_every_reference_resolves_and_every_type_is_in_a_channel():
    made = json.loads(json.dumps(document()))
    assert made["asyncapi"] == "3.0.0"
    refs = list(_refs(made))
    assert refs
    for ref in refs:
        node = made
        for part in ref.removeprefix("#/").split("/"):
            node = node[part]
    in_channels = {name for channel in made["channels"].values() for name in channel["messages"]}
    assert in_channels == {f"{cls.TYPE}.{cls.VERSION}" for cls in CLASSES}
    assert {op["action"] for op in made["operations"].values()} == {"send", "receive"}


def _refs(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)
