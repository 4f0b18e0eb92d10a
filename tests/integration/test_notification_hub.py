"""One requisition's conversation on one page: in order, paged, with names and without contents, for its own team only."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from deploy.demo.browser import hidden_values
from services.notification.pages import hub
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


async def _home(bureau: Bureau, who: str = "zhou") -> str:
    for mail in reversed(await bureau.mails(bureau.mail_of(who))):
        for link in mail["links"]:
            if "/home/" in link:
                return str(link.removeprefix("http://pages.test").partition("?")[0])
    raise LookupError(who)


async def _asked(bureau: Bureau, kind: str, holder, role: str, **more) -> None:
    await bureau.tell(bureau.ask(kind, holder, role, due_at=DUE, **more))
    for _ in range(2):
        await bureau.sender.turn()


async def test_what_was_said_and_answered_stands_in_order_with_who_and_how_but_without_its_contents(bureau: Bureau) -> None:
    w = bureau.world
    await _asked(bureau, "review_application", w.recruiter, "recruiter")
    await bureau.clock("2026-09-07T11:00:00")
    await _asked(bureau, "interest", w.candidate, "candidate")
    await bureau.clock("2026-09-07T11:30:00")
    link = await bureau.link_for("lin")
    page, _ = await bureau.open(link)
    await bureau.post(link, {**hidden_values(page), "decision": "yes", "note": "a secret of mine", "do": "go"})
    home = await _home(bureau)
    shown, answer = await bureau.open(f"{home}/hub?lang=zh")
    rows = answer.text.partition("<tbody>")[2].split("<tr>")[1:]
    assert len(rows) == 3 and "林悦 →" in rows[0] and "已答复" in rows[0] and "→ 林悦" in rows[1] and "→ 周敏" in rows[2]
    assert "邮件" in rows[1] and "11:00" in rows[1] and "R-118" in shown.heading and "secret" not in answer.text
    only, _ = await bureau.open(f"{home}/hub?r=R-118&who={w.candidate}")
    assert "看所有人的" in only.text
    none, answer = await bureau.open(f"{home}/hub?r=R-999")
    assert "还没有往来" in none.text and "林悦" not in answer.text
    assert (await bureau.http.get(home.replace("/home/", "/me/") + "/hub")).status_code == 404


async def test_a_long_conversation_is_read_page_by_page_and_no_line_twice(bureau: Bureau, monkeypatch) -> None:
    w = bureau.world
    monkeypatch.setattr(hub, "SHOWN", 3)
    for n in range(8):
        await bureau.clock(f"2026-09-07T{10 + n // 2}:{30 * (n % 2):02d}:00")
        await _asked(bureau, "debrief", w.recruiter, "recruiter", obligation_id=uuid4())
    path, seen = f"{await _home(bureau)}/hub?lang=en", []
    for _ in range(4):
        _, answer = await bureau.open(path)
        seen.append(answer.text.partition("<tbody>")[2].count("<tr>"))
        older = next((part.partition('"')[0] for part in answer.text.split('href="') if "before=" in part), "")
        if not older:
            break
        path = older.replace("&amp;", "&") + "&lang=en"
    assert seen == [3, 3, 2]
    _, answer = await bureau.open(path.partition("&before=")[0] + "&before=nonsense")
    assert answer.status_code == 200 and answer.text.partition("<tbody>")[2].count("<tr>") == 3
