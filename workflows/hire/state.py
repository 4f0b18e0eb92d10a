"""The whole memory of one hire: ids, codes and instants, no personal data, at most 16 kB as JSON.

Owned by the hire's workflow; `workflows.hires.state` holds the same value, written in the step's transaction, and is enough to
start every open hire again in an empty Temporal.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.party import PartyRef

from .part import Hold, Noted, Part

STATE_VERSION = 1
SEEN = 48
"""How many fact ids are remembered against repeats; the bridge's inbox and update ids keep older ones out."""


class Rung(Part):
    """A step of the ladder still ahead: `acts` as the policy writes them, e.g. `transfer(lead)`."""

    n: int
    at: datetime
    acts: list[str]


class Held(Part):
    """An answer inside its undo window: nothing it causes has happened yet."""

    until: datetime
    at: datetime
    by: str | None = None
    clear: dict[str, Any] = {}


class Owed(Part):
    """One obligation in being. `new`: not resolved yet; `planned`: opens at `opens_at`; `asked`: on its way to the reader."""

    id: UUID
    kind: str
    status: Literal["new", "planned", "asked", "open"] = "new"
    role: str = ""
    """Who owes it, as a role; empty: as the policy says."""
    person: UUID | None = None
    """The very person, where the role alone does not say (one interviewer of a panel)."""
    holder: PartyRef | None = None
    ask_id: UUID | None = None
    previous: PartyRef | None = None
    turn: int = 0
    """How often it was handed on along the line."""
    opened_at: datetime
    opens_at: datetime | None = None
    due_at: datetime | None = None
    provisional: bool = False
    overdue: bool = False
    net: bool = True
    blocking: bool = True
    rungs: list[Rung] = []
    fired: int = 0
    undo: int = 0
    answer: Held | None = None
    closing: str | None = None
    """`close_ask` was sent for this end; it happens when `ask.closed` says so."""
    hand_to: str | None = None
    """Role that gets its turn when `closing` is `transferred`."""
    hand_person: UUID | None = None
    """The very person who takes it over, where one was named."""
    refs: list[tuple[str, str, int]] = []
    params: dict[str, Any] = {}
    anchors: dict[str, datetime] = {}


class Step(Part):
    """A command, or a message that opens a clock, whose reply has not come. `deadline` None: resolved in this very step."""

    id: str
    name: str
    params: dict[str, Any] = {}
    deadline: datetime | None = None
    owed_id: UUID | None = None


class PlannedRound(Part):
    """A round as pinned at the start."""

    name: str
    panel: list[str]
    minutes: int = 60
    mode: str = "video"
    decides: str = "hiring_manager"
    loop: list[PlannedRound] = []
    """Further interviews booked together with this one, in one choice of the candidate."""
    days: int = 1
    """On how many days the loop may lie."""
    group: dict[str, Any] | None = None  # taken by several candidates together: capacity, days, hours


class Interview(Part):
    """The appointment of the present round."""

    id: UUID
    part: int = 0
    """Its place in a loop, from 1; 0: the round is one interview."""
    version: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    panel: list[UUID] = []
    waiting: list[UUID] = []
    """Panel members whose card is neither in nor given up."""
    out: list[UUID] = []
    """Who gave up their chair at this very time: nobody is asked twice."""
    revealing: bool = False
    off: bool = False  # of a loop's part: called off with all the others, its times are looked for with theirs
    moving: bool = False
    """Other times are looked for while this one stands."""
    revealed: bool = False
    """Of a loop's part: its cards are open."""
    session: dict[str, Any] | None = None  # of the chair it is, as scheduling told it: the panel's own appointment


class Offer(Part):
    """The offer in its present version."""

    id: UUID
    version: int = 0
    by: str = "us"
    start_at: datetime | None = None
    chain: list[str] = []
    approved: int = 0
    """How many of the chain have approved; whose yes stands is in `yes`."""
    yes: list[str] = []
    no: list[str] = []
    probation_months: int = 3
    sent: bool = False
    held_back: bool = False
    """Approved while the requisition is paused: leaves when it goes on."""
    expires_at: datetime | None = None


class Leaving(Part):
    """A wish to end while an acceptance may be under way: the arbiter's row decides which was first."""

    outcome: str
    reason: str | None = None
    at: datetime


