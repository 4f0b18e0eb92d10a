"""What is told without a question: the registry of tells, beside that of Asks.

Subjects to candidates and new hires hold no client, role or word of hiring (practice.md 2.3); results say the result in
the first sentence. `bad_news` never leaves on a Friday after 17:00 nor on the eve of a holiday; `calendar` carries an
invitation or its cancellation. `urgent` is what the person asked for, or safety: no window holds it back.
"""

from collections.abc import Mapping

from services.notification.tells import account, candidate, others, replies
from services.notification.tells.base import TellKind

__all__ = ["TELLS", "TellKind", "UnknownTellError", "is_tell", "say_differently", "tell_of"]
TELLS: dict[str, TellKind] = {one.name: one for one in (*candidate.KINDS, *others.KINDS, *account.KINDS, *replies.KINDS)}


class UnknownTellError(KeyError):
    """A tell whose template has no entry: the command is refused and parked."""


def tell_of(name: str) -> TellKind:
    """The registry entry; raises UnknownTellError."""
    try:
        return TELLS[name]
    except KeyError:
        raise UnknownTellError(name) from None


def say_differently(own: Mapping[str, TellKind]) -> None:
    """Put an organisation's own wording of these tells in place, once, at the start of the process."""
    TELLS.update(own)


def is_tell(name: str) -> bool:
    """Whether something of this name can be told."""
    return name in TELLS
