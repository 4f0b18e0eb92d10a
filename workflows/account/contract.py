"""A client's service contract over a policy: its clocks win over the policy's own and over those of the tier (F2). Pure."""

from __future__ import annotations

from shared.contracts.client import ServiceContract
from shared.policy.grammar import GrammarError, parse_instant
from shared.policy.model import Policy, Tier


def under_contract(policy: Policy, contract: ServiceContract | None) -> Policy:
    """The policy with the contract's clocks; the same object where there is none. A clock that can't be read leaves the policy's own."""
    obligations, tiers = dict(policy.obligations), {name: dict(kinds) for name, kinds in policy.tiers.items()}
    for duty in contract.duties if contract else ():
        try:
            within = parse_instant(duty.within) if duty.within else None
        except GrammarError:
            within = None
        if within is None or duty.kind not in obligations:
            continue
        obligations[duty.kind] = obligations[duty.kind].model_copy(update={"within": within})
        for kinds in tiers.values():
            if duty.kind in kinds:
                kinds[duty.kind] = Tier(within=within)
    if obligations == policy.obligations:
        return policy
    return policy.model_copy(update={"obligations": obligations, "tiers": tiers})
