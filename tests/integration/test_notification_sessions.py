"""A group interview as its people see it: one calendar entry for the panel, nobody's name in another's mail, verdicts of all on one page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID, uuid4

from deploy.demo.browser import hidden_values
from services.notification.store import timetable
from services.notification.usecases.replying import replied
from shared.contracts.ask import CloseAsk
from shared.contracts.notification import MessageSpec, Tell
from shared.contracts.party import PartyRef
from shared.contracts.scheduling import InterviewCancelled, InterviewScheduled, SlotsOffered
from shared.contracts.scheduling import Slot as WireSlot
from shared.contracts.sessions import Session
from tests.support.notices import Bureau

AT = datetime(2026, 9, 12, 1, 30, tzinfo=UTC)
SESSION = UUID("6df902b3-fac2-5103-9e21-92cd792ab577")
DUE = datetime(2026, 9, 11, 6, tzinfo=UTC)


class Seated:
    """Two candidates with a chair each in one session."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau, w = bureau, bureau.world
        self.hires = {w.hire: w.candidate, uuid4(): uuid4()}
        self.interviews = {hire: uuid4() for hire in self.hires}
        self.second = list(self.hires)[1]

    async def sit(self) -> None:
        bureau, person = self.bureau, self.hires[self.second]
        await bureau.tell(await bureau.person(person, "苏航", f"su.{bureau.world.hire.hex[:8]}@mail.example", "candidate", latin="Su Hang"))
        await bureau.tell(bureau.application(self.second, person), *(bureau.disclosed(hire, who) for hire, who in self.hires.items()))
        await bureau.tell(*(InterviewScheduled(**self.body(hire)) for hire in self.hires))

    def body(self, hire: UUID, sequence: int = 1, **session: Any) -> dict[str, Any]:
        w = self.bureau.world
        return {
            "interview_id": self.interviews[hire], "version": sequence, "hire_id": hire, "requisition_id": w.requisition, "candidate_id": self.hires[hire],
            "round": 1, "starts_at": AT, "ends_at": AT + timedelta(minutes=90), "wall_start": "2026-09-12T09:30", "zone": "Asia/Shanghai",
            "panel": [w.interviewer], "at": AT, "session": Session(**{"session_id": SESSION, "version": 1, "capacity": 6, **session})}

    async def invite(self) -> None:
        """As workflows tell it: each hire its candidate, and each hire the same to the panel."""
        w, orders = self.bureau.world, []
        to_panel = uuid4()
        for hire, candidate in self.hires.items():
            orders += [
                self._tell(hire, candidate, "invitation", ("candidate", uuid4(), self.interviews[hire])),
                self._tell(hire, w.interviewer, "session_panel", ("interviewer", to_panel, SESSION))]
        await self.bureau.tell(*orders)
        for _ in range(3):
            await self.bureau.sender.turn()

    def _tell(self, hire: UUID, person: UUID, template: str, to: tuple[str, UUID, UUID]) -> Tell:
        role, message_id, interview = to
        guard = {"guard": "interview_is", "interview_id": str(interview), "version": 1}
        spec = MessageSpec(
            message_id=message_id, party=PartyRef(person_id=person, role=role), purpose="invitation", occasion=f"{interview}/1",  # type: ignore[arg-type]
            template=template, guards=[guard], hire_id=hire, refs=[{"kind": "interview", "id": str(interview), "version": 1}])  # type: ignore[list-item]
        return Tell(message_id=message_id, hire_id=hire, message=spec)

    async def mails(self, who: str) -> list[tuple[dict[str, Any], str]]:
        """Each mail with its calendar entry."""
        found = []
        for mail in await self.bureau.mails(self.bureau.mail_of(who) if who != "su" else f"su.{self.bureau.world.hire.hex[:8]}@mail.example"):
            parts = message_from_bytes(await self.bureau.raw(mail["n"]), policy=default).walk()
            found.append((mail, next(part.get_payload(decode=True).decode().replace("\r\n ", "") for part in parts if part.get_content_type() == "text/calendar")))
        return found


async def test_the_panel_has_one_entry_for_all_and_no_candidate_sees_another(bureau: Bureau) -> None:
    seated = Seated(bureau)
    await seated.sit()
    await seated.invite()
    ((panel, entry),) = await seated.mails("chen")
    assert f"UID:{SESSION}@" in entry and "SEQUENCE:1" in entry and "群面" in panel["subject"]
    assert not any(name in panel["subject"] + panel["text"] for name in ("林悦", "苏航"))
    for who, name, other in (("lin", "林悦", "苏航"), ("su", "苏航", "林悦")):
        ((mail, own),) = await seated.mails(who)
        hire = next(hire for hire in seated.hires if (hire == bureau.world.hire) == (who == "lin"))
        assert f"UID:{seated.interviews[hire]}@" in own and str(SESSION) not in own
        assert name in mail["text"] or who in mail["to"][0]
        assert other not in mail["subject"] + mail["text"] and ("su." if who == "lin" else "lin.") not in own
    async with bureau.db.unit() as uow:
        rows = await timetable.of_person(uow, bureau.world.interviewer, AT - timedelta(days=1), AT + timedelta(days=1))
        mine = await timetable.of_person(uow, bureau.world.candidate, AT - timedelta(days=1), AT + timedelta(days=1))
    assert [(row.interview_id, row.cancelled) for row in rows] == [(SESSION, False)]
    assert [row.interview_id for row in mine] == [seated.interviews[bureau.world.hire]]
    await bureau.tell(*(InterviewCancelled(**seated.body(hire, 2, version=2, stands=False)) for hire in seated.hires))
    async with bureau.db.unit() as uow:
        rows = await timetable.of_person(uow, bureau.world.interviewer, AT - timedelta(days=1), AT + timedelta(days=1))
    assert [(row.interview_id, row.cancelled, row.version) for row in rows] == [(SESSION, True, 2)]


