"""The rounds of interviews that a policy plans: who sits in them, how long, which of them the candidate books together."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from shared.policy.roles import ROLES, Role, Voice


def role_name(text: object) -> object:
    """`hiring manager` and `hiring_manager` name the same role."""
    return text.strip().replace(" ", "_") if isinstance(text, str) else text


RoleField = Annotated[Role, BeforeValidator(role_name, json_schema_input_type=str)]


class Sitting(BaseModel):
    """One interview; a panel seat is a role, or `pool <name>` for anybody of that pool."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    kit: str = Field(min_length=1)
    panel: Annotated[tuple[str, ...], Field(min_length=1)]
    minutes: int = Field(ge=5, le=480)

    @field_validator("panel")
    @classmethod
    def _seats(cls, panel: tuple[str, ...]) -> tuple[str, ...]:
        seats = tuple(seat if seat.startswith("pool ") else str(role_name(seat)) for seat in panel)
        for read, seat in zip(panel, seats, strict=True):
            if not seat.startswith("pool ") and seat not in ROLES:
                raise ValueError(f"read {read!r}; a seat is a role or a pool: write 'hiring manager' or 'pool {read}'")
        return seats


_HOURS = re.compile(r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")


class GroupRound(BaseModel):
    """A round that several candidates of one requisition take together: so many chairs, on these days, within these hours of its wall.

    They are seated in one session until it is full, then in the next one. No days named: any working day of the panel.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    capacity: int = Field(ge=2, le=60)
    days: tuple[date, ...] = ()
    hours: str = "09:00-18:00"

    @field_validator("hours")
    @classmethod
    def _span(cls, value: str) -> str:
        if not _HOURS.match(value) or value[:5] >= value[6:]:
            raise ValueError(f"read {value!r}; write hours of the wall, for example '09:30-12:00'")
        return value

    @field_validator("days")
    @classmethod
    def _in_order(cls, value: tuple[date, ...]) -> tuple[date, ...]:
        return tuple(sorted(set(value)))


class Round(Sitting):
    """One interview round. `loop`: further interviews that the candidate books together with it, on at most so many `days`; `group`: taken by several."""

    decides: RoleField = "hiring_manager"
    loop: Annotated[tuple[Sitting, ...], Field(max_length=7)] = ()
    days: int = Field(default=1, ge=1, le=5)
    group: GroupRound | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.group is not None and self.loop:
            raise ValueError("a round is taken in a group or booked as a loop: write 'group' or 'loop', the other one as a round of its own")
        return self


class StagePlan(BaseModel):
    """The rounds of one kind of hire, in order, and who decides at the end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rounds: Annotated[tuple[Round, ...], Field(min_length=1)]
    decides: RoleField = "hiring_manager"
    voice: Voice = "standard"
