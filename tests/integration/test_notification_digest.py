"""The mail of the day: many duties and the day's interviews in one message, judged in the moment of sending; nothing where nothing waits."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from shared.contracts.ask import CloseAsk
from shared.contracts.notification import MessageSpec, OwesGuard, Tell
from shared.contracts.party import PartyRef
from shared.contracts.scheduling import InterviewScheduled
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


def _morning(bureau: Bureau) -> Tell:
    """What the house tells our recruiter at nine."""
    w, id = bureau.world, uuid4()
    return Tell(message_id=id, message=MessageSpec(
        message_id=id, party=PartyRef(person_id=w.recruiter, role="recruiter"), purpose="digest", occasion=f"{id}/1", template="digest",
        guards=[OwesGuard(person_id=w.recruiter)]))


async def _mails(bureau: Bureau) -> list[dict]:
    for _ in range(3):
        await bureau.sender.turn()
    return [mail for mail in await bureau.mails(bureau.mail_of("zhou")) if "今天等你的" in mail["subject"]]


async def test_a_morning_with_duties_and_an_interview_is_one_mail_with_each_of_them(bureau: Bureau) -> None:
    w = bureau.world
    for kind in ("review_application", "debrief", "hire_decision"):
        await bureau.tell(bureau.ask(kind, w.recruiter, "recruiter", due_at=DUE))
    start = datetime(2026, 9, 7, 6, tzinfo=UTC)
    await bureau.tell(InterviewScheduled(
        interview_id=uuid4(), version=1, hire_id=w.hire, requisition_id=w.requisition, candidate_id=w.candidate, round=1, starts_at=start,
        ends_at=start.replace(hour=7), wall_start="2026-09-07T14:00", zone="Asia/Shanghai", panel=[w.recruiter], at=start))
    await bureau.tell(_morning(bureau))
    (mail,) = await _mails(bureau)
    assert mail["text"].count("R-118") == 3 and "14:00–15:00" in mail["text"] and "林悦" in mail["text"]
    assert any("/home/" in link for link in mail["links"])


async def test_a_morning_on_which_all_was_done_before_it_left_is_said_to_nobody(bureau: Bureau) -> None:
    w = bureau.world
    ask = bureau.ask("review_application", w.recruiter, "recruiter", due_at=DUE)
    await bureau.clock("2026-09-07T05:00:00")
    await bureau.tell(ask, _morning(bureau))
    await bureau.tell(CloseAsk(ask_id=ask.ask_id, hire_id=w.hire, how="elsewhere"))
    await bureau.clock("2026-09-07T10:00:00")
    assert await _mails(bureau) == []
    (dropped,) = [one for one in await bureau.said("message.suppressed") if one.purpose == "digest"]
    assert dropped.reason == "owes"
    await bureau.clock("2026-09-08T09:00:00")
    await bureau.tell(bureau.ask("debrief", w.recruiter, "recruiter", due_at=datetime(2026, 9, 7, 12, tzinfo=UTC)), _morning(bureau))
    (mail,) = await _mails(bureau)
    assert "超时" in mail["text"]
