"""What a requisition's workflow remembers: what was signed, what is planned, which seats are open, what waits for a yes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from workflows.subject.state import Subject

SIDES = ("client", "client_manager")
"""Who signs: the client, and we."""


class Seat(BaseModel):
    """One opening, by when it is wanted, and the hire that fills it."""

    id: str
    due_at: datetime | None = None
    state: Literal["open", "filled", "closed"] = "open"
    hire: str | None = None


class Change(BaseModel):
    """A change in flight; nothing of it counts before both sides signed it."""

    version: int
    text_hash: str = ""
    changed: list[str] = []
    agreed: bool = False


class RequisitionState(Subject):
    """One requirement, from raised to closed."""

    kind: Literal["requisition"] = "requisition"  # type: ignore[assignment]
    stage: str = "raised"
    version: int = 1
    text_hash: str = ""
    missing: list[str] = []
    unlawful: list[str] = []
    signed: list[str] = []
    """Sides that signed the present text."""
    signed_by: list[str] = []
    confirmed: int | None = None
    """Version that both sides signed."""
    filled: str = "close"
    """What the last filled opening does: `close` or `keep`."""
    kickoff: list[str] = []
    """Roles of the team, and the client, who get the kick-off pack; empty where the policy does not ask for it."""
    seats: list[Seat] = []
    change: Change | None = None
    shortlisted: bool = False

    def open_seats(self) -> list[Seat]:
        """Openings that nobody fills yet."""
        return [seat for seat in self.seats if seat.state == "open"]
