"""The Ask: a question put to one party, as data without words, and its Answer (agreements.md 3 and 4)."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from .base import Body, Code, Command, Event, Instant
from .party import PartyRef

Via = Literal["page", "card", "mail", "phone", "wechat", "meeting", "paper", "system"]
OnBehalf = Literal["allowed", "with_evidence", "never"]
CloseHow = Literal["lapsed", "cancelled", "transferred", "elsewhere", "waived"]


class Ref(Body):
    """A thing the question is about: the reader makes words of it."""

    kind: Literal["person", "client", "requisition", "application", "interview", "slot", "offer", "document", "ask", "obligation", "hire"]
    id: UUID
    version: int = 1


class AskSpec(Body):
    """An Ask in flight: references, codes and instants; never personal data."""

    ask_id: UUID
    version: int = 1
    kind: Code
    obligation_id: UUID
    hire_id: UUID | None = None
    requisition_id: UUID | None = None
    client_id: UUID | None = None
    holder: PartyRef
    group: list[UUID] = []
    """Further persons who may answer (a client's response group); the holder always may."""
    previous_holder: PartyRef | None = None
    next_holder: PartyRef | None = None
    opens_at: Instant
    due_at: Instant | None = None
    """None while the clock only starts with delivery."""
    undo_within: int = Field(default=0, ge=0, description="seconds in which the answer can be taken back")
    on_behalf: OnBehalf = "allowed"
    refs: list[Ref] = []
    params: dict[str, Any] = {}
    """Codes, numbers, instants and ids that the kind's registry entry reads (e.g. slots, minutes, round, day, rung)."""


class Answer(Body):
    """What was answered, by whom, how and when. `clear` are codes that workflows may read; words are sealed elsewhere."""

    by: UUID | None
    on_behalf_of: UUID | None = None
    via: Via = "page"
    happened_at: Instant
    clear: dict[str, Any] = {}
    sealed: list[Any] = []
    """Sealed documents: each one is a `Sealed`, field `answer.<name>`."""
    evidence_digest: str | None = None


class AskOpenedV1(Event, type="ask.opened", about="ask:ask_id"):
    """The arbiter holds the question open."""

    ask_id: UUID
    version: int
    kind: Code
    hire_id: UUID | None = None
    obligation_id: UUID
    opened_at: Instant


class AskAnsweredV1(Event, type="ask.answered", about="ask:ask_id"):
    """The winning answer. With an undo window, `final_at` is its end: until then `ask.retracted` may follow."""

    ask_id: UUID
    version: int
    kind: Code
    hire_id: UUID | None = None
    requisition_id: UUID | None = None
    obligation_id: UUID
    answer: Answer
    final_at: Instant
    refs: list[Ref] = []
    params: dict[str, Any] = {}


class AskAnsweredLateV1(Event, type="ask.answered_late", about="ask:ask_id"):
    """Somebody answered an Ask that is closed; it stays closed, the fact is known and welcome."""

    ask_id: UUID
    version: int
    kind: Code
    hire_id: UUID | None = None
    obligation_id: UUID
    answer: Answer
    closed_how: Code


class AskAnsweredSecondV1(Event, type="ask.answered_second", about="ask:ask_id"):
    """Somebody answered what another one had answered: the first answer stands, and they were told at once whose it was."""

    ask_id: UUID
    version: int
    kind: Code
    hire_id: UUID | None = None
    obligation_id: UUID
    by: UUID
    first_by: UUID
    at: Instant


class AskRetractedV1(Event, type="ask.retracted", about="ask:ask_id"):
    """The answer was taken back inside its window; the question is open again."""

    ask_id: UUID
    version: int
    kind: Code
    hire_id: UUID | None = None
    obligation_id: UUID
    retracted_at: Instant


class AskSupersededV1(Event, type="ask.superseded", about="ask:ask_id"):
    """The same ask has a newer version; links show the new question."""

    ask_id: UUID
    version: int
    kind: Code
    hire_id: UUID | None = None
    obligation_id: UUID


class AskClosedV1(Event, type="ask.closed", about="ask:ask_id"):
    """Closed without an answer by a command; an irreversible default acts only on this fact."""

    ask_id: UUID
    version: int
    kind: Code
    hire_id: UUID | None = None
    obligation_id: UUID
    how: CloseHow
    closed_at: Instant


class AskCommandV1(Command, type="notification.ask", about="ask:ask_id"):
    """Open this Ask with the arbiter and say it (the message of rung 0). Idempotent by ask id and version."""

    ask_id: UUID
    hire_id: UUID | None = None
    spec: AskSpec
    message: MessageSpec


class CloseAskV1(Command, type="notification.close_ask", about="ask:ask_id"):
    """Close if still open; answered by `ask.closed`, or by the `ask.answered` that was first."""

    ask_id: UUID
    hire_id: UUID | None = None
    how: CloseHow


class SupersedeAskV1(Command, type="notification.supersede", about="ask:ask_id"):
    """Replace the question by its next version; what was typed is kept."""

    ask_id: UUID
    hire_id: UUID | None = None
    spec: AskSpec
    message: MessageSpec | None = None


from .notification import MessageSpec  # noqa: E402  (a message names an ask, an ask command carries a message)

AskCommandV1.model_rebuild()
SupersedeAskV1.model_rebuild()

AskOpened = AskOpenedV1
AskAnswered = AskAnsweredV1
AskAnsweredLate = AskAnsweredLateV1
AskAnsweredSecond = AskAnsweredSecondV1
AskRetracted = AskRetractedV1
AskSuperseded = AskSupersededV1
AskClosed = AskClosedV1
AskCommand = AskCommandV1
CloseAsk = CloseAskV1
SupersedeAsk = SupersedeAskV1