class HireState(Noted):
    """Everything the story needs to go on."""

    state_version: int = STATE_VERSION
    hire_id: UUID
    person_id: UUID
    requisition_id: UUID
    client_id: UUID
    origin: str = "applied"
    external: bool = True
    offer_by: str = "us"
    tier: str | None = None
    policy: str
    """Hash of the pinned policy."""
    rounds: list[PlannedRound] = []
    decides: str = "hiring_manager"
    always_chain: list[str] = []
    over_chain: list[str] = []
    checkins: list[int] = []
    guarantee_months: int = 3
    fee_shares: list[int] = []
    duties: list[str] = []
    """Kinds that the policy asks for beyond the plain story."""
    settling: list[str] = ["checkins"]
    voters: list[str] = []
    votes_needed: str = "all"
    veto: list[str] = []
    votes: dict[str, str] = {}
    """Role -> decision, of those who vote together."""
    approving: str = "sequential"
    approvals_needed: int | None = None
    stage: str = "screening"
    visits: dict[str, int] = {}
    paused_at: datetime | None = None
    hold: Hold | None = None
    """What stands still, also where it stops nothing (a delivered letter, an end): an end taken back is paused again by it."""
    step_no: int = 0
    seen: list[str] = []
    owed: dict[str, Owed] = {}
    steps: list[Step] = []
    round: int = 0
    attempt: int = 0
    silent_offers: int = 0
    """How many offers of times ended without an answer, one after the other."""
    max_silent_offers: int = 3
    held_interviews: int = 0
    interview: Interview | None = None
    others: list[Interview] = []
    """The other parts of the loop that the present appointment belongs to."""
    loop_id: UUID | None = None
    consent_ref: UUID | None = None
    disclosure_id: UUID | None = None
    offer: Offer | None = None
    leaving: Leaving | None = None
    start_at: datetime | None = None
    started: list[str] = []
    outcome: str | None = None
    closed_from: str | None = None
    """Stage that the end was decided in: there it goes on when the end is taken back."""
    result_occasion: list[str] = []
    """Purpose and occasion of the result on its way to the candidate."""
    result_told: bool = False
    erased: bool = False
    """Nothing is asked of the person and nothing told to them any more."""
    reserve_called: bool = False
    closed: bool = False
    last_word_at: datetime | None = None

    def fork(self) -> HireState:
        """A copy that rules may change: parts are copied one level deep, what they hold is replaced and never changed in place.

        Thirty times cheaper than a deep copy, and each step of each hire needs one.
        """
        new = self.model_copy()
        new.owed = {key: owed.model_copy() for key, owed in self.owed.items()}
        new.steps = [step.model_copy() for step in self.steps]
        new.visits = dict(self.visits)
        new.interview = self.interview and self.interview.model_copy()
        new.others = [one.model_copy() for one in self.others]
        new.offer = self.offer and self.offer.model_copy()
        return new

    def rename_person(self, gone: str | None, kept: str | None) -> None:
        """Two persons turned out to be one: whoever was `gone` is `kept` from now on."""
        if not gone or not kept:
            return
        if str(self.person_id) == gone:
            self.person_id = UUID(kept)
        for owed in self.owed.values():
            if owed.holder is not None and str(owed.holder.person_id) == gone:
                owed.holder = owed.holder.model_copy(update={"person_id": UUID(kept)})
            if str(owed.person) == gone:
                owed.person = UUID(kept)
        for interview in (self.interview, *self.others):
            for name in ("panel", "waiting", "out") if interview is not None else ():
                setattr(interview, name, [UUID(kept) if str(one) == gone else one for one in getattr(interview, name)])

    def look_at(self, interview_id: object) -> None:
        """That part of the loop is the present appointment from now on; an id of no other part changes nothing."""
        for n, one in enumerate(self.others):
            if str(one.id) == str(interview_id) and self.interview is not None:
                self.others[n], self.interview = self.interview, one
                return

    def panel(self) -> list[UUID]:
        """Everybody who sits in an appointment of this hire."""
        return list(dict.fromkeys(person for one in (self.interview, *self.others) if one is not None for person in one.panel))

    def of_kind(self, *kinds: str) -> list[Owed]:
        """Obligations in being of these kinds."""
        return [owed for owed in self.owed.values() if owed.kind in kinds]

    def by_ask(self, ask_id: str | None) -> Owed | None:
        """The obligation whose question this is."""
        return next((owed for owed in self.owed.values() if ask_id and str(owed.ask_id) == ask_id), None)

    def baton(self) -> Owed | None:
        """Who holds the baton: the blocking open obligation due first."""
        firm = datetime.max.replace(tzinfo=UTC)
        shown = [owed for owed in self.owed.values() if owed.status in ("open", "asked") and owed.blocking]
        return min(shown, key=lambda owed: (owed.due_at or firm, str(owed.id)), default=None)


TAKEN_BACK = frozenset({"rejected", "refused", "reserve", "filled", "closed_by_client", "lapsed"})
"""Ends that we or the client made, and that can be taken back."""
NEVER_PAUSED = frozenset({"pause_word", "call", "machine_step", "data_defect", "right_request", "human_review"})
"""Kinds whose clock goes on while the requisition is paused: the word about the pause itself, and what people owe in any case."""
WAITING_KINDS = frozenset({"silence_guard", "keep_warm", "pause_word"})
"""Kinds that say something but bring nothing forward: they alone do not move a hire."""


def held(state: HireState) -> bool:
    """The invariant: closed, or somebody owes something, or will at an armed instant, or a machine step runs."""
    return state.closed or bool(state.owed) or bool(state.steps)


def moving(state: HireState) -> bool:
    """Stricter than `held`: something is in being that brings the story forward by itself. A gap in the table shows here."""
    return state.closed or bool(state.steps) or any(owed.kind not in WAITING_KINDS for owed in state.owed.values())


def dump(state: HireState) -> dict[str, Any]:
    """The state as JSON values, defaults left out."""
    return state.model_dump(mode="json", exclude_defaults=True) | {"state_version": state.state_version}


def load(value: dict[str, Any]) -> HireState:
    """Read a stored state of any version that ever was; lifts older ones."""
    return HireState.model_validate(value)
