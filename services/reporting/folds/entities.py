"""Requisitions, clients and parties as the records last said: titles and firms' names yes, names of persons never."""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts import client, party, requisition

from .facts import Fact, Row, Rows, first

_REQUISITION = ("version", "client_id", "externalref", "code", "title", "title_en", "tier", "policy", "zone", "calendar", "state", "team")
_CLIENT = ("version", "name", "name_latin", "tier", "zone", "external", "manager_id")
_PARTY = ("version", "party_class", "org_id", "roles", "locale", "zone", "calendar", "manager_id", "delegate_id", "left_at")


def _newest(facts: Sequence[Fact], name: str, fields: tuple[str, ...]) -> Row | None:
    known = [f for f in facts if f.type == name]
    if not known:
        return None
    body = max(known, key=lambda f: f.body["version"]).body
    return {field: body.get(field) for field in fields}


def fold_requisition(requisition_id: str, facts: Sequence[Fact]) -> Rows:
    """The newest record."""
    row = _newest(facts, requisition.RequisitionRecord.TYPE, (*_REQUISITION, "openings"))
    return {"requisitions": [{**row, "requisition_id": requisition_id, "openings": len(row["openings"] or [])}]} if row else {}


def fold_client(client_id: str, facts: Sequence[Fact]) -> Rows:
    """The newest record."""
    row = _newest(facts, client.ClientRecord.TYPE, _CLIENT)
    return {"clients": [{**row, "client_id": client_id}]} if row else {}


def fold_person(person_id: str, facts: Sequence[Fact]) -> Rows:
    """The newest record, and whether the person was erased."""
    row = _newest(facts, party.PersonRecord.TYPE, _PARTY)
    erased = first(facts, party.PersonErased.TYPE)
    if row is None and erased is None:
        return {}
    row = row or dict.fromkeys(_PARTY) | {"version": 0}
    return {"parties": [{**row, "person_id": person_id, "erased_at": erased.body["erased_at"] if erased else None}]}
