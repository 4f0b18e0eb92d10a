"""A counter-offer from the page: its figures stay sealed, whoever owes the letter sees them beside the terms, an erased wish shows nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from deploy.demo.browser import hidden_values
from shared.contracts.ask import AskCommand
from shared.contracts.offer import OfferDrafted
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 14, 12, tzinfo=UTC)


async def _letter(bureau: Bureau, offer: UUID) -> AskCommand:
    """A letter on the candidate's table."""
    w = bureau.world
    async with bureau.intake.unit() as uow:
        key = (await bureau.vault.keys(uow, [w.candidate]))[w.candidate]
    terms = bureau.vault.seal(w.candidate, "terms", {"base_salary": 38000, "months": 14, "currency": "CNY"}, key)
    drafted = OfferDrafted(offer_id=offer, hire_id=w.hire, version=1, by="us", start_at=datetime(2026, 11, 16, 1, tzinfo=UTC), at=DUE, terms=terms)
    ask = bureau.ask("offer_answer", w.candidate, "candidate", refs=[("offer", offer, 1)], due_at=DUE)
    await bureau.tell(drafted, ask)
    await bureau.sender.turn()
    return ask


async def test_figures_wished_for_are_sealed_and_shown_to_whoever_owes_the_letter(bureau: Bureau) -> None:
    w, offer = bureau.world, uuid4()
    ask = await _letter(bureau, offer)
    path = await bureau.link_for("lin")
    page, _ = await bureau.open(path)
    wish = {"decision": "counter", "wished_base": "42000", "wished_start": "2026-12-01", "note": "现在的公司要加薪", "do": "go"}
    await bureau.post(path, {**hidden_values(page), **wish})
    (fact,) = await bureau.said("ask.answered")
    assert fact.answer.clear == {"decision": "counter", "wished_start": "2026-12-01"}
    assert "42000" not in fact.model_dump_json() and "加薪" not in fact.model_dump_json()
    draft = bureau.ask("draft_offer", w.recruiter, "recruiter", refs=[("offer", offer, 1)], due_at=DUE, params={"counter_of": str(ask.ask_id)})
    await bureau.tell(draft)
    await bureau.sender.turn()
    path = await bureau.link_for("zhou")
    page, _ = await bureau.open(path)
    assert "¥38,000 → ¥42,000" in page.text and "现在的公司要加薪" in page.text and "counter" in page.controls
    sent_back, answer = await bureau.post(path, {**hidden_values(page), "done": "yes", "do": "go"})
    assert answer.status_code == 422 and "counter" in sent_back.controls
    await bureau.post(path, {**hidden_values(sent_back), "done": "yes", "counter": "meet", "base": "41000", "do": "go"})
    said = (await bureau.said("ask.answered"))[-1]
    assert said.kind == "draft_offer" and said.answer.clear["counter"] == "meet" and "41000" not in said.model_dump_json()
