"""What is said to people: messages with occasion and guard, and what became of each (agreements.md 9)."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from .base import Body, Code, Command, Event, Instant
from .party import PartyRef


class AskOpenGuard(Body):
    """True while the arbiter holds this ask open in this version."""

    guard: Literal["ask_open"] = "ask_open"
    ask_id: UUID
    version: int = 1


class InterviewIsGuard(Body):
    """True while the interview stands in this version and is not cancelled."""

    guard: Literal["interview_is"] = "interview_is"
    interview_id: UUID
    version: int


class HireInGuard(Body):
    """True while the hire is in one of these stages."""

    guard: Literal["hire_in"] = "hire_in"
    hire_id: UUID
    stages: list[Code]


class NotErasedGuard(Body):
    """True while the person's data may be used at all."""

    guard: Literal["not_erased"] = "not_erased"
    person_id: UUID


class OfferIsGuard(Body):
    """True while this version of the offer is the current one."""

    guard: Literal["offer_is"] = "offer_is"
    offer_id: UUID
    version: int


class OwesGuard(Body):
    """True while the person owes an answer to anything, or sits in an interview that day: else the mail of the day has nothing to say."""

    guard: Literal["owes"] = "owes"
    person_id: UUID


Guard = Annotated[AskOpenGuard | InterviewIsGuard | HireInGuard | NotErasedGuard | OfferIsGuard | OwesGuard, Field(discriminator="guard")]


class MessageSpec(Body):
    """One thing to say to one party, once. (party, purpose, occasion) is unique; words are made at the reader."""

    message_id: UUID
    party: PartyRef
    purpose: Code
    """Why it is said: `ask`, `remind`, `told_lapsed`, `invitation`, `receipt`, `result`, `interim` ..."""
    occasion: str
    """`<obligation id>/<rung>` or `<fact id>/<version>`: never a step number or a time."""
    template: Code
    """Registry name of the text: the ask kind for asks and reminders, else the tell's own name."""
    guards: list[Guard] = []
    hire_id: UUID | None = None
    ask_id: UUID | None = None
    urgent: bool = False
    owed: bool = True
    """False: counted against the person's budget (the machine began it); True: owed or an answer to their own act."""
    not_before: Instant | None = None
    refs: list[Any] = []
    """`Ref`s, as in an AskSpec."""
    params: dict[str, Any] = {}


class TellV1(Command, type="notification.tell", about="message:message_id"):
    """Say this. Answered by message.delivered | failed | suppressed."""

    message_id: UUID
    hire_id: UUID | None = None
    message: MessageSpec


class WithdrawMessageV1(Command, type="notification.withdraw_message", about="message:message_id"):
    """Don't send it if it has not left yet."""

    message_id: UUID
    hire_id: UUID | None = None
    reason: Code


class MessageFact(Event):
    """Common body of the facts about one message."""

    message_id: UUID
    hire_id: UUID | None = None
    ask_id: UUID | None = None
    obligation_id: UUID | None = None
    party: PartyRef
    purpose: Code
    occasion: str
    template: Code
    channel: Code = "mail"
    at: Instant
    reason: Code | None = None


class Tried(Body):
    """A channel that did not take a message before another one did; `reason` is a code, never the other side's words: they may repeat an address."""

    channel: Code
    reason: Code
    at: Instant


class MessageSentV1(MessageFact, type="message.sent", about="message:message_id"):
    """It left the house (the channel accepted it)."""

    tried: list[Tried] = []
    """Channels that refused it before, or gave it back, in order."""


class MessageDeliveredV1(MessageFact, type="message.delivered", about="message:message_id"):
    """Accepted and not bounced within the delivery grace; `at` is the instant of acceptance."""


class MessageBouncedV1(MessageFact, type="message.bounced", about="message:message_id"):
    """The other side gave it back. `next_channel`: it is on its way again by this one; none: it reached nobody."""

    next_channel: Code | None = None


class MessageSuppressedV1(MessageFact, type="message.suppressed", about="message:message_id"):
    """Not sent, because it would have been untrue or unwanted; `reason` says which guard or rule."""


class MessageFailedV1(MessageFact, type="message.failed", about="message:message_id"):
    """No channel took it."""


class PreferenceChangedV1(Event, type="preference.changed", about="person:person_id"):
    """How a person wants to be reached, and what they corrected about themselves, on their own page."""

    person_id: UUID
    locale: str | None = None
    zone: str | None = None
    channels: list[Code] = []
    hours: str | None = None
    """As in the person's record; empty: no longer any of their own."""
    corrected: list[Any] = []
    """Sealed under the person's key: each one is a `Sealed`, field `correction.<name | mail | phone>`; intake copies them."""


class InvitationAnsweredV1(Event, type="invitation.answered", about="interview:interview_id"):
    """What somebody's calendar answered to our invitation in this version (iMIP). `counter`: the time they propose instead."""

    interview_id: UUID
    version: int
    hire_id: UUID
    person_id: UUID
    answer: Literal["accepted", "declined", "counter"]
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    at: Instant


class CommandRefusedV1(Event, type="notification.command_refused", about="command:command_id"):
    """A command that notification could not carry out, parked with its reason."""

    command_id: UUID
    hire_id: UUID | None = None
    command_type: Code
    reason: Code


Tell = TellV1
WithdrawMessage = WithdrawMessageV1
PreferenceChanged = PreferenceChangedV1
MessageSent = MessageSentV1
MessageDelivered = MessageDeliveredV1
MessageBounced = MessageBouncedV1
MessageSuppressed = MessageSuppressedV1
MessageFailed = MessageFailedV1
NotificationCommandRefused = CommandRefusedV1
InvitationAnswered = InvitationAnsweredV1
