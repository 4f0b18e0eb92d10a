"""The short ways of the hot path give what the long ways give: envelopes of our own relay, the blind index, derived ids."""

from __future__ import annotations

import hmac
import uuid

import pytest
from asyncpg.pgproto.pgproto import UUID as DriverId
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import base
from shared.contracts.base import NAMESPACE, derive_id
from shared.contracts.envelope import EnvelopeError, from_kafka
from shared.contracts.sealed import Sealed
from shared.runtime.records import StoredRecord, _from_relay
from shared.runtime.vault import _hmac_halves

RELAYED = [("ce_specversion", b"1.0"), ("ce_id", b"e-1"), ("ce_source", b"baton/intake"), ("ce_type", b"baton.application.received"),
           ("ce_dataschema", b"https://baton.example/schemas/baton.application.received/1.json"), ("ce_subject", b"application/7"),
           ("ce_time", b"2026-09-03T09:00:00+08:00"), ("ce_sequence", b"3"), ("ce_externalref", "来源#1".encode()), ("content-type", b"application/json")]


def _record(headers, value=b"{}"):
    return StoredRecord("intake.events", 0, 1, b"k", value, headers)


def test_relayed_record_when_read_directly_then_the_same_envelope():
    assert _from_relay(_record(RELAYED)) == from_kafka(RELAYED, b"{}")


@pytest.mark.parametrize("changed", [
    ("ce_id", None), ("ce_id", b"\xff"), ("CE_ID", b"e-1"), ("ce_of_somebody_else", b"x"), ("content-type", b"application/cloudevents+json")])
def test_other_record_when_read_then_left_to_the_long_way(changed):
    assert _from_relay(_record([changed, *RELAYED])) is None
    assert _from_relay(_record(RELAYED, value=None)) is None
    assert _from_relay(_record([])) is None


def test_relayed_record_when_its_time_is_wrong_then_refused_as_ever():
    wrong = [(name, b"soon" if name == "ce_time" else value) for name, value in RELAYED]
    with pytest.raises(EnvelopeError, match="RFC 3339"):
        _from_relay(_record(wrong))


@given(st.binary(max_size=130), st.binary(max_size=80))
def test_blind_index_when_begun_once_then_hmac_of_the_standard(key, value):
    inner, outer = _hmac_halves(key)
    inner.update(value)
    outer.update(inner.digest())
    assert outer.digest() == hmac.new(key, value, "sha256").digest()


@given(st.lists(st.text(), max_size=3))
def test_derived_id_when_made_directly_then_uuid5_in_every_respect(causes):
    made, wanted = derive_id("intake", "person", *causes), uuid.uuid5(NAMESPACE, "|".join(["intake", "person", *causes]))
    assert (made, hash(made), str(made), made.version, made.is_safe) == (wanted, hash(wanted), str(wanted), 5, wanted.is_safe)


def test_derived_id_when_made_by_the_drivers_class_then_the_same_id(monkeypatch):
    monkeypatch.setattr(base, "_made", DriverId)
    made, wanted = derive_id("intake", "person", "来源", 7), uuid.uuid5(NAMESPACE, "intake|person|来源|7")
    assert (made, hash(made), str(made), isinstance(made, uuid.UUID)) == (wanted, hash(wanted), str(wanted), True)


def test_body_when_known_or_replaced_then_equal_to_the_checked_one():
    id_ = uuid.uuid4()
    checked = Sealed(person_id=id_, field="identity", box="x")
    known = Sealed.known(person_id=id_, field="identity", box="x")
    assert (known, known.model_dump_json(), known.model_copy()) == (checked, checked.model_dump_json(), checked)
    assert known.replaced(box="y") == checked.model_copy(update={"box": "y"})
    assert known == checked, "the first is as it was"


@pytest.mark.parametrize("values", [{"field": "identity", "box": "x"}, {"person_id": None, "field": "a", "box": "x", "boks": "y"}])
def test_body_when_known_without_all_its_fields_then_refused(values):
    with pytest.raises(TypeError, match="Sealed: these fields are missing or unknown: (person_id|boks)"):
        Sealed.known(**values)
