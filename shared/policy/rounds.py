"""The rounds of interviews that a policy plans: who sits in them, how long, which of them the candidate books together."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

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


class Round(Sitting):
    """One interview round. `loop`: further interviews that the candidate books together with it, on at most so many `days`."""

    decides: RoleField = "hiring_manager"
    loop: Annotated[tuple[Sitting, ...], Field(max_length=7)] = ()
    days: int = Field(default=1, ge=1, le=5)


class StagePlan(BaseModel):
    """The rounds of one kind of hire, in order, and who decides at the end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rounds: Annotated[tuple[Round, ...], Field(min_length=1)]
    decides: RoleField = "hiring_manager"
    voice: Voice = "standard"
