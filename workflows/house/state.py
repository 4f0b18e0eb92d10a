"""What the house remembers: nothing but the instants of its standing work; it is one for each organisation and never ends."""

from __future__ import annotations

from typing import Literal

from workflows.subject.state import Subject


class HouseState(Subject):
    """The house. Its standing steps: `sweep` (hires that screening never judged) and `morning` (the links of the day)."""

    kind: Literal["house"] = "house"  # type: ignore[assignment]
    stage: str = "open"
    morning: bool = False
    """Whether people of ours get their link each morning, as the policy says."""

    @property
    def standing(self) -> bool:
        """Nothing has to be owed while no instant is due."""
        return True
