"""The doors beside the ask: home, add a candidate, what we hold, a changed question, a mail that came back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from deploy.demo.browser import hidden_values
from services.notification.usecases.bouncing import bounced
from shared.contracts.ask import SupersedeAsk
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


async def _home(bureau: Bureau) -> str:
    ask = bureau.ask("review_application", bureau.world.recruiter, "recruiter", due_at=DUE)
    await bureau.tell(ask)
    await bureau.sender.turn()
    (mail,) = await bureau.mails(bureau.mail_of("zhou"))
    return next(link for link in mail["links"] if "/home/" in link).removeprefix("http://pages.test")


async def test_home_shows_what_i_owe_and_who_owes_me_and_leads_to_the_question(bureau: Bureau) -> None:
    path = await _home(bureau)
    await bureau.tell(bureau.ask("choose_slot", bureau.world.candidate, "candidate", due_at=DUE))
    page, answer = await bureau.open(path)
    assert answer.status_code == 200 and "我欠的（1）" in page.text and "欠我的（1）" in page.text and "林悦 · R-118" in page.text
    found, _ = await bureau.open(f"{path}?q=没有这个人")
    assert "我欠的（0）" in found.text
    link = answer.text.split(f'href="{path}/', 1)[1].split('"', 1)[0].replace("add", "", 1)
    inside = answer.text.split(f'<a href="{path}/')[1].split('"')[0] if not link else link
    asked, _ = await bureau.open(f"{path}/{inside}")
    assert asked.kind == "review_application"
    done, _ = await bureau.post(f"{path}/{inside}", {**hidden_values(asked), "decision": "hold", "do": "go"})
    assert len(await bureau.said("ask.answered")) == 1 and "记下了" in done.heading


async def test_a_candidate_is_added_through_the_one_door(bureau: Bureau) -> None:
    path = f"{await _home(bureau)}/add"
    form, _ = await bureau.open(path)
    values = {
        **hidden_values(form),
        "requisition": "t#R-118",
        "name": "邵一凡",
        "origin": "sourced",
        "skills": "PLC，伺服",
        "years": "6",
        "do": "go",
    }
    missing, answer = await bureau.post(path, values)
    assert answer.status_code == 422 and missing.has_form and await bureau.said("application.submitted") == []
    done, _ = await bureau.post(path, {**values, "mail": "shao@mail.example"})
    await bureau.post(path, {**values, "mail": "shao@mail.example"})
    (event,) = await bureau.said("application.submitted")
    assert (
        event.person.name == "邵一凡"
        and event.skills == ["PLC", "伺服"]
        and event.requisition == "t#R-118"
        and "正在入库" in done.heading
    )


async def test_withdrawing_takes_one_page_and_one_press(bureau: Bureau) -> None:
    await bureau.tell(bureau.ask("interest", bureau.world.candidate, "candidate", due_at=DUE))
    await bureau.sender.turn()
    (mail,) = await bureau.mails(bureau.mail_of("lin"))
    path = next(link for link in mail["links"] if "/me/" in link).removeprefix("http://pages.test").partition("#")[0].removesuffix("/correct")
    page, answer = await bureau.open(path)
    assert "林悦" in page.text and bureau.mail_of("lin") not in page.text and "l•••@" in answer.text
    await bureau.post(path, {**hidden_values(page), "application": page.controls["application"].values[0], "do": "go"})
    (event,) = await bureau.said("application.withdrawn")
    assert event.externalid == f"t#{bureau.world.hire}"


async def test_a_changed_question_records_nothing_and_keeps_what_was_typed(bureau: Bureau) -> None:
    interview = uuid4()
    ask = bureau.ask("choose_slot", bureau.world.candidate, "candidate", refs=[("interview", interview, 1)], due_at=DUE)
    await bureau.tell(bureau.slots(interview, [datetime(2026, 9, 10, 10, tzinfo=UTC)]), ask)
    await bureau.sender.turn()
    path = (await bureau.link_for("lin")).partition("?")[0]
    page, _ = await bureau.open(path)
    await bureau.tell(SupersedeAsk(ask_id=ask.ask_id, hire_id=bureau.world.hire, spec=ask.spec.model_copy(update={"version": 2})))
    changed, answer = await bureau.post(path, {**hidden_values(page), "slot": "none", "when": "周末全天", "do": "go"})
    assert answer.status_code == 409 and "这里有了变化" in changed.heading and "周末全天" in changed.text
    assert await bureau.said("ask.answered") == [] and len(await bureau.said("ask.superseded")) == 1
    await bureau.post(path, {**hidden_values(changed), "slot": "none", "when": "周末全天", "do": "go"})
    (fact,) = await bureau.said("ask.answered")
    assert fact.version == 2 and fact.answer.clear == {"slot": "none"}


async def test_the_language_changes_and_what_was_typed_stays(bureau: Bureau) -> None:
    await bureau.tell(bureau.ask("offer_answer", bureau.world.candidate, "candidate", due_at=DUE))
    await bureau.sender.turn()
    path = (await bureau.link_for("lin")).partition("?")[0]
    page, _ = await bureau.open(path)
    english, answer = await bureau.post(path, {**hidden_values(page), "decision": "question", "note": "还想问一下", "lang": "en"})
    assert (
        "invites you to join" in english.heading
        and "还想问一下" in english.text
        and 'value="question" required checked' in answer.text
    )
    assert await bureau.said("ask.answered") == []


async def test_a_pasted_link_leads_on_and_nonsense_does_not(bureau: Bureau) -> None:
    await bureau.tell(bureau.ask("interest", bureau.world.candidate, "candidate"))
    await bureau.sender.turn()
    path = (await bureau.link_for("lin")).partition("?")[0]
    moved = await bureau.http.post("/a/broken", data={"l": f"http://pages.test{path}?x=1"})
    assert moved.status_code == 303 and moved.headers["location"] == path
    lost, answer = await bureau.post("/a/broken", {"l": "nonsense"})
    assert answer.status_code == 404 and "也打不开" in lost.text


async def test_a_mail_that_came_back_is_told_and_a_delay_is_not(bureau: Bureau) -> None:
    ask = bureau.ask("interest", bureau.world.candidate, "candidate")
    await bureau.tell(ask)
    await bureau.sender.turn()
    for action, status, marked in (("delayed", "4.4.7", 0), ("failed", "5.1.1", 1), ("failed", "5.1.1", 0)):
        async with bureau.db.unit() as uow:
            assert await bounced(uow, bureau.desk, _report(str(ask.message.message_id), action, status)) == marked
    (fact,) = await bureau.said("message.bounced")
    assert fact.reason == "dsn_5.1.1" and fact.message_id == ask.message.message_id
    async with bureau.db.unit() as uow:
        assert await bounced(uow, bureau.desk, b"not a report") == 0


def _report(message_id: str, action: str, status: str) -> bytes:
    """A delivery status notification as a mail server writes one."""
    lines = [
        "From: MAILER-DAEMON@mx.example",
        f"To: bounce+{message_id}@qiheng.example",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "returned",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        "Final-Recipient: rfc822; lin@mail.example",
        f"Action: {action}",
        f"Status: {status}",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()
