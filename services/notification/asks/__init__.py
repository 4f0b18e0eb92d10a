"""The only registry of Ask kinds: form, context, short form, default text and sample of each (agreements.md 4).

Adding a kind touches one file here (its entry and its table of fields), a policy entry, a row of the stage table and a golden.
"""

from services.notification.asks import (
    care,
    checkin,
    closing,
    decision,
    interview,
    joining,
    offer,
    review,
    slot,
    standing,
    submission,
    verdict,
)
from services.notification.asks.base import AskKind

_MODULES = (review, submission, verdict, slot, interview, decision, closing, offer, joining, checkin, care, standing)
KINDS: dict[str, AskKind] = {entry.kind: entry for module in _MODULES for entry in module.KINDS}


class UnknownAskKindError(KeyError):
    """An Ask of a kind that has no registry entry: the command is refused and parked, nobody is asked nonsense."""


def kind_of(name: str) -> AskKind:
    """The registry entry; raises UnknownAskKindError."""
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownAskKindError(name) from None
