"""How a policy wants people to decide together, what it asks for beyond the usual, and when a placement counts as settled.

A part of `Policy` of its own, so that a policy reads `duties: [standing, nda]` and a practitioner sees all switches in one place.
"""
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator, field_validator

from shared.policy.grammar import Duration, GrammarError, parse_duration
from shared.policy.kinds import is_kind
from shared.policy.roles import Role
from shared.policy.wall import parse_window

DURATION = Annotated[Duration, PlainValidator(parse_duration, json_schema_input_type=str), PlainSerializer(str, return_type=str)]
ROLE = Annotated[
    Role, BeforeValidator(lambda text: text.strip().replace(" ", "_") if isinstance(text, str) else text, json_schema_input_type=str)]


def _kind(name: object) -> object:
    if isinstance(name, str) and not is_kind(name):
        raise ValueError(f"read {name!r}; no such kind: write one that practice.yaml has an entry for, for example 'standing'")
    return name


Duty = Annotated[str, BeforeValidator(_kind, json_schema_input_type=str)]
"""A kind that a hire opens only where its policy asks for it."""


class _Mode(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Deciding(_Mode):
    """Who votes on a hire, how many yeses it takes, whose no ends it at once; nobody named: the one of the stage plan decides alone."""

    by: tuple[ROLE, ...] = ()
    needed: Literal["all", "majority", "one"] = "all"
    veto: tuple[ROLE, ...] = ()


class Approving(_Mode):
    """Approvers of an offer one after the other, or all at once; `needed` of them suffice (none named: all)."""

    mode: Literal["sequential", "parallel"] = "sequential"
    needed: int | None = Field(default=None, ge=1)


class InterviewLimits(_Mode):
    """What is kept free for each interviewer (C62); windows are hours of their own wall: `11:30-14:00`, `WED 09:00-12:00`."""

    per_day: int | None = Field(default=None, ge=1)
    per_week: int | None = Field(default=None, ge=1)
    minutes_per_day: int | None = Field(default=None, ge=5)
    buffer_minutes: int = Field(default=0, ge=0, le=240)
    lunch: str | None = None
    lunch_minutes: int = Field(default=45, ge=5, le=180)
    focus: tuple[str, ...] = ()

    @field_validator("lunch", "focus")
    @classmethod
    def _windows(cls, value: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        for hours in (value,) if isinstance(value, str) else value or ():
            try:
                parse_window(hours)
            except GrammarError as error:
                raise ValueError(f"read {hours!r}; write hours of the wall, for example '11:30-14:00' or 'WED 09:00-12:00'") from error
        return value


class Interviews(_Mode):
    """How appointments are made: whose load is kept, how long times are held, after how many absences a person decides."""

    limits: InterviewLimits = InterviewLimits()
    hold: DURATION | None = None
    """How long offered times are kept for the candidate for sure; none: until they begin."""
    max_no_shows: int | None = Field(default=None, ge=1, le=10)
    """After so many absences of the candidate no time is offered by itself any more: our recruiter decides. None: a call each time, as ever."""
    max_silent_offers: int = Field(default=3, ge=1, le=20)
    """After so many offers of times without an answer, each with its call, our recruiter decides whether to ask once more."""


class HireModes(_Mode):
    """The switches of a hire's conduct; all off is the plain story."""

    duties: tuple[Duty, ...] = ()
    settling: tuple[Literal["checkins", "probation", "guarantee"], ...] = ("checkins",)
    """What a placement waits for: it is settled at the last of these."""
    deciding: Deciding = Deciding()
    approving: Approving = Approving()
    interviews: Interviews = Interviews()
    stars: float = Field(default=0.5, ge=0.1, le=1)
    """Of somebody who matters most (C107) our own side is prompted after this share of the usual time; nobody else hears anything more."""
    pause_word_after: DURATION = Field(default_factory=lambda: parse_duration("5 wd"))
