"""What others send, by the letter of CloudEvents 1.0 (HTTP and Kafka bindings), without any library of ours."""

import base64
import json

import pytest

from shared.contracts.catalog import UnknownTypeError, WrongBodyError, decode
from shared.contracts.envelope import EnvelopeError, from_http, from_kafka, from_structured
from shared.contracts.inbound import ApplicationSubmittedV2

OLD = {"externalid": "甲-1", "requisition": "R-118", "name": "林悦 é", "email": "lin@mail.example", "skills": ["运动控制"], "years": 6,
       "submitted_at": "2026-09-03T09:00:00+08:00"}
NEW = {"externalid": "A-1", "requisition": "R-118", "person": {"name": "林悦 é 🙂"}, "skills": ["運動"]}
BINARY = [("ce_specversion", b"1.0"), ("ce_id", "号-1".encode()), ("ce_source", b"https://ats.example/cn"), ("ce_type", b"baton.application.submitted"),
          ("content-type", b"application/json; charset=UTF-8")]


def kafka(value: object, headers: list | None = None):
    return from_kafka(BINARY if headers is None else headers, json.dumps(value, ensure_ascii=False).encode())


def with_schema(version: int) -> list:
    return [*BINARY, ("ce_dataschema", f"https://elsewhere.example/schemas/baton.application.submitted/{version}.json".encode())]


def test_old_version_when_read_then_lifted_to_the_newest_class_with_nothing_lost():
    body = decode(kafka(OLD, with_schema(1)))
    assert type(body) is ApplicationSubmittedV2
    assert body.person is not None and body.person.name == "林悦 é" and body.person.email == "lin@mail.example"
    assert (body.externalid, body.requisition, body.skills, body.years) == ("甲-1", "R-118", ["运动控制"], 6)
    assert body.submitted_at is not None and body.submitted_at.isoformat() == "2026-09-03T09:00:00+08:00"


def test_no_version_given_when_the_body_is_the_newest_then_read_as_the_newest():
    body = decode(kafka(NEW))
    assert type(body) is ApplicationSubmittedV2 and body.person is not None and body.person.name == "林悦 é 🙂"


def test_non_ascii_when_sent_raw_or_escaped_then_kept():
    for ascii_only in (True, False):
        value = json.dumps(NEW, ensure_ascii=ascii_only).encode()
        assert from_kafka(BINARY, value).json()["person"]["name"] == "林悦 é 🙂"
        assert from_kafka(BINARY, value).id == "号-1"


def test_headers_when_foreign_ones_are_beside_then_ignored():
    headers = [("traceparent", b"00-abc"), ("X-Vendor", b"\xff\xfe"), ("nothing", None), *BINARY, ("ce_vendorextension", b"7")]
    assert kafka(NEW, headers).type == "baton.application.submitted"


def test_header_names_when_in_another_case_then_read():
    headers = [(name.upper() if name.startswith("ce_") else "Content-Type", value) for name, value in BINARY]
    assert kafka(NEW, headers).source == "https://ats.example/cn"


@pytest.mark.parametrize(("headers", "value", "code"), [
    (BINARY, None, "tombstone"), ([], None, "tombstone"),
    ([*BINARY, ("ce_time", b"yesterday")], b"{}", "bad_time"),
    ([*BINARY, ("ce_subject", b"\xff\xfe")], b"{}", "header_not_utf8"),
    ([*BINARY, ("ce_subject", None)], b"{}", "null_header"),
    ([("ce_specversion", b"1.0")], b"{}", "not_a_cloudevent"),
    ([("ce_specversion", b"0.3"), *BINARY[1:]], b"{}", "specversion"),
    ([], b"\x00\x01", "not_json"), ([], b"[1]", "not_a_cloudevent"), ([], b"{}", "not_a_cloudevent"),
    ([("content-type", b"application/cloudevents+json")], b"\xff", "not_json"),
])
def test_record_when_no_cloudevent_then_a_stable_code(headers, value, code):
    with pytest.raises(EnvelopeError) as caught:
        from_kafka(headers, value)
    assert caught.value.code == code


def test_structured_when_data_is_base64_then_read():
    event = {"specversion": "1.0", "id": "1", "source": "s", "type": "baton.application.submitted",
             "data_base64": base64.b64encode(json.dumps(NEW).encode()).decode()}
    body = decode(from_structured(event))
    assert type(body) is ApplicationSubmittedV2
    with pytest.raises(EnvelopeError) as caught:
        from_structured({**event, "data_base64": "*"})
    assert caught.value.code == "bad_base64"


def test_batch_when_not_an_array_then_refused():
    with pytest.raises(EnvelopeError) as caught:
        from_http({"content-type": "application/cloudevents-batch+json"}, b"{}")
    assert caught.value.code == "not_a_batch"


def test_unknown_type_when_decoded_then_said_so():
    with pytest.raises(UnknownTypeError):
        decode(from_structured({"specversion": "1.0", "id": "1", "source": "s", "type": "acme.thing.done", "data": {}}))
    with pytest.raises(UnknownTypeError):
        decode(kafka(NEW, with_schema(99)))


def test_wrong_body_when_refused_then_pointer_names_the_field_and_no_value_is_repeated():
    with pytest.raises(WrongBodyError) as caught:
        decode(kafka({**NEW, "person": {"name": "林悦", "email": "secret-at-nowhere"}}, with_schema(2)))
    assert caught.value.pointer == "/person/email"
    assert "secret-at-nowhere" not in str(caught.value)
