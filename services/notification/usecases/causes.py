"""Remembering what made us write, so that a later fact about it still carries that cause (agreements.md 8)."""

from collections.abc import Mapping

from shared.contracts.envelope import Envelope
from shared.runtime.records import Received


def remembered(event: Received) -> dict[str, str]:
    """The part of an envelope that replies need, as a row keeps it."""
    e = event.envelope
    return {"id": e.id, "source": e.source, "correlationid": e.correlationid, "externalref": e.externalref, "actor": e.actor}


def cause_of(kept: Mapping[str, str]) -> Envelope:
    """An envelope to name as the cause of a fact."""
    return Envelope(
        id=kept["id"],
        source=kept["source"],
        type="baton.remembered",
        data=b"",
        correlationid=kept.get("correlationid", ""),
        externalref=kept.get("externalref", ""),
        actor=kept.get("actor", ""),
    )