async def test_a_no_of_the_panel_reaches_one_of_the_hires_that_have_a_chair(bureau: Bureau) -> None:
    seated = Seated(bureau)
    await seated.sit()
    calendar = "\r\n".join([
        "BEGIN:VCALENDAR", "PRODID:-//Client//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{SESSION}@{bureau.desk.mail_domain}",
        "SEQUENCE:1", "DTSTAMP:20260907T080000Z", f"ATTENDEE;PARTSTAT=DECLINED:mailto:{bureau.mail_of('chen')}", "END:VEVENT", "END:VCALENDAR", ""])
    raw = "\r\n".join([
        f"From: X <{bureau.mail_of('chen')}>", f"Message-ID: <{uuid4()}@mail.example>", "Subject: no", "MIME-Version: 1.0",
        "Content-Type: text/calendar; charset=utf-8; method=REPLY", "", calendar]).encode()
    async with bureau.db.unit() as uow:
        assert await replied(uow, bureau.desk, raw) == "invitation"
    (said,) = await bureau.said("invitation.answered")
    assert (said.interview_id, said.answer, said.person_id) == (SESSION, "declined", bureau.world.interviewer) and said.hire_id in seated.hires
    await bureau.tell(*(InterviewCancelled(**seated.body(hire, 2)) for hire in seated.hires))
    async with bureau.db.unit() as uow:
        assert await replied(uow, bureau.desk, raw.replace(b"SEQUENCE:1", b"SEQUENCE:2")) == "for_a_person", "nobody sits there any more"


async def test_verdicts_of_all_who_were_there_are_given_on_one_page(bureau: Bureau) -> None:
    seated = Seated(bureau)
    await seated.sit()
    asks = [bureau.ask("session_verdict", bureau.world.manager, "hiring_manager", due_at=DUE, hire_id=hire) for hire in seated.hires]
    await bureau.tell(*asks)
    await bureau.sender.turn()
    path = await bureau.link_for("he")
    page, _ = await bureau.open(path)
    assert "林悦" in page.text and "苏航" in page.text and {f"{ask.ask_id}.decision" for ask in asks} <= page.controls.keys()
    answers = {f"{asks[0].ask_id}.decision": "pass", f"{asks[1].ask_id}.decision": "fail"}
    await bureau.post(path, {**hidden_values(page), **answers, "do": "go"})
    said = await bureau.said("ask.answered")
    assert {one.hire_id: one.answer.clear["decision"] for one in said} == dict(zip(seated.hires, ("pass", "fail"), strict=True))


async def test_who_answers_after_the_deadline_is_told_what_became_of_the_session_and_that_they_are_welcome(bureau: Bureau) -> None:
    w, interview = bureau.world, uuid4()
    slot = WireSlot(slot_id=SESSION, starts_at=AT, ends_at=AT + timedelta(minutes=90), panel=[w.interviewer])
    await bureau.tell(SlotsOffered(
        interview_id=interview, hire_id=w.hire, round=1, minutes=90, mode="video", slots=[slot], held_until=AT, chairs=6))
    ask = bureau.ask("choose_slot", w.candidate, "candidate", due_at=DUE, refs=[("interview", interview, 1)],
                     params={"interview_id": str(interview), "chairs": 6, "slots": []})
    await bureau.tell(ask)
    await bureau.sender.turn()
    path = await bureau.link_for("lin")
    page, _ = await bureau.open(path)
    assert "一场 6 席" in page.text
    await bureau.tell(CloseAsk(ask_id=ask.ask_id, hire_id=w.hire, how="lapsed"))
    await bureau.clock("2026-09-12T11:18:00")
    told, answer = await bureau.post(path, {**hidden_values(page), "slot": str(SESSION), "do": "go"})
    assert answer.status_code == 200 and "仍然欢迎你" in told.text and "也已经结束" in told.text and "周敏" in told.text
    (late,) = await bureau.said("ask.answered_late")
    assert late.closed_how == "lapsed" and not await bureau.said("ask.answered")


async def test_who_answers_second_is_told_whose_answer_stands_and_that_is_a_fact_once(bureau: Bureau) -> None:
    w = bureau.world
    await bureau.tell(bureau.disclosed(w.hire, w.candidate))
    ask = bureau.ask("client_verdict", w.manager, "hiring_manager", group=[w.second], due_at=DUE)
    await bureau.tell(ask)
    for _ in range(2):
        await bureau.sender.turn()
    first, second = await bureau.link_for("he"), await bureau.link_for("zhang")
    left_open, _ = await bureau.open(second)
    page, _ = await bureau.open(first)
    await bureau.post(first, {**hidden_values(page), f"{ask.ask_id}.decision": "wanted", "do": "go"})
    assert await bureau.said("ask.answered_second") == []
    for again in (left_open, (await bureau.open(second))[0]):
        told, _ = await bureau.post(second, {**hidden_values(again), f"{ask.ask_id}.decision": "refused", "do": "go"})
        assert "何立" in told.text
    (fact,) = await bureau.said("ask.answered_second")
    assert (fact.by, fact.first_by, fact.ask_id, fact.hire_id) == (w.second, w.manager, ask.ask_id, w.hire)
    assert [one.answer.clear["decision"] for one in await bureau.said("ask.answered")] == ["wanted"]
