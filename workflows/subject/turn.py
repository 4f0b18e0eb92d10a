"""One turn of a subject that is no hire: a fact meets its state. The same words as a hire's turn, other tables."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.base import derive_id
from workflows.hire import intents as i
from workflows.hire.facts import Fact
from workflows.hire.state import Owed
from workflows.hire.turn import Turn

from .state import Subject


class SubjectTurn(Turn):
    """State being changed and the intents so far; `story` holds the tables it is decided by."""

    state: Any

    def __init__(self, state: Subject, fact: Fact, story: Any) -> None:
        super().__init__(state, fact, fact.now)  # type: ignore[arg-type]
        self.story = story

    def derive(self, owner: str, kind: str) -> UUID:
        """The next id of this kind born from the fact."""
        n = self._ordinals[kind]
        self._ordinals[kind] += 1
        return derive_id(owner, kind, self.fact.source, self.fact.id, self.state.kind, self.state.id, n)

    def owe(self, kind: str, **fields: Any) -> Owed:
        """Somebody owes something from now on; `opens_at` plans it for later. What it is about is the subject, where not said."""
        n = self._ordinals["owe/" + kind]
        self._ordinals["owe/" + kind] += 1
        new = derive_id("workflows", "obligation", self.fact.source, self.fact.id, self.state.kind, self.state.id, kind, n)
        given = {"opened_at": self.at, "refs": self.state.refs(), **fields}
        owed = Owed(id=new, kind=kind, ask_id=derive_id("notification", "ask", new), **given)
        self.state.owed[str(new)] = owed
        self.intents.append(i.OpenObligation(id=new))
        return owed

    def tell(self, template: str, role: str, **fields: Any) -> None:
        """Say something once, about the subject where not said otherwise."""
        given = {"purpose": template, "occasion": f"{self.fact.id}/1", "refs": self.state.refs(), **fields}
        self.intents.append(i.Tell(template=template, role=role, **given))

    def order(self, name: str, **params: Any) -> None:
        """Something that the resolution does without anybody's reply."""
        self.intents.append(i.Command(id=self.derive("workflows", "order"), name=name, params=params))

    def go(self, stage: str, how: str = "advanced") -> None:
        """Enter another stage; what the old one owed and nobody needs ends as cancelled."""
        for owed in list(self.state.owed.values()):
            if owed.kind not in self.story.kept and str(owed.id) in self.state.owed:
                self.end(owed, "cancelled", reason="stage_left" if how == "advanced" else how)
        self.state.stage = stage

    def close(self, outcome: str) -> None:
        """The story ends; nothing is owed any more."""
        self.cancel(reason=outcome)
        self.state.steps = []
        self.state.outcome, self.state.closed = outcome, True
