"""What a client account remembers: how often we speak, which duties the contract names, and the credits so far."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from workflows.subject.state import Subject


class Term(BaseModel):
    """One line of the service contract, as far as the account needs it."""

    kind: str
    side: Literal["firm", "client"]
    credit: int = 0


class AccountState(Subject):
    """One client with a service contract."""

    kind: Literal["client"] = "client"  # type: ignore[assignment]
    stage: str = "open"
    cadence: dict[str, int] = {}
    """Kind of the regular duty -> days between two of them."""
    terms: list[Term] = []
    currency: str = "CNY"
    agreement: bool = False
    credits: dict[str, int] = {}
    """Side that broke a duty -> what the other is owed, in minor units."""
    breaches: dict[str, int] = {}
