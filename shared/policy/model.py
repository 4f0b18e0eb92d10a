"""A hiring policy as frozen, typed data: everything of hire.md's YAML, and its version, a hash of the meaning.

Structure only: what a policy may not say although it is well formed is rules.py, where it stood in the file loader.py.
"""
import hashlib
import json
import re
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    field_validator,
    model_serializer,
    model_validator,
)

from shared.policy.grammar import Duration, Instant, RungTime, parse_duration, parse_instant, parse_rung_time
from shared.policy.modes import HireModes
from shared.policy.roles import CALLERS, ROLES, VERBS, Channel, Role, Verb
from shared.policy.rounds import RoleField, StagePlan, role_name
from shared.policy.wall import CalendarError, WindowsField, zone_of

DurationField = Annotated[Duration, PlainValidator(parse_duration, json_schema_input_type=str), PlainSerializer(str, return_type=str)]
InstantField = Annotated[Instant, PlainValidator(parse_instant, json_schema_input_type=str), PlainSerializer(str, return_type=str)]
RungTimeField = Annotated[RungTime, PlainValidator(parse_rung_time, json_schema_input_type=str), PlainSerializer(str, return_type=str)]
FieldName = Literal["salary", "level", "contract_months", "probation_months", "start_bonus", "remote"]

IDENTITY: tuple[str, ...] = ("policy", "calendar", "zone", "jurisdiction")
_ACT = re.compile(r"^([a-z_]+)(?:\(([a-z0-9_ ]+)\))?$")
_CONDITION = re.compile(r"^([a-z_]+) (>|>=|<|<=|==) ([a-z_]+\.[a-z_]+|[a-z0-9_]+)$")


def _listed(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else [value]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Act(_Part):
    """What a rung does: a verb, and whom or what it names; `role` None = by the party's class."""

    do: Verb
    role: Role | None = None
    template: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = _ACT.match(value.strip())
        if found is None or found[1] not in VERBS:
            raise ValueError(f"read {value!r}; an act is one of {', '.join(sorted(VERBS))}: write for example 'transfer(lead)'")
        verb, named = found[1], found[2]
        if verb == "tell":
            if named is None:
                raise ValueError(f"read {value!r}; tell needs a template: write 'tell(interim_word)'")
            return {"do": verb, "template": named}
        role = role_name(named)
        if role is not None and role not in ROLES:
            raise ValueError(f"read {value!r}; {named!r} is no role: write one of {', '.join(sorted(CALLERS))}")
        if verb == "transfer" and role is None:
            raise ValueError(f"read {value!r}; transfer needs a role: write 'transfer(lead)'")
        return {"do": verb, "role": role}

    @model_serializer
    def _write(self) -> str:
        named = self.role or self.template
        return f"{self.do}({named})" if named else self.do


ActsField = Annotated[tuple[Act, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str]), Field(min_length=1)]


class LadderRung(_Part):
    """One rung of a ladder, or one step of a silence: when, and what then."""

    at: RungTimeField
    do: ActsField


class Silence(_Part):
    """What happens when nobody answers; without `at` one working day after due."""

    at: RungTimeField = Field(default_factory=lambda: parse_instant("due + 1 wd"))
    do: ActsField


class Repeat(_Part):
    """How often a duty comes back: `every`, as long as less than `until` has passed since it began."""

    every: DurationField
    until: DurationField | None = None


