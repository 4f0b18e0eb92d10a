"""From command to answer on real PostgreSQL and SMTP: the ask is opened, said once, shown, answered by whoever is first."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from deploy.demo.browser import hidden_values
from shared.contracts.ask import CloseAsk
from tests.support.notices import Bureau


async def test_choose_slot_walks_from_command_to_answer(bureau: Bureau) -> None:
    w, interview = bureau.world, uuid4()
    slots = bureau.slots(interview, [datetime(2026, 9, 10, 10, 30, tzinfo=UTC), datetime(2026, 9, 11, 4, tzinfo=UTC)])
    ask = bureau.ask(
        "choose_slot", w.candidate, "candidate", refs=[("interview", interview, 1)], due_at=datetime(2026, 9, 8, 12, tzinfo=UTC)
    )
    await bureau.tell(slots, ask)
    assert await bureau.sender.turn() == 1
    mail = (await bureau.mails(bureau.mail_of("lin")))[-1]
    assert "海港" not in mail["subject"] and "面试" not in mail["subject"] and "9月8日 20:00 前" in mail["subject"]
    path = await bureau.link_for("lin")
    page, answer = await bureau.open(path)
    assert answer.status_code == 200 and "林悦，哪个时间方便面试" in page.heading
    chosen = str(slots.slots[1].slot_id)
    done, _ = await bureau.post(path.partition("?")[0], {**hidden_values(page), "slot": chosen, "do": "go"})
    assert done.heading == "选好了"
    (fact,) = await bureau.said("ask.answered")
    assert fact.answer.clear == {"slot": chosen} and fact.answer.by == w.candidate
    again, _ = await bureau.open(path)
    assert again.heading == "你已经答复了"


async def test_a_get_changes_nothing_however_often(bureau: Bureau) -> None:
    ask = bureau.ask("review_application", bureau.world.recruiter, "recruiter", due_at=datetime(2026, 9, 9, 10, tzinfo=UTC))
    await bureau.tell(ask)
    await bureau.sender.turn()
    path = await bureau.link_for("zhou")

    async def everything() -> list[str]:
        async with bureau.db.unit() as uow:
            return [
                str(await uow.value(f"select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {table} t"))
                for table in ("asks", "links", "messages", "used_once", "notices", "outbox")
            ]

    before = await everything()
    for _ in range(61):
        assert (await bureau.http.get(path)).status_code == 200
        assert (await bureau.http.head(path)).status_code == 200
    assert await everything() == before


async def test_the_second_answer_of_a_group_is_told_by_whom(bureau: Bureau) -> None:
    w = bureau.world
    ask = bureau.ask("client_verdict", w.manager, "hiring_manager", group=[w.second], due_at=datetime(2026, 9, 9, 10, tzinfo=UTC))
    await bureau.tell(bureau.disclosed(w.hire, w.candidate), ask)
    await bureau.sender.turn()
    first, second = await bureau.link_for("he"), await bureau.link_for("zhang")
    page, _ = await bureau.open(first)
    other, _ = await bureau.open(second)
    field = f"{ask.ask_id}.decision"
    assert field in page.controls and "林悦" in page.text
    await bureau.post(first, {**hidden_values(page), field: "wanted", "do": "go"})
    told, _ = await bureau.post(second, {**hidden_values(other), field: "refused", "do": "go"})
    assert "何立 已答复" in told.text
    (fact,) = await bureau.said("ask.answered")
    assert fact.answer.clear["decision"] == "wanted" and fact.answer.by == w.manager


async def test_a_no_for_a_reason_the_law_forbids_is_read_where_the_words_are_and_goes_on_as_a_code(bureau: Bureau) -> None:
    w = bureau.world
    for words, flagged in (("她刚结婚，怕要生孩子", True), ("没有带过团队", False)):
        ask = bureau.ask("round_verdict", w.manager, "hiring_manager", due_at=datetime(2026, 9, 9, 10, tzinfo=UTC))
        await bureau.tell(bureau.disclosed(w.hire, w.candidate), ask)
        await bureau.sender.turn()
        path = await bureau.link_for("he")
        page, _ = await bureau.open(path)
        await bureau.post(path, {**hidden_values(page), "decision": "fail", "reason": words, "do": "go"})
        fact = (await bureau.said("ask.answered"))[-1]
        assert (fact.answer.clear.get("unlawful") == "yes") is flagged and words not in fact.model_dump_json()


async def test_a_client_question_waits_for_the_disclosure(bureau: Bureau) -> None:
    w = bureau.world
    await bureau.tell(bureau.ask("client_verdict", w.manager, "hiring_manager"))
    assert await bureau.said("ask.opened") == []
    await bureau.tell(bureau.disclosed(w.hire, w.candidate))
    assert len(await bureau.said("ask.opened")) == 1


async def test_sending_twice_counts_once_and_undo_reopens(bureau: Bureau) -> None:
    ask = bureau.ask(
        "offer_answer", bureau.world.candidate, "candidate", undo_within=600, due_at=datetime(2026, 9, 14, 12, tzinfo=UTC)
    )
    await bureau.tell(ask)
    await bureau.sender.turn()
    path = await bureau.link_for("lin")
    page, _ = await bureau.open(path)
    values = {**hidden_values(page), "decision": "accept", "note": "谢谢", "do": "go"}
    done, _ = await bureau.post(path, values)
    await bureau.post(path, values)
    assert len(await bureau.said("ask.answered")) == 1
    assert "撤回（10:10 前）" in done.text
    undone, _ = await bureau.post(path, {**hidden_values(done), "do": "undo"})
    assert undone.has_form and "撤回了" in undone.text
    (retracted,) = await bureau.said("ask.retracted")
    assert retracted.ask_id == ask.ask_id
    page, _ = await bureau.open(path)
    await bureau.post(path, {**hidden_values(page), "decision": "decline", "do": "go"})
    facts = await bureau.said("ask.answered")
    assert [one.answer.clear["decision"] for one in facts] == ["accept", "decline"]
    sealed = facts[0].answer.sealed[0]
    assert sealed["field"] == "answer.note" and "谢谢" not in str(sealed)


async def test_a_page_that_came_back_with_a_fault_may_be_corrected_on_the_page_before_it_and_counts_once(bureau: Bureau) -> None:
    ask = bureau.ask("round_verdict", bureau.world.manager, "hiring_manager", due_at=datetime(2026, 9, 9, 10, tzinfo=UTC))
    await bureau.tell(bureau.disclosed(bureau.world.hire, bureau.world.candidate), ask)
    await bureau.sender.turn()
    path = await bureau.link_for("he")
    page, _ = await bureau.open(path)
    values = {**hidden_values(page), "do": "go"}
    faulty, answer = await bureau.post(path, values)
    assert answer.status_code == 422 and faulty.has_form and await bureau.said("ask.answered") == []
    for _ in range(2):  # the browser's "back": still the first page's single value
        done, answer = await bureau.post(path, {**values, "decision": "pass"})
        assert answer.status_code == 200 and not done.has_form
    (fact,) = await bureau.said("ask.answered")
    assert fact.answer.clear == {"decision": "pass"}


async def test_a_lapsed_ask_stays_closed_and_the_late_answer_is_welcome(bureau: Bureau) -> None:
    ask = bureau.ask("interest", bureau.world.candidate, "candidate", due_at=datetime(2026, 9, 9, 12, tzinfo=UTC))
    await bureau.tell(ask)
    await bureau.sender.turn()
    path = await bureau.link_for("lin")
    page, _ = await bureau.open(path)
    await bureau.tell(CloseAsk(ask_id=ask.ask_id, hire_id=bureau.world.hire, how="lapsed"))
    late, answer = await bureau.post(path, {**hidden_values(page), "decision": "yes", "do": "go"})
    assert answer.status_code == 200 and "晚了一点" in late.heading
    assert len(await bureau.said("ask.closed")) == 1 and await bureau.said("ask.answered") == []
    (fact,) = await bureau.said("ask.answered_late")
    assert fact.answer.clear == {"decision": "yes"} and fact.closed_how == "lapsed"


async def test_a_forged_and_a_foreign_link_show_nothing_of_anybody(bureau: Bureau) -> None:
    ask = bureau.ask("review_application", bureau.world.recruiter, "recruiter")
    await bureau.tell(ask)
    await bureau.sender.turn()
    path = await bureau.link_for("zhou")
    async with bureau.db.unit() as uow:
        await uow.run(
            "update asks set may_answer = array[cast(:other as uuid)] where id = :id", other=bureau.world.manager, id=ask.ask_id
        )
    foreign, answer = await bureau.open(path)
    assert answer.status_code == 403 and "林悦" not in foreign.text and "R-118" not in foreign.text
    forged, answer = await bureau.open(path.partition("?")[0][:-3] + "xyz")
    assert answer.status_code == 404 and "没有找到这一页" in forged.heading
    for header in ("content-security-policy", "referrer-policy"):
        assert header in answer.headers
