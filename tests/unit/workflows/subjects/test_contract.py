"""The service contract's clocks win over policy and tier, for both sides."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.contracts.client import Duty, ServiceContract
from shared.policy.due import plan
from shared.policy.loader import load_calendar, shipped_policy
from workflows.account.contract import under_contract

POLICY = shipped_policy("agency-cn")
AT = datetime.fromisoformat("2026-09-02T10:00:00+08:00")


def due(policy: object, kind: str, tier: str) -> timedelta:
    """How long this kind takes from a Wednesday morning."""
    return plan(policy, kind, opened_at=AT, calendar=load_calendar("CN"), party_class="staff", tier=tier).due_at - AT  # type: ignore[arg-type]


def test_clocks_of_both_sides_win_over_policy_and_tier() -> None:
    mine = under_contract(POLICY, ServiceContract(duties=[
        Duty(kind="first_shortlist", side="firm", within="3 wd"), Duty(kind="client_verdict", side="client", within="1 wd")]))
    assert due(mine, "first_shortlist", "strategic") < due(POLICY, "first_shortlist", "strategic")
    assert due(mine, "client_verdict", "key") < due(POLICY, "client_verdict", "key")
    assert due(mine, "scorecard", "key") == due(POLICY, "scorecard", "key")


def test_no_contract_or_one_without_clocks_changes_nothing() -> None:
    assert under_contract(POLICY, None) is POLICY
    assert under_contract(POLICY, ServiceContract(duties=[Duty(kind="client_verdict", side="client", credit=5)])) is POLICY
    assert under_contract(POLICY, ServiceContract(duties=[Duty(kind="client_verdict", side="client", within="soonish")])) is POLICY