class Obligation(_Part):
    """One kind: who owes whom, when the clock starts, how long, what then."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(required=[]))

    owed_by: Annotated[tuple[RoleField, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str]), Field(min_length=1)]
    owed_to: RoleField
    opens: Literal["fact", "delivery", "planned"] = "fact"
    opens_at: InstantField | None = None
    within: InstantField
    never_after: InstantField | None = None
    ladder: str = "standard"
    silence: Annotated[tuple[Silence, ...], BeforeValidator(_listed, json_schema_input_type=Silence | list[Silence])] = ()
    blocking: bool = True
    on_behalf: Literal["allowed", "with_evidence", "never"] = "allowed"
    window: Literal["call"] | None = None
    catch_up: Literal["send", "bundle", "skip"] = "bundle"
    repeat: tuple[Repeat, ...] = ()
    rest: DurationField | None = None

    @property
    def ower(self) -> Role:
        """The first (usually the only) role that owes it."""
        return self.owed_by[0]


class Tier(_Part):
    """Per kind, what a class of client gets otherwise than the others."""

    within: InstantField


class Budget(_Part):
    """How many messages of its own accord the machine may send to one person; `digest` = the one time of day."""

    per_day: int | None = Field(default=None, ge=0)
    per_week: int | None = Field(default=None, ge=0)
    digest: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class Approval(_Part):
    """Who approves an offer, one after the other, when the condition holds; `always` holds."""

    when: str
    chain: Annotated[tuple[RoleField, ...], Field(min_length=1)]

    @field_validator("when")
    @classmethod
    def _condition(cls, when: str) -> str:
        if when != "always" and not _CONDITION.match(when):
            raise ValueError(f"read {when!r}; write 'always' or a comparison such as 'salary > band.max'")
        return when

    def holds(self, facts: dict[str, Any]) -> bool:
        """Whether the chain is needed for an offer with these facts (`salary`, `band.max`, ...).

        Where a fact is missing it holds: an offer with unknown pay is looked at, not waved through.
        """
        if self.when == "always" or (found := _CONDITION.match(self.when)) is None:
            return True
        left = facts.get(found[1])
        right = facts.get(found[3]) if "." in found[3] or not found[3].isdigit() else int(found[3])
        if left is None or right is None:
            return True
        return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right, "==": left == right}[found[2]]


class Offers(_Part):
    """Whose letter it is, who approves it, how long it stays open; `expires_for` by voice or calendar name."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(required=[]))

    offer_by: Literal["us", "client"]
    approvals: tuple[Approval, ...] = ()
    expires: InstantField = Field(default_factory=lambda: parse_instant("5 wd 20:00"))
    expires_for: dict[str, InstantField] = {}
    after_holiday: int = Field(default=2, ge=0, le=10)
    """An offer never expires earlier than on the n-th working day after a holiday."""


class Onboarding(_Part):
    """From acceptance to the last check-in."""

    checkins: tuple[int, ...] = (1, 7, 30, 60, 90)
    prepare: tuple[str, ...] = ()
    """What departments make ready before the first day: obligation `prepare_<what>` each."""

    @field_validator("checkins")
    @classmethod
    def _rising(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if not days or days[0] < 1 or list(days) != sorted(set(days)):
            raise ValueError(f"read {list(days)}; write rising days from 1 on, for example [1, 7, 30, 60, 90]")
        return days


class House(_Part):
    """At `morning` (the reader's wall, working days) people in `roles` get their link of the day."""

    morning: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    roles: tuple[RoleField, ...] = ("recruiter", "lead", "director")
    digest: Literal["off", "on"] = "off"  # on: the morning's mail lists what is owed and the day's interviews, and stays away where there is nothing

    @field_validator("digest", mode="before")
    @classmethod
    def _switch(cls, value: object) -> object:
        return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value


class Policy(HireModes):
    """A whole policy, defaults of practice.yaml filled in; its JSON Schema is that of a file, which may leave them out."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(required=list(IDENTITY)))

    policy: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    note: str = "have counsel confirm"
    calendar: str
    zone: str
    jurisdiction: str = Field(min_length=2, max_length=12)
    windows: dict[Channel, WindowsField]
    budgets: dict[str, Budget] = {}
    auto_reject: Literal["off", "on"] = "off"
    tiers: dict[str, dict[str, Tier]] = {}
    ladders: dict[str, tuple[LadderRung, ...]]
    obligations: dict[str, Obligation]
    stage_plans: dict[str, StagePlan] = {}
    offers: Offers
    onboarding: Onboarding = Onboarding()
    requisition: Literal["direct", "confirmed"] = "direct"  # confirmed: work begins when both sides signed requirement and plan
    filled: Literal["close", "keep"] = "close"
    nurture: Literal["off", "on"] = "off"
    house: House = House()
    undo: dict[str, DurationField] = {}
    catch_up_limit: int = Field(default=200, ge=1)
    protection: DurationField = Field(default_factory=lambda: parse_duration("12 mo"))
    delivery_grace: DurationField = Field(default_factory=lambda: parse_duration("10 min"))
    command_deadline: DurationField = Field(default_factory=lambda: parse_duration("15 min"))

    @field_validator("auto_reject", "nurture", mode="before")
    @classmethod
    def _switch(cls, value: object) -> object:
        return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            zone_of(zone)
        except CalendarError as error:
            raise ValueError(f"read {zone!r}; no such zone: write an IANA name such as 'Asia/Shanghai'") from error
        return zone

    @cached_property
    def version(self) -> str:
        """Hash of the meaning: comments, order of keys and ways of writing the same value do not change it."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def obligation(self, kind: str) -> Obligation:
        """The entry of a kind. Raises KeyError with what to add."""
        if kind not in self.obligations:
            raise KeyError(f"policy {self.policy} has no obligation {kind!r}; add obligations.{kind}")
        return self.obligations[kind]

    def undo_seconds(self, kind: str) -> int:
        """How long an answer of this kind can be taken back, in seconds; 0 where the policy names none."""
        length = self.undo.get(kind)
        return 0 if length is None else length.amount * {"min": 60, "h": 3600}[length.unit]
