"""Who may open a person's data, and with what: without an operator's token and a reason nothing is even looked up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from services.intake.people_ops import people_routes
from shared.runtime.operators import operator_of

TOKENS = {"t-op": {"name": "zhou-min", "roles": ["operator"]}, "t-ats": {"name": "ats", "roles": ["publisher"]}}


class Untouched:
    """A desk that must not be used."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was used")


async def _post(what: str, token: str, body: bytes) -> tuple[int, str]:
    app = Starlette(routes=people_routes(Untouched(), TOKENS))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://ops") as http:
        answer = await http.post(f"/ops/people/{UUID(int=7)}/{what}", content=body, headers={"authorization": token} if token else {})
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("what", ["reveal", "export"])
@pytest.mark.parametrize("token", ["", "Bearer nobody", "Bearer t-ats", "Basic t-op", "t-op"])
async def test_a_person_when_opened_without_an_operators_token_then_refused_before_anything_is_read(what: str, token: str) -> None:
    assert await _post(what, token, b'{"reason": "wrong number"}') == (401, "no_operator")


@pytest.mark.parametrize("body", [b"", b"[1]", b"{}", b'{"reason": "  "}', b"\xff"])
async def test_a_person_when_opened_without_a_reason_then_refused(body: bytes) -> None:
    assert await _post("reveal", "Bearer t-op", body) == (422, "no_reason")


def test_an_operator_when_the_token_is_theirs_then_known_by_name() -> None:
    assert operator_of(TOKENS, "Bearer t-op") == "zhou-min" and operator_of(TOKENS, "bearer  t-op ") == "zhou-min"
