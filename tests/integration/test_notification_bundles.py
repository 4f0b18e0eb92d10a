"""Several questions behind one link: what was settled while the page lay open is told, never held against the reader."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from deploy.demo.browser import hidden_values
from services.notification.store import asks as store
from shared.contracts.ask import CloseAsk, SupersedeAsk
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 11, 12, tzinfo=UTC)


async def _two(bureau: Bureau) -> tuple[list[str], str, str]:
    """Two candidates for the verdict of two people of the client: ask ids, the paths of both readers."""
    w, second_hire, second_person = bureau.world, uuid4(), uuid4()
    await bureau.tell(await bureau.person(second_person, "苏航", f"su.{second_hire.hex[:8]}@mail.example", "candidate"))
    await bureau.tell(bureau.application(second_hire, second_person))
    asks = [
        bureau.ask("client_verdict", w.manager, "hiring_manager", group=[w.second], due_at=DUE),
        bureau.ask("client_verdict", w.manager, "hiring_manager", group=[w.second], due_at=DUE, hire_id=second_hire),
    ]
    shown = [bureau.disclosed(w.hire, w.candidate), bureau.disclosed(second_hire, second_person)]
    await bureau.tell(*shown, *asks)
    await bureau.sender.turn()
    await bureau.sender.turn()
    return [str(ask.ask_id) for ask in asks], await bureau.link_for("he"), await bureau.link_for("zhang")


async def test_an_answer_to_rows_settled_days_ago_gets_the_page_as_it_stands(bureau: Bureau) -> None:
    (first, second), mine, other = await _two(bureau)
    open_for_days, _ = await bureau.open(mine)
    page, _ = await bureau.open(other)
    await bureau.post(other, {**hidden_values(page), f"{first}.decision": "wanted", "do": "go"})
    await bureau.clock("2026-09-11T10:00:00")
    told, answer = await bureau.post(mine, {**hidden_values(open_for_days), f"{first}.decision": "refused", "do": "go"})
    assert answer.status_code == 200 and "已经处理好了" in told.heading and 'role="alert"' not in answer.text
    assert f"{second}.decision" in told.controls, "what is still open can be answered at once"
    assert len(await bureau.said("ask.answered")) == 1


async def test_nothing_left_to_answer_is_no_fault_and_nothing_chosen_is(bureau: Bureau) -> None:
    (first, second), mine, other = await _two(bureau)
    left_open, _ = await bureau.open(mine)
    back, answer = await bureau.post(mine, {**hidden_values(left_open), "do": "go"})
    assert answer.status_code == 422 and "至少填一位" in back.text
    page, _ = await bureau.open(other)
    both = {f"{first}.decision": "wanted", f"{second}.decision": "wanted"}
    await bureau.post(other, {**hidden_values(page), **both, "do": "go"})
    told, answer = await bureau.post(mine, {**hidden_values(back), "do": "go"})
    assert answer.status_code == 200 and "张岚 已答复" in told.text and not told.controls.keys() & both.keys()


async def test_a_closed_row_is_late_and_a_changed_one_keeps_the_words(bureau: Bureau) -> None:
    (first, second), mine, _ = await _two(bureau)
    page, _ = await bureau.open(mine)
    await bureau.tell(CloseAsk(ask_id=first, hire_id=bureau.world.hire, how="cancelled"))
    told, answer = await bureau.post(mine, {**hidden_values(page), f"{first}.decision": "wanted", "do": "go"})
    assert answer.status_code == 200 and "晚了一点" in told.heading and len(await bureau.said("ask.answered_late")) == 1
    async with bureau.db.unit() as uow:
        (row,) = (await store.read(uow, [second])).values()
    page, _ = await bureau.open(mine)
    changed = row["spec"].model_copy(update={"version": 2})
    await bureau.tell(SupersedeAsk(ask_id=second, hire_id=row["hire_id"], spec=changed))
    values = {f"{second}.decision": "refused", f"{second}.reason": "缺量产经验", "do": "go"}
    told, answer = await bureau.post(mine, {**hidden_values(page), **values})
    assert answer.status_code == 409 and "有了变化" in told.heading and await bureau.said("ask.answered") == []


async def test_who_is_no_longer_asked_sees_nothing_of_anybody(bureau: Bureau) -> None:
    (first, second), mine, _ = await _two(bureau)
    page, _ = await bureau.open(mine)
    async with bureau.db.unit() as uow:
        await uow.run("update asks set may_answer = array[cast(:o as uuid)]", o=bureau.world.recruiter)
    told, answer = await bureau.post(mine, {**hidden_values(page), f"{first}.decision": "wanted", "do": "go"})
    assert answer.status_code == 403 and "林悦" not in told.text and "苏航" not in told.text
    noted, answer = await bureau.post(mine, {**hidden_values(told), "do": "mine"})
    assert answer.status_code == 200 and "我们来处理" in noted.heading
    forged, answer = await bureau.post(mine, {"once": "made-up", "do": "mine"})
    async with bureau.db.unit() as uow:
        assert await uow.value("select count(*) from notices") == 1
    assert answer.status_code == 403 and second not in forged.text


async def test_the_second_row_is_taken_from_the_page_that_sent_the_first_and_each_row_once(bureau: Bureau) -> None:
    (first, second), mine, _ = await _two(bureau)
    page, _ = await bureau.open(mine)
    one = {**hidden_values(page), f"{first}.decision": "wanted", "do": "go"}
    await bureau.post(mine, one)
    _, answer = await bureau.post(mine, {**hidden_values(page), f"{second}.decision": "refused", f"{second}.reason_code": "experience", "do": "go"})
    assert answer.status_code == 200 and len(await bureau.said("ask.answered")) == 2, "a second tab, or the way back, loses nothing"
    await bureau.post(mine, {**hidden_values(page), "do": f"undo:{first}"})
    _, answer = await bureau.post(mine, one)
    assert answer.status_code == 200 and len(await bureau.said("ask.answered")) == 2, "the same page again is no new answer"
