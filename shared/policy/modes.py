"""How a policy wants people to decide together, what it asks for beyond the usual, and when a placement counts as settled.

A part of `Policy` of its own, so that a policy reads `duties: [standing, nda]` and a practitioner sees all switches in one place.
"""
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator

from shared.policy.grammar import Duration, parse_duration
from shared.policy.kinds import is_kind
from shared.policy.roles import Role

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


class HireModes(_Mode):
    """The switches of a hire's conduct; all off is the plain story."""

    duties: tuple[Duty, ...] = ()
    settling: tuple[Literal["checkins", "probation", "guarantee"], ...] = ("checkins",)
    """What a placement waits for: it is settled at the last of these."""
    deciding: Deciding = Deciding()
    approving: Approving = Approving()
    pause_word_after: DURATION = Field(default_factory=lambda: parse_duration("5 wd"))
