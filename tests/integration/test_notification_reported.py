"""Answers that an operator brings: judged like any other, with a signed paper where one is wanted, never for a consent, with one receipt."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from services.notification.reported import reported_routes
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)
TOKENS = {"t-op": {"name": "ops", "roles": ["operator"]}, "t-read": {"name": "reader", "roles": ["reader"]}}


async def ask_door(bureau: Bureau, path: str, body: dict[str, Any] | None = None, token: str = "t-op") -> tuple[int, dict[str, Any]]:
    """What the admin port answers."""
    app = Starlette(routes=reported_routes(bureau.db, bureau.desk, TOKENS))
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://ops", headers={"authorization": f"Bearer {token}"}) as http:
        answer = await (http.get(path) if body is None else http.post(path, json=body))
        return answer.status_code, answer.json()


async def test_a_signature_when_brought_on_paper_then_its_digest_is_kept_and_without_the_paper_it_is_refused(bureau: Bureau) -> None:
    ask = bureau.ask("requirement_confirmation", bureau.world.manager, "hiring_manager", due_at=DUE, on_behalf="with_evidence")
    await bureau.tell(ask)
    path = f"/ops/asks/{ask.ask_id}"
    status, shown = await ask_door(bureau, path)
    assert status == 200 and shown["on_behalf"] == "with_evidence" and "sign" in shown["fields"][0]["codes"]
    said = {"fields": {"decision": "sign"}, "via": "paper", "by": str(bureau.world.recruiter)}
    assert (await ask_door(bureau, f"{path}/answer", said))[1]["code"] == "evidence_wanted"
    assert (await ask_door(bureau, f"{path}/answer", {**said, "evidence": "a" * 64}))[0] == 200
    (event,) = await bureau.said("ask.answered")
    assert (event.answer.evidence_digest, event.answer.via, event.answer.on_behalf_of, event.answer.by) == (
        "a" * 64, "paper", bureau.world.manager, bureau.world.recruiter)
    assert (await ask_door(bureau, f"{path}/answer", {**said, "evidence": "a" * 64}))[0] == 409, "the first answer counts"


async def test_a_consent_when_somebody_else_brings_it_then_it_is_refused_and_only_operators_may_ask(bureau: Bureau) -> None:
    ask = bureau.ask("represent_consent", bureau.world.candidate, "candidate", due_at=DUE)
    await bureau.tell(ask)
    path = f"/ops/asks/{ask.ask_id}"
    said = {"fields": {"decision": "yes"}, "via": "phone"}
    assert (await ask_door(bureau, f"{path}/answer", said))[1]["code"] == "own_answer_only"
    assert (await ask_door(bureau, path, token="t-read"))[0] == (await ask_door(bureau, f"{path}/answer", said, token="nobody"))[0] == 401
    assert await bureau.said("ask.answered") == []


async def test_a_reported_answer_when_it_is_wrong_then_words_say_what_and_nothing_is_recorded(bureau: Bureau) -> None:
    ask = bureau.ask("review_application", bureau.world.recruiter, "recruiter", due_at=DUE)
    await bureau.tell(ask)
    path = f"/ops/asks/{str(ask.ask_id)[:13]}/answer"
    good = {"fields": {"decision": "hold"}, "via": "meeting", "note": "said at the door"}
    for body, code in (({**good, "fields": {"decision": "perhaps"}}, "wrong_fields"), ({**good, "via": "dream"}, "wrong_via"),
                       ({**good, "happened_at": "2026-09-07T09:00:00"}, "wrong_time"), ({**good, "happened_at": "2030-01-01T00:00:00+08:00"}, "not_yet")):
        assert (await ask_door(bureau, path, body))[1]["code"] == code
    assert (await ask_door(bureau, path, {**good, "dry_run": True}))[1]["dry_run"] and await bureau.said("ask.answered") == []
    assert (await ask_door(bureau, path, good))[0] == 200 and len(await bureau.said("ask.answered")) == 1
    assert (await ask_door(bureau, "/ops/asks/ffffffff"))[0] == 404
