"""When something is said: in decent hours, within budgets, delivered after its grace, an invitation with its appointment."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email.policy import default
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar

from shared.contracts.notification import InterviewIsGuard
from shared.contracts.offer import OfferDrafted
from shared.contracts.scheduling import InterviewMoved, InterviewScheduled
from tests.support.notices import Bureau
from tests.support.tells import told

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


async def test_delivered_comes_after_the_grace_with_the_time_of_acceptance_and_an_offer_is_sent(bureau: Bureau) -> None:
    w, offer = bureau.world, uuid4()
    drafted = OfferDrafted(
        offer_id=offer,
        hire_id=w.hire,
        version=1,
        by="us",
        start_at=datetime(2026, 11, 16, 1, tzinfo=UTC),
        at=DUE,
        terms=bureau.vault.seal(
            w.candidate,
            "terms",
            {"base_salary": 38000, "months": 14, "currency": "CNY", "location": "上海临港"},
            (await _key(bureau, w.candidate)),
        ),
    )
    ask = bureau.ask(
        "offer_answer", w.candidate, "candidate", refs=[("offer", offer, 1)], due_at=datetime(2026, 9, 14, 12, tzinfo=UTC)
    )
    await bureau.tell(drafted, ask)
    await bureau.sender.turn()
    page, _ = await bureau.open(await bureau.link_for("lin"))
    assert "¥38,000 × 14" in page.text and "上海临港" in page.text
    assert await bureau.said("message.delivered") == []
    accepted = await bureau.clock("2026-09-07T10:00:00")
    await bureau.clock("2026-09-07T10:10:00")
    await bureau.sender.turn()
    (delivered,) = await bureau.said("message.delivered")
    (sent,) = await bureau.said("offer.sent")
    assert delivered.at == accepted and sent.offer_id == offer and sent.sent_at == accepted


async def _key(bureau: Bureau, person: UUID):  # noqa: ANN202
    async with bureau.intake.unit() as uow:
        return (await bureau.vault.keys(uow, [person]))[person]


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-09-07T22:00:00", "2026-09-08T08:30:00"),
        ("2026-10-01T09:00:00", "2026-10-08T08:30:00"),
        ("2026-09-12T10:00:00", "2026-09-14T08:30:00"),
    ],
)
async def test_messages_to_china_wait_for_the_window(bureau: Bureau, now: str, leaves: str) -> None:
    await bureau.clock(now)
    await bureau.tell(told(bureau, "status", bureau.world.candidate))
    assert await bureau.sender.turn() == 0
    async with bureau.db.unit() as uow:
        assert await uow.value("select send_at from messages") == datetime.fromisoformat(f"{leaves}+08:00")
    await bureau.clock(leaves)
    assert await bureau.sender.turn() == 1


async def test_bad_news_does_not_leave_on_a_friday_evening(bureau: Bureau) -> None:
    await bureau.clock("2026-09-11T17:30:00")
    await bureau.tell(told(bureau, "rejection", bureau.world.candidate, purpose="result"))
    async with bureau.db.unit() as uow:
        assert await uow.value("select send_at from messages") == datetime.fromisoformat("2026-09-14T08:30:00+08:00")


async def test_a_second_message_of_the_machine_s_own_accord_waits_for_tomorrow(bureau: Bureau) -> None:
    first = bureau.ask("interest", bureau.world.candidate, "candidate", owed=False)
    second = bureau.ask("represent_consent", bureau.world.candidate, "candidate", owed=False)
    await bureau.tell(first, second, told(bureau, "status", bureau.world.candidate))
    await bureau.sender.turn()
    left = [one["counted"] for one in await _rows(bureau) if one["state"] == "sent"]
    assert sorted(left) == [False, True]
    await bureau.clock("2026-09-08T08:30:00")
    await bureau.sender.turn()
    assert len([one for one in await _rows(bureau) if one["state"] in ("sent", "delivered")]) == 3


async def _rows(bureau: Bureau) -> list[dict]:
    async with bureau.db.unit() as uow:
        return [dict(row) for row in await uow.rows("select * from messages order by created_at, id")]


async def test_questions_of_one_kind_to_one_person_share_a_mail_and_a_page(bureau: Bureau) -> None:
    w, other, hire = bureau.world, uuid4(), uuid4()
    await bureau.tell(await bureau.person(other, "顾思齐", "gu@mail.example", "candidate"), bureau.application(hire, other))
    asks = [
        bureau.ask("client_verdict", w.manager, "hiring_manager", due_at=DUE, owed=False),
        bureau.ask("client_verdict", w.manager, "hiring_manager", due_at=DUE, hire_id=hire, owed=False),
    ]
    await bureau.tell(bureau.disclosed(w.hire, w.candidate), bureau.disclosed(hire, other), *asks)
    assert await bureau.sender.turn() == 0
    await bureau.clock("2026-09-08T09:30:00")
    await bureau.sender.turn()
    (mail,) = await bureau.mails(bureau.mail_of("he"))
    page, _ = await bureau.open(await bureau.link_for("he"))
    assert {f"{one.ask_id}.decision" for one in asks} <= set(page.controls) and "林悦" in page.text and "顾思齐" in page.text
    assert len(await bureau.said("message.sent")) == 2 and "R-118" in mail["subject"]


async def test_what_is_heard_on_the_phone_answers_the_question_and_leaves_a_receipt(bureau: Bureau) -> None:
    w = bureau.world
    ask = bureau.ask("interest", w.candidate, "candidate", due_at=DUE)
    call = bureau.ask(
        "call",
        w.recruiter,
        "recruiter",
        due_at=DUE,
        params={"serves_ask": str(ask.ask_id), "serves_kind": "interest", "about": "silent_interest"},
    )
    await bureau.tell(ask, call)
    await bureau.sender.turn()
    path = await bureau.link_for("zhou")
    page, _ = await bureau.open(path)
    assert "serves.decision" in page.controls and "给林悦打个电话" in page.heading
    from deploy.demo.browser import hidden_values

    await bureau.post(path.partition("?")[0], {**hidden_values(page), "reached": "yes", "serves.decision": "yes", "do": "go"})
    served, called = await bureau.said("ask.answered")
    assert (served.ask_id, served.answer.via, served.answer.on_behalf_of) == (ask.ask_id, "phone", w.candidate)
    assert called.ask_id == call.ask_id and called.answer.clear == {"done": "yes", "reached": "yes"}
    await bureau.sender.turn()
    assert "已替你记下" in (await bureau.mails(bureau.mail_of("lin")))[-1]["subject"]


def interview(bureau: Bureau, version: int, start: datetime, cls: type = InterviewScheduled, **more: object):  # noqa: ANN201
    """The appointment as scheduling tells it."""
    w = bureau.world
    return cls(
        interview_id=UUID(int=w.hire.int >> 1),
        version=version,
        hire_id=w.hire,
        requisition_id=w.requisition,
        candidate_id=w.candidate,
        round=1,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        wall_start=start.isoformat(),
        zone="Asia/Shanghai",
        panel=[w.interviewer],
        at=start,
        **more,
    )


async def test_an_invitation_waits_for_its_appointment_and_a_move_follows_it(bureau: Bureau) -> None:
    w, start = bureau.world, datetime(2026, 9, 10, 6, tzinfo=UTC)
    fact = interview(bureau, 1, start)
    tell = told(bureau, "invitation", w.candidate, guards=[InterviewIsGuard(interview_id=fact.interview_id, version=1)])
    await bureau.tell(tell)
    assert await bureau.sender.turn() == 0
    await bureau.tell(fact)
    await bureau.sender.turn()
    later = interview(bureau, 2, start + timedelta(days=1), InterviewMoved, old_starts_at=start)
    await bureau.tell(
        later, told(bureau, "moved", w.candidate, guards=[InterviewIsGuard(interview_id=fact.interview_id, version=2)])
    )
    await bureau.sender.turn()
    entries = []
    for mail in await bureau.mails(bureau.mail_of("lin")):
        message = email.message_from_bytes(await bureau.raw(mail["n"]), policy=default)
        part = next(one for one in message.walk() if one.get_content_type() == "text/calendar")
        assert part.get_param("method") == "REQUEST"
        entries.append(Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0])
    assert len({str(one["UID"]) for one in entries}) == 1 and [int(one["SEQUENCE"]) for one in entries] == [1, 2]
    assert "海港" not in str(entries[0]["SUMMARY"])
