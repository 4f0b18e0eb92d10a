"""Answers by mail on real servers: clear ones count once, unclear ones are asked back, and nobody speaks for somebody else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from services.notification.mailbox.folder import Mailbox
from services.notification.usecases.replying import replied
from shared.contracts.ask import CloseAsk, SupersedeAsk
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


def _reply(bureau: Bureau, ask: object, words: str, who: str = "lin", **heads: str) -> bytes:
    about = f"<{ask.message.message_id}@{bureau.desk.mail_domain}>"  # type: ignore[attr-defined]
    lines = {"From": f"X <{bureau.mail_of(who)}>", "Message-ID": f"<{uuid4()}@mail.example>", "In-Reply-To": about, **heads}
    quoted = "\r\n\r\n在 2026年9月7日，启衡人才 <baton@qiheng.example> 写道：\r\n> 1) 9月10日"
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{words}{quoted}".encode()


async def _bring(bureau: Bureau, raw: bytes) -> str:
    async with bureau.db.unit() as uow:
        became = await replied(uow, bureau.desk, raw)
    for _ in range(3):
        await bureau.sender.turn()
    return became


async def _slots(bureau: Bureau) -> tuple[object, list[UUID]]:
    interview = uuid4()
    offered = bureau.slots(interview, [datetime(2026, 9, 10, 10, 30, tzinfo=UTC), datetime(2026, 9, 11, 4, tzinfo=UTC)])
    ask = bureau.ask(
        "choose_slot", bureau.world.candidate, "candidate", refs=[("interview", interview, 1)], due_at=DUE, undo_within=600
    )
    await bureau.tell(offered, ask)
    await bureau.sender.turn()
    return ask, [one.slot_id for one in offered.slots]


async def test_a_number_is_an_answer_once_and_is_told_back_as_it_was_understood(bureau: Bureau) -> None:
    ask, slots = await _slots(bureau)
    raw = _reply(bureau, ask, "选 2，谢谢")
    assert await _bring(bureau, raw) == "answered"
    await _bring(bureau, raw)
    (fact,) = await bureau.said("ask.answered")
    assert fact.answer.clear == {"slot": str(slots[1])} and fact.answer.via == "mail" and fact.answer.by == bureau.world.candidate
    told = (await bureau.mails(bureau.mail_of("lin")))[-1]
    assert "记下了" in told["subject"] and any("/a/" in link for link in told["links"])
    page, _ = await bureau.open(next(link for link in told["links"] if "/a/" in link).removeprefix("http://pages.test"))
    assert "9月11日" in page.text and "撤回" in page.text


async def test_what_is_not_clear_is_asked_back_twice_and_then_left_to_a_person(bureau: Bureau) -> None:
    ask, _ = await _slots(bureau)
    became = [await _bring(bureau, _reply(bureau, ask, words)) for words in ("好的", "下周行吗？", "随便", "啊")]
    assert became == ["asked_back", "asked_back", "for_a_person", "for_a_person"]
    assert await bureau.said("ask.answered") == []
    asked = [mail for mail in await bureau.mails(bureau.mail_of("lin")) if "还差一步" in mail["subject"]]
    assert len(asked) == 2 and "随便" not in str(asked)


async def test_what_binds_needs_the_page_and_what_changed_or_is_over_is_said(bureau: Bureau) -> None:
    offer = bureau.ask("offer_answer", bureau.world.candidate, "candidate", due_at=DUE, on_behalf="never")
    await bureau.tell(offer)
    await bureau.sender.turn()
    assert await _bring(bureau, _reply(bureau, offer, "接受")) == "asked_back"
    interest = bureau.ask("interest", bureau.world.candidate, "candidate", due_at=DUE)
    await bureau.tell(interest)
    await bureau.clock("2026-09-08T10:00:00")
    await bureau.sender.turn()
    await bureau.tell(
        SupersedeAsk(ask_id=interest.ask_id, hire_id=bureau.world.hire, spec=interest.spec.model_copy(update={"version": 2}))
    )
    assert await _bring(bureau, _reply(bureau, interest, "好的")) == "asked_back"
    await bureau.tell(CloseAsk(ask_id=interest.ask_id, hire_id=bureau.world.hire, how="lapsed"))
    assert await _bring(bureau, _reply(bureau, interest, "好的")) == "asked_back"
    assert await bureau.said("ask.answered") == []


async def test_nobody_answers_for_somebody_else(bureau: Bureau) -> None:
    ask, _ = await _slots(bureau)
    assert await _bring(bureau, _reply(bureau, ask, "1", who="he")) == "stranger"
    assert await _bring(bureau, _reply(bureau, ask, "1", **{"Authentication-Results": "mx.example; dmarc=fail"})) == "forged"
    assert await _bring(bureau, _reply(bureau, ask, "1", **{"Auto-Submitted": "auto-replied"})) == "machine"
    assert await _bring(bureau, _reply(bureau, ask, "1", **{"In-Reply-To": f"<{uuid4()}@qiheng.example>"})) == "unknown"
    assert await bureau.said("ask.answered") == []
    assert len(await bureau.mails(bureau.mail_of("lin"))) == 1, "a stranger's mail makes us write to nobody"


async def test_one_mail_about_several_answers_those_that_it_names(bureau: Bureau) -> None:
    w, hire, person = bureau.world, uuid4(), uuid4()
    await bureau.tell(await bureau.person(person, "苏航", f"su.{hire.hex[:8]}@mail.example", "candidate"))
    await bureau.tell(bureau.application(hire, person), bureau.disclosed(w.hire, w.candidate), bureau.disclosed(hire, person))
    asks = [bureau.ask("client_verdict", w.manager, "hiring_manager", due_at=DUE, hire_id=one) for one in (w.hire, hire)]
    await bureau.tell(*asks)
    for _ in range(3):
        await bureau.sender.turn()
    (mail,) = await bureau.mails(bureau.mail_of("he"))
    about = {
        "In-Reply-To": mail["message_id"] if "message_id" in mail else f"<{asks[0].message.message_id}@{bureau.desk.mail_domain}>"
    }
    assert await _bring(bureau, _reply(bureau, asks[0], "苏航：安排面试\r\n林悦 再看看", who="he", **about)) == "answered"
    (fact,) = await bureau.said("ask.answered")
    assert fact.hire_id == hire and fact.answer.clear == {"decision": "wanted"}


async def test_the_folder_is_read_once_and_each_mail_ends_where_people_find_it(bureau: Bureau, tmp_path: Path) -> None:
    ask, _ = await _slots(bureau)
    box = Mailbox(bureau.db, bureau.desk, tmp_path)
    for name in ("new", "cur", "tmp", "for-people", "broken"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.eml").write_bytes(_reply(bureau, ask, "1"))
    (tmp_path / "new" / "2.eml").write_bytes(b"\xff\xfe nonsense")
    (tmp_path / "new" / "3.eml").write_bytes(_reply(bureau, ask, "1", **{"Auto-Submitted": "auto-replied"}))
    assert await box.turn() == {"answered": 1, "unknown": 1, "machine": 1}
    assert await box.turn() == {}
    assert sorted(one.name for one in (tmp_path / "cur").iterdir()) == ["1.eml", "3.eml"]
    assert [one.name for one in (tmp_path / "for-people").iterdir()] == ["2.eml"]
    assert len(await bureau.said("ask.answered")) == 1
