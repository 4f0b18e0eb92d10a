"""Every example travels in every mode and comes back the same, letter for letter, in the newest class."""

import json

import pytest
from pydantic_core import to_json

from shared.contracts import export
from shared.contracts.base import Message
from shared.contracts.catalog import LATEST, decode
from shared.contracts.envelope import BATCH, STRUCTURED, Envelope, from_http, from_kafka, from_structured

CLASSES = export.classes()
ids = [f"{cls.TYPE}.{cls.VERSION}" for cls in CLASSES]
ATTRIBUTES = ("id", "source", "type", "dataschema", "subject", "time", "recordedtime", "sequence", "correlationid", "causationid", "externalref")


def assert_same(envelope: Envelope, example: dict) -> None:
    carried = envelope.attributes()
    for name in ATTRIBUTES:
        assert carried.get(name) == example.get(name), name
    assert envelope.json() == example["data"]
    body = decode(envelope)
    assert type(body) is LATEST[example["type"]]


@pytest.mark.parametrize("cls", CLASSES, ids=ids)
def test_example_when_sent_binary_on_kafka_then_the_same_comes_back(cls: type[Message]):
    example = export.example_of(cls)
    sent = from_structured(example)
    assert_same(from_kafka(sent.kafka_headers(), sent.data), example)


@pytest.mark.parametrize("cls", CLASSES, ids=ids)
def test_example_when_sent_structured_then_the_same_comes_back_on_kafka_and_http(cls: type[Message]):
    example = export.example_of(cls)
    raw = from_structured(example).structured()
    assert_same(from_kafka([("content-type", STRUCTURED.encode())], raw), example)
    assert_same(from_kafka([], raw), example)
    [got] = from_http({"content-type": STRUCTURED + "; charset=UTF-8"}, raw)
    assert_same(got, example)


def test_all_examples_when_sent_as_one_batch_then_all_come_back_in_order():
    examples = [export.example_of(cls) for cls in CLASSES]
    got = from_http({"content-type": BATCH}, to_json(examples))
    assert len(got) == len(examples)
    for envelope, example in zip(got, examples, strict=True):
        assert_same(envelope, example)


@pytest.mark.parametrize("cls", CLASSES, ids=ids)
def test_example_when_sent_binary_over_http_then_the_same_comes_back(cls: type[Message]):
    example = export.example_of(cls)
    headers = {f"ce-{name}": str(value) for name, value in example.items() if name not in ("data", "datacontenttype")}
    [got] = from_http({**headers, "content-type": "application/json"}, json.dumps(example["data"], ensure_ascii=False).encode())
    assert_same(got, example)


@pytest.mark.parametrize("cls", CLASSES, ids=ids)
def test_body_when_a_newer_sender_adds_a_field_then_it_is_read_all_the_same(cls: type[Message]):
    example = export.example_of(cls)
    envelope = from_structured({**example, "data": {**example["data"], "from_the_future": {"深": 1}}})
    assert type(decode(envelope)) is LATEST[cls.TYPE]
