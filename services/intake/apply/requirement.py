"""The written requirement: which parts are missing, which clauses the law does not allow, what text both sides sign, what a change changes.

Only looked at where the policy wants requisitions confirmed; all others are open when they are raised.
"""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic_core import to_json

from services.intake.store import entities
from shared.contracts.policy import PolicyRecord
from shared.contracts.requisition import Finding, Need, Proposal, RequisitionRecord
from shared.policy.lawful import clauses
from shared.policy.loader import PolicyError, shipped_policy
from shared.policy.model import Policy
from shared.runtime.db import Uow

PARTS = ("background", "duties", "talent", "timeline", "budget")
SIGNED_FIELDS = (
    "title", "title_en", "need", "plan", "rules", "rounds", "stage_plan", "openings", "location", "salary_min", "salary_max", "currency", "start_at",
    "offer_by")
"""What the text consists of: a change of any of these is a change in flight; team, pools and policy are not the client's to sign."""


async def policy_of(uow: Uow, name: str) -> Policy | None:
    """The policy that a requisition of this name begins under: the published one in force, else the shipped one; None where nobody knows it."""
    published = [one for one in await entities.load_all(uow, PolicyRecord, "policy") if one.name == name and one.current_since is not None]
    if published:
        return Policy.model_validate(max(published, key=lambda one: one.current_since).body)  # type: ignore[arg-type,return-value]
    try:
        return shipped_policy(name)
    except PolicyError:
        return None


def judged(record: RequisitionRecord, jurisdiction: str, before: RequisitionRecord | None = None) -> RequisitionRecord:
    """The record with its text's hash, its missing parts and its findings; what a person flagged in `before` stands while that part does."""
    written = _parts(record)
    missing = [part for part in PARTS if not written[part].strip()]
    findings = [one for one in before.findings if one.flagged and _parts(before).get(one.part) == written.get(one.part)] if before else []
    for part, text in written.items():
        for clause in clauses(text, jurisdiction):
            findings.append(Finding(code=clause.code, part=part, clause=f"{clause.words} → {clause.instead}"[:300], refused=clause.refused))
    return record.model_copy(update={"text_hash": text_hash(record), "missing": missing, "findings": findings})


def _parts(record: RequisitionRecord) -> dict[str, str]:
    need = record.need or Need()
    return {"title": record.title, **{part: getattr(need, part) for part in PARTS}}


def flagged(record: RequisitionRecord, finding: Finding) -> RequisitionRecord:
    """The record with what a person reads as unlawful beside what the lint found; the text itself stays as it is."""
    known = [one for one in record.findings if (one.code, one.part) != (finding.code, finding.part)]
    return record.model_copy(update={"findings": [*known, finding]})


def text_hash(record: RequisitionRecord) -> str:
    """SHA-256 of the requirement's text in one canonical form."""
    said = record.model_dump(mode="json", include=set(SIGNED_FIELDS))
    said["openings"] = len([one for one in record.openings if one.state != "closed"])
    return hashlib.sha256(to_json(dict(sorted(said.items())))).hexdigest()


def changed(before: RequisitionRecord, after: RequisitionRecord) -> list[str]:
    """Names of the signed fields that differ."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return [name for name in SIGNED_FIELDS if old[name] != new[name]]


def proposal(before: RequisitionRecord, after: RequisitionRecord, jurisdiction: str) -> Proposal | None:
    """The change in flight that waits for a yes; None where the signed text stays as it is."""
    names = changed(before, after)
    if not names:
        return None
    text = judged(after, jurisdiction, before)
    return Proposal(version=before.version + 1, text_hash=text.text_hash, changed=names, missing=text.missing, findings=text.findings,
                    body=after.model_dump(mode="json", include=set(SIGNED_FIELDS)))


def said(record: RequisitionRecord) -> dict[str, Any]:
    """What the facts about a requisition tell of its text: codes only."""
    shown = record.proposed or record
    return {"state": record.state, "text_hash": shown.text_hash or None, "missing": shown.missing,
            "unlawful": list(dict.fromkeys(one.code for one in shown.findings if one.refused))}
