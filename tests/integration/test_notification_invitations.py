"""A mail client answers our invitation: a clear answer of an invited person is a fact, everything else is asked back, and nobody answers for another."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from services.notification.usecases.replying import replied
from shared.contracts.scheduling import InterviewMoved, InterviewScheduled
from tests.support.notices import Bureau
from workflows.hire.facts import fact_of

INTERVIEW = UUID("6df902b3-fac2-5103-9e21-92cd792ab592")
AT = datetime(2026, 9, 10, 6, tzinfo=UTC)


async def _invited(bureau: Bureau, version: int = 1, start: datetime = AT) -> None:
    """The appointment stands in this version; the interviewer and the candidate are in it."""
    w = bureau.world
    body = {
        "interview_id": INTERVIEW, "version": version, "hire_id": w.hire, "requisition_id": w.requisition, "candidate_id": w.candidate, "round": 1,
        "starts_at": start, "ends_at": start.replace(hour=start.hour + 1), "wall_start": "2026-09-10T14:00", "zone": "Asia/Shanghai",
        "panel": [w.interviewer], "at": start}
    await bureau.tell(InterviewMoved(**body, old_starts_at=AT) if version > 1 else InterviewScheduled(**body))


def _answer(bureau: Bureau, who: str, partstat: str, *, sequence: int = 1, method: str = "REPLY", times: str = "", sender: str = "") -> bytes:
    """As Outlook and Google send it: words for people, and the calendar's own answer."""
    mail = bureau.mail_of(who)
    calendar = "\r\n".join([
        "BEGIN:VCALENDAR", "PRODID:-//Client//EN", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{INTERVIEW}@{bureau.desk.mail_domain}",
        f"SEQUENCE:{sequence}", "DTSTAMP:20260907T080000Z", f"ATTENDEE;PARTSTAT={partstat}:mailto:{mail}", *([times] if times else []),
        "END:VEVENT", "END:VCALENDAR", ""])
    return "\r\n".join([
        f"From: X <{sender or mail}>", f"Message-ID: <{uuid4()}@mail.example>", f"Subject: {partstat}", "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="b"', "", "--b", "Content-Type: text/plain; charset=utf-8", "", "has answered", "--b",
        f"Content-Type: text/calendar; charset=utf-8; method={method}", "", calendar, "--b--", ""]).encode()


async def _bring(bureau: Bureau, raw: bytes) -> str:
    async with bureau.db.unit() as uow:
        became = await replied(uow, bureau.desk, raw)
    for _ in range(2):
        await bureau.sender.turn()
    return became


async def test_a_clear_answer_is_a_fact_of_this_person_and_version_once_however_often_it_is_brought(bureau: Bureau) -> None:
    await _invited(bureau)
    declined = _answer(bureau, "chen", "DECLINED")
    assert [await _bring(bureau, _answer(bureau, "lin", "ACCEPTED")), await _bring(bureau, declined), await _bring(bureau, declined)] == ["invitation"] * 3
    said = await bureau.said("invitation.answered")
    assert [(one.person_id, one.answer, one.version) for one in said] == [
        (bureau.world.candidate, "accepted", 1), (bureau.world.interviewer, "declined", 1)]
    assert said[0].hire_id == bureau.world.hire and await bureau.mails(bureau.mail_of("chen")) == []
    counter = _answer(bureau, "lin", "NEEDS-ACTION", method="COUNTER", times="DTSTART:20260911T060000Z\r\nDTEND:20260911T070000Z")
    assert await _bring(bureau, counter) == "invitation"
    last = (await bureau.said("invitation.answered"))[-1]
    assert (last.answer, last.starts_at, last.ends_at) == ("counter", AT.replace(day=11), AT.replace(day=11, hour=7))
    (mail,) = await bureau.mails(bureau.mail_of("lin"))
    assert "提议" in mail["subject"]


async def test_maybe_or_an_older_time_is_asked_back_twice_and_then_left_to_a_person(bureau: Bureau) -> None:
    await _invited(bureau)
    await _invited(bureau, 2, AT.replace(day=11))
    became = [await _bring(bureau, _answer(bureau, "chen", stat, sequence=n)) for stat, n in (("ACCEPTED", 1), ("TENTATIVE", 2), ("TENTATIVE", 2))]
    assert became == ["asked_back", "asked_back", "for_a_person"]
    mails = await bureau.mails(bureau.mail_of("chen"))
    assert len(mails) == 2 and all("还差一步" in mail["subject"] for mail in mails) and await bureau.said("invitation.answered") == []


async def test_nobody_answers_for_another_nor_to_what_is_over(bureau: Bureau) -> None:
    assert await _bring(bureau, _answer(bureau, "chen", "DECLINED")) == "unknown", "no such appointment"
    await _invited(bureau)
    assert await _bring(bureau, _answer(bureau, "chen", "DECLINED", sender="someone@else.example")) == "stranger"
    assert await _bring(bureau, _answer(bureau, "he", "DECLINED")) == "stranger", "not in this interview"
    forged = b"Authentication-Results: mx.example; dkim=fail\r\n" + _answer(bureau, "chen", "DECLINED")
    assert await _bring(bureau, forged) == "forged"
    await bureau.clock("2026-09-10T18:00:00")
    assert await _bring(bureau, _answer(bureau, "chen", "DECLINED")) == "for_a_person"
    assert await bureau.said("invitation.answered") == [] and await bureau.mails(bureau.mail_of("chen")) == []


async def test_the_timetable_of_a_requisition_shows_who_has_answered_and_the_brief_what_was_said(bureau: Bureau) -> None:
    await _invited(bureau)
    await bureau.tell(bureau.ask("review_application", bureau.world.recruiter, "recruiter", due_at=datetime(2026, 9, 7, 1, tzinfo=UTC)))
    await bureau.sender.turn()
    home = next(link for link in (await bureau.mails(bureau.mail_of("zhou")))[-1]["links"] if "/home/" in link).removeprefix("http://pages.test")
    page, _ = await bureau.open(f"{home}/timetable")
    assert "还没都回复" in page.text and "14:00" in page.text and "林悦" in page.text and "陈维" in page.text
    await _bring(bureau, _answer(bureau, "chen", "DECLINED"))
    page, answer = await bureau.open(f"{home}/timetable?r=R-118")
    assert "有人拒绝" in page.text and "R-118" in page.heading and len(answer.content) < 60_000
    assert "14:00" not in (await bureau.open(f"{home}/timetable?r=R-999"))[0].text
    brief, _ = await bureau.open(f"{home}/brief")
    assert "卡住的（现在，1）" in brief.text and "发出的" in brief.text and "一周回顾" in (await bureau.open(f"{home}/brief?days=7"))[0].heading
    await bureau.clock("2026-09-10T08:00:00")
    board, _ = await bureau.open(home)
    assert "面试时间表" in board.text and "用微信转发" not in board.text
    refused = await bureau.http.get(home.replace("/home/", "/me/") + "/timetable")
    assert refused.status_code == 404


def test_the_workflows_take_it_as_a_fact_of_codes_and_instants() -> None:
    from shared.contracts.envelope import Envelope
    from shared.contracts.notification import InvitationAnswered

    body = InvitationAnswered(interview_id=INTERVIEW, version=1, hire_id=uuid4(), person_id=uuid4(), answer="declined", at=AT)
    fact = fact_of(body, Envelope(id="1", source="baton/notification", type=body.TYPE, data=b"", time=AT))
    assert fact.type == "invitation.answered" and set(fact.data) == {"interview_id", "version", "person_id", "answer"}
