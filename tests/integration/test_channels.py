"""People are reached by the channel they want, answer in it, and by the next one where the first comes to nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from deploy.demo.browser import hidden_values
from shared.contracts.notification import MessageSpec, Tell
from shared.contracts.party import PartyRef
from tests.support.channels import CHATS, PHONES, REACH, Branch

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


@pytest.fixture
async def branch(house: dict[str, str], tmp_path: Path) -> AsyncIterator[Branch]:
    """A clean notification service on Monday 7 September 2026, 10:00 in Shanghai, with every vendor in reach."""
    made = Branch(house, tmp_path)
    await made.empty()
    await made.clock("2026-09-07T10:00:00")
    await made.settle()
    yield made
    await made.close()


@pytest.mark.parametrize("vendor", CHATS)
async def test_a_button_in_the_chat_answers_once_and_the_card_says_so(branch: Branch, vendor: str) -> None:
    branch.open_for(vendor)
    person = await branch.by_vendor(vendor)
    ask = branch.ask("interest", person, "candidate", due_at=DUE)
    await branch.tell(ask)
    await branch.sender.turn()
    (note,) = branch.notes
    assert note.to == REACH[vendor] and len(note.choices) >= 2 and "林悦" not in note.title
    label = note.choices[0]["label"]
    pressed = await branch.street.rest(f"/api/chats/{note.n}/press", {"label": label})
    assert pressed["status"] == 200 and pressed["seconds"] < 2
    again = await branch.street.vendors.all[vendor].press(note, pressed_value(branch, ask, person), note.to)
    assert again.status == 200
    (answered,) = await branch.said("ask.answered")
    assert (answered.ask_id, answered.answer.by, answered.answer.via) == (ask.ask_id, person, "card")
    await branch.change_cards()
    assert branch.notes[0].choices == [] and label.split("，")[0][:4] in branch.notes[0].text
    assert await branch.change_cards() == 0
    (row,) = await branch.rows()
    assert (row["channel"], row["state"]) == (vendor, "sent") and row["shown"] == "answered:1" and row["seen_at"] is not None


def pressed_value(branch: Branch, ask, person) -> str:  # noqa: ANN001
    """A value of ours for this ask, as the vendor hands it back."""
    import json

    from services.notification.channels.press import Press, Presses

    value = Presses(branch.vault.links).value(Press(ask.ask_id, 1, person, "decision", "no"))
    return json.dumps({"t": value}) if branch.notes[0].vendor == "feishu" else value


@pytest.mark.parametrize("vendor", CHATS)
async def test_a_forwarded_card_and_a_forged_press_record_nothing(branch: Branch, vendor: str) -> None:
    branch.open_for(vendor)
    person = await branch.by_vendor(vendor)
    await branch.tell(branch.ask("interest", person, "candidate", due_at=DUE))
    await branch.sender.turn()
    note = branch.notes[0]
    value = note.choices[0]["press"]
    assert (await branch.street.vendors.all[vendor].press(note, value, "somebody-else")).status == 200
    secret = {"dingtalk": "callback_secret", "wecom": "token", "feishu": "encrypt_key", "slack": "signing_secret"}[vendor]
    branch.street.house.accounts[vendor][secret] = "another"
    assert (await branch.street.vendors.all[vendor].press(note, value, note.to)).status == 401
    assert await branch.said("ask.answered") == []


@pytest.mark.parametrize("vendor", CHATS)
async def test_the_card_follows_an_answer_given_on_the_page(branch: Branch, vendor: str) -> None:
    from deploy.demo.browser import hidden_values

    branch.open_for(vendor)
    person = await branch.by_vendor(vendor)
    await branch.tell(branch.ask("interest", person, "candidate", due_at=DUE))
    await branch.sender.turn()
    link = next(one for one in branch.notes[0].links if "/a/" in one).removeprefix("http://pages.test")
    page, _ = await branch.open(link)
    await branch.post(link.partition("?")[0], {**hidden_values(page), "decision": "yes", "do": "go"})
    assert len(await branch.said("ask.answered")) == 1
    assert await branch.change_cards() == 1 and branch.notes[0].choices == []
    late = await branch.street.vendors.all[vendor].press(branch.notes[0], pressed_value_of(branch), branch.notes[0].to)
    assert late.status == 200 and len(await branch.said("ask.answered")) == 1


def pressed_value_of(branch: Branch) -> str:
    """A button of a card that was kept open."""
    return '{"t": "forged"}' if branch.notes[0].vendor == "feishu" else "forged"


@pytest.mark.parametrize("carrier", PHONES)
async def test_a_text_message_has_a_short_link_and_no_name_of_anybody_else(branch: Branch, carrier: str) -> None:
    branch.open_for(carrier)
    person = await branch.by_vendor(carrier)
    await branch.tell(branch.ask("interest", person, "candidate", due_at=DUE))
    await branch.sender.turn()
    (note,) = branch.notes
    assert note.to == PHONES[carrier] and len(note.text) <= 110
    assert not any(word in note.text for word in ("海港", "工程师", "林悦", "周敏"))
    (link,) = [one for one in note.links if "/s/" in one]
    answer = await branch.http.get(link.partition("pages.test")[2])
    assert answer.status_code == 303
    page, shown = await branch.open(answer.headers["location"])
    assert shown.status_code == 200 and page.has_form
    assert (await branch.http.get("/s/aaaaaaaaaaaa")).headers["location"] == "/a/-"


@pytest.mark.parametrize("carrier", PHONES)
async def test_a_receipt_that_it_came_to_nothing_sends_it_by_the_next_channel(branch: Branch, carrier: str) -> None:
    branch.open_for(carrier)
    person = await branch.by_vendor(carrier, mail=f"gu.{branch.world.hire.hex[:6]}@mail.example")
    await branch.tell(branch.ask("interest", person, "candidate", due_at=DUE))
    await branch.sender.turn()
    told = await branch.street.rest(f"/api/chats/{branch.notes[0].n}/receipt", {"ok": False})
    assert told["status"] in (200, 204)
    (bounced,) = await branch.said("message.bounced")
    assert bounced.next_channel == "mail" and bounced.channel == "sms" and bounced.reason.startswith("undelivered_")
    await branch.street.rest(f"/api/chats/{branch.notes[0].n}/receipt", {"ok": False})
    await branch.sender.turn()
    assert len(await branch.mails(f"gu.{branch.world.hire.hex[:6]}@mail.example")) == 1
    assert [one.channel for one in await branch.said("message.sent")] == ["sms", "mail"]
    first, second = await branch.said("message.sent")
    assert first.tried == [] and [(one.channel, one.reason) for one in second.tried] == [("sms", bounced.reason)]
    assert len({event["id"] for event in await headers(branch)}) == len(await headers(branch))


async def headers(branch: Branch) -> list[dict]:
    """The headers of everything in the outbox."""
    import json

    async with branch.db.unit() as uow:
        return [json.loads(row["headers"]) for row in await uow.rows("select headers from outbox")]


async def test_a_receipt_that_it_arrived_is_delivery(branch: Branch) -> None:
    branch.open_for("aliyun")
    person = await branch.by_vendor("aliyun")
    await branch.tell(branch.ask("interest", person, "candidate", due_at=DUE))
    await branch.sender.turn()
    for _ in range(2):
        await branch.street.rest(f"/api/chats/{branch.notes[0].n}/receipt", {"ok": True})
    assert len(await branch.said("message.delivered")) == 1


async def test_a_reminder_takes_the_next_channel(branch: Branch) -> None:
    branch.open_for("feishu", "aliyun")
    address = f"gu.{branch.world.hire.hex[:6]}@mail.example"
    person = await branch.by_vendor("feishu", mail=address, phones=[PHONES["aliyun"]])
    ask = branch.ask("interest", person, "candidate", due_at=DUE)
    await branch.tell(ask)
    await branch.sender.turn()
    for rung in (1, 2, 3):
        spec = MessageSpec(
            message_id=UUID(int=ask.message.message_id.int ^ rung),
            party=PartyRef(person_id=person, role="candidate"), purpose="remind", occasion=f"{ask.spec.obligation_id}/{rung}",
            template="interest", hire_id=branch.world.hire, ask_id=ask.ask_id, owed=True,
        )  # fmt: skip
        await branch.tell(Tell(message_id=spec.message_id, hire_id=branch.world.hire, message=spec))
        await branch.sender.turn()
    by_rung = sorted(await branch.rows(), key=lambda row: row["occasion"])
    assert [row["channel"] for row in by_rung] == ["feishu", "mail", "sms", "feishu"]
    assert len(await branch.mails(address)) == 1 and [one.vendor for one in branch.notes] == ["feishu", "aliyun", "feishu"]


@pytest.mark.parametrize("vendor", CHATS)
async def test_who_left_the_vendor_is_reached_by_mail_and_where_there_is_none_the_message_fails(branch: Branch, vendor: str) -> None:
    branch.open_for(vendor)
    address = f"gu.{branch.world.hire.hex[:6]}@mail.example"
    by_mail = await branch.somebody(mail=address, reach={vendor: "unknown1"}, channels=[vendor])
    nowhere = await branch.somebody(reach={vendor: "unknown2"}, channels=[vendor])
    await branch.tell(branch.told(by_mail), branch.told(nowhere))
    await branch.sender.turn()
    assert len(await branch.mails(address)) == 1 and branch.notes == []
    (failed,) = await branch.said("message.failed")
    assert failed.party.person_id == nowhere and failed.channel == vendor and "unknown" not in (failed.reason or "")
    (sent,) = await branch.said("message.sent")
    assert sent.channel == "mail" and [one.channel for one in sent.tried] == [vendor] and "unknown" not in sent.tried[0].reason


async def test_a_text_waits_for_its_own_hours_when_mail_comes_to_nothing(branch: Branch) -> None:
    branch.open_for("aliyun")
    await branch.clock("2026-09-07T20:30:00")
    person = await branch.somebody(mail="unknown@mail.example", phones=[PHONES["aliyun"]])
    await branch.tell(branch.told(person))
    await branch.sender.turn()
    (row,) = await branch.rows()
    assert row["channel"] == "sms" and row["send_at"] == datetime.fromisoformat("2026-09-08T09:00:00+08:00") and branch.notes == []
    await branch.clock("2026-09-08T09:00:00")
    await branch.sender.turn()
    assert len(branch.notes) == 1


async def test_one_click_ends_what_the_machine_begins_but_nothing_that_is_owed(branch: Branch) -> None:
    import email

    branch.open_for()
    w = branch.world
    first = branch.ask("interest", w.candidate, "candidate", owed=False)
    await branch.tell(first, branch.told(w.candidate))
    await branch.sender.turn()
    found = [email.message_from_bytes(await branch.raw(mail["n"])) for mail in await branch.mails(branch.mail_of("lin"))]
    marked = [one for one in found if one["List-Unsubscribe"]]
    assert len(found) == 2 and len(marked) == 1 and marked[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = marked[0]["List-Unsubscribe"].strip("<>").partition("pages.test")[2]
    assert (await branch.http.get(path)).status_code == 200
    second = branch.ask("interest", w.candidate, "candidate", owed=False)
    await branch.clock("2026-09-08T10:00:00")
    async with branch.db.unit() as uow:
        assert await uow.value("select count(*) from optouts") == 0, "a GET changes nothing"
    assert (await branch.http.post(path, data={"List-Unsubscribe": "One-Click"})).text == "ok"
    await branch.tell(second, branch.told(w.candidate))
    await branch.sender.turn()
    (suppressed,) = await branch.said("message.suppressed")
    assert suppressed.message_id == second.message.message_id and suppressed.reason == "opted_out"
    assert len(await branch.mails(branch.mail_of("lin"))) == 3


async def test_by_hand_waits_for_the_recruiter_who_marks_it_as_sent(branch: Branch) -> None:
    branch.open_for("hand")
    w = branch.world
    person = await branch.somebody("许明远", reach={"wechat": "xu"})
    ask = branch.ask("interest", person, "candidate", due_at=DUE)
    await branch.tell(ask)
    await branch.sender.turn()
    (failed,) = await branch.said("message.failed")
    assert (failed.channel, failed.reason) == ("hand", "by_hand")
    served = {"serves_ask": str(ask.ask_id), "serves_kind": "interest", "about": "not_reached"}
    call = branch.ask("call", w.recruiter, "recruiter", due_at=DUE, params=served)
    await branch.tell(call)
    await branch.sender.turn()
    home = next(link for mail in await branch.mails(branch.mail_of("zhou")) for link in mail["links"] if "/home/" in link)
    path = "/hand/" + home.rpartition("/home/")[2].partition("?")[0]
    page, answer = await branch.open(path)
    assert "许明远" in page.text and "/a/" in answer.text and await branch.said("message.delivered") == []
    sent = {**hidden_values(page), "message": str(ask.message.message_id), "do": "sent"}
    await branch.post(path, {**sent, "once": "made up"})
    assert await branch.said("message.delivered") == [], "only this page can say so"
    for said in ("记下了", "没有要转发的"):
        done, _ = await branch.post(path, sent)
        assert said in done.text
    (delivered,) = await branch.said("message.delivered")
    assert delivered.channel == "hand" and delivered.message_id == ask.message.message_id
    (answered,) = await branch.said("ask.answered")
    assert answered.ask_id == call.ask_id and answered.answer.via == "wechat"
    assert "许明远" not in (await branch.http.get(path)).text


async def test_two_slips_of_one_page_marked_in_two_tabs_count_both_and_each_once(branch: Branch) -> None:
    branch.open_for("hand")
    carried = [branch.ask("interest", await branch.somebody(name, reach={"wechat": name}), "candidate", due_at=DUE) for name in ("许明远", "许思远")]
    await branch.tell(*carried, branch.ask("review_application", branch.world.recruiter, "recruiter", due_at=DUE))
    await branch.sender.turn()
    home = next(link for mail in await branch.mails(branch.mail_of("zhou")) for link in mail["links"] if "/home/" in link)
    path = "/hand/" + home.rpartition("/home/")[2].partition("?")[0]
    page, _ = await branch.open(path)
    assert "许明远" in page.text and "许思远" in page.text
    for ask in (*carried, *carried):
        await branch.post(path, {**hidden_values(page), "message": str(ask.message.message_id), "do": "sent"})
    delivered = [one.message_id for one in await branch.said("message.delivered") if one.channel == "hand"]
    assert delivered == [ask.message.message_id for ask in carried]
