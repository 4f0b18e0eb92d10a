"""The only registry of Ask kinds: form, context, short form, default text and sample of each (agreements.md 4).

Adding a kind touches one file here (its entry and its table of fields), a policy entry, a row of the stage table and a golden.
"""

from collections.abc import Mapping

from services.notification.asks import (
    account,
    appointment,
    care,
    checkin,
    closing,
    decision,
    interview,
    joining,
    kickoff,
    offer,
    placed,
    requirement,
    review,
    rulings,
    slot,
    standing,
    submission,
    turns,
    verdict,
)
from services.notification.asks.base import AskKind

_MODULES = (
    review, submission, verdict, slot, interview, appointment, decision, closing, offer, joining, checkin, care, turns, rulings, placed, standing, requirement, kickoff, account)
KINDS: dict[str, AskKind] = {entry.kind: entry for module in _MODULES for entry in module.KINDS}


class UnknownAskKindError(KeyError):
    """An Ask of a kind that has no registry entry: the command is refused and parked, nobody is asked nonsense."""


def say_differently(own: Mapping[str, AskKind]) -> None:
    """Put an organisation's own wording of these kinds in place, once, at the start of the process."""
    KINDS.update(own)


def kind_of(name: str) -> AskKind:
    """The registry entry; raises UnknownAskKindError."""
    if name in KINDS:
        return KINDS[name]
    if name.startswith("prepare_"):
        return turns.prepare(name.removeprefix("prepare_"))
    raise UnknownAskKindError(name)


def is_kind(name: str) -> bool:
    """Whether an Ask of this kind can be asked."""
    return name in KINDS or name.startswith("prepare_")
