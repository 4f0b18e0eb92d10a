"""Saying things once, when they are true, in decent hours; killed anywhere, nothing is said twice and nothing is missing."""

from __future__ import annotations

import email
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.policy import default
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar

from services.notification.channels.base import FOR_EVER, Outcome, Outgoing, Result
from services.notification.channels.mail import Mail
from services.notification.channels.webhook import Webhook
from services.notification.sending.sender import Sender
from services.notification.sending.valve import valve_of
from shared.contracts.hire import StageEntered
from shared.contracts.notification import HireInGuard, InterviewIsGuard, MessageSpec, Tell
from shared.contracts.offer import OfferDrafted
from shared.contracts.party import PartyRef, PersonErased
from shared.contracts.scheduling import InterviewMoved, InterviewScheduled
from tests.support.notices import Bureau

pytestmark = pytest.mark.xdist_group("engines")
DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


def told(bureau: Bureau, template: str, person: UUID, role: str = "candidate", **more: object) -> Tell:
    """A tell as workflows write it."""
    message = MessageSpec(
        message_id=uuid4(),
        party=PartyRef(person_id=person, role=role),
        purpose=str(more.pop("purpose", template)),  # type: ignore[arg-type]
        occasion=str(more.pop("occasion", f"{uuid4()}/1")),
        template=template,
        hire_id=bureau.world.hire,
        **more,
    )  # type: ignore[arg-type]
    return Tell(message_id=message.message_id, hire_id=bureau.world.hire, message=message)


class Killed(Exception):
    """The process dies here."""


class Mortal:
    """Mail whose process may die before or after the hand-over, or whose line may break after it."""

    name = window = "mail"
    key_life, per_second, at_once = FOR_EVER, 1000.0, 1

    def __init__(self, inner: Mail, dice: random.Random) -> None:
        self._inner, self._dice = inner, dice

    async def send(self, outgoing: Outgoing) -> Result:
        """Die with a chance of a third at each of the two places."""
        if self._dice.random() < 0.33:
            raise Killed
        result = await self._inner.send(outgoing)
        throw = self._dice.random()
        if throw < 0.2:
            raise Killed
        return Result(Outcome.UNKNOWN) if throw < 0.33 else result

    async def close(self) -> None:
        """Hang up."""
        await self._inner.close()


async def test_killed_at_every_await_each_occasion_has_one_message_id(bureau: Bureau) -> None:
    people = [bureau.world.candidate, bureau.world.recruiter, bureau.world.manager]
    tells = [told(bureau, "status", people[n % 3], owed=True) for n in range(25)]
    await bureau.tell(*tells)
    dice, deaths = random.Random(7), 0
    for _ in range(400):
        sender = Sender(
            bureau.db,
            bureau.desk,
            {"mail": Mortal(Mail(bureau.settings), dice)},
            valve_of("sink", held=True, smtp=bureau.settings.smtp),
        )
        try:
            while await sender.send_one():
                continue
        except Killed:
            deaths += 1
        async with bureau.db.unit() as uow:
            if await uow.value("select count(*) from messages where state <> 'sent'") == 0:
                break
    assert deaths > 5
    wanted = {f"<{one.message_id}@{bureau.desk.mail_domain}>" for one in tells}
    got: dict[str, set[bytes]] = {}
    for who in ("lin", "zhou", "he"):
        for mail in await bureau.mails(bureau.mail_of(who)):
            raw = await bureau.raw(mail["n"])
            got.setdefault(email.message_from_bytes(raw, policy=default)["Message-ID"], set()).add(raw.split(b"Message-ID", 1)[1])
    assert set(got) == wanted and all(len(copies) == 1 for copies in got.values())
    assert Counter(type(one).__name__ for one in await bureau.said()) == {"MessageSentV1": 25}
    async with bureau.db.unit() as uow:
        assert await uow.value("select count(*) from attempts where body is not null") == 0


async def test_an_untrue_guard_suppresses_with_its_name_and_waiting_ones_block_nobody(bureau: Bureau) -> None:
    w = bureau.world
    early = told(bureau, "passed", w.candidate, guards=[HireInGuard(hire_id=w.hire, stages=["deciding"])])
    gone = told(bureau, "guide", w.candidate, guards=[HireInGuard(hire_id=w.hire, stages=["screening"])])
    plain = told(bureau, "status", w.recruiter, role="recruiter")
    at = datetime(2026, 9, 7, 2, tzinfo=UTC)
    stage = StageEntered(
        hire_id=w.hire,
        requisition_id=w.requisition,
        client_id=w.client,
        person_id=w.candidate,
        at=at,
        stage="interviewing",
        policy_version="x",
    )
    await bureau.tell(stage, early, gone, plain)
    await bureau.sender.turn()
    (suppressed,) = await bureau.said("message.suppressed")
    assert suppressed.message_id == gone.message_id and suppressed.reason == "hire_in"
    assert [one.message_id for one in await bureau.said("message.sent")] == [plain.message_id]
    await bureau.tell(stage.model_copy(update={"stage": "deciding"}))
    await bureau.sender.turn()
    assert early.message_id in [one.message_id for one in await bureau.said("message.sent")]


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


async def test_the_same_occasion_is_said_once(bureau: Bureau) -> None:
    occasion = f"{uuid4()}/1"
    first, again = (told(bureau, "status", bureau.world.candidate, occasion=occasion) for _ in range(2))
    await bureau.tell(first, again)
    await bureau.sender.turn()
    assert len(await bureau.mails(bureau.mail_of("lin"))) == 1
    (suppressed,) = await bureau.said("message.suppressed")
    assert suppressed.message_id == again.message_id and suppressed.reason == "said_already"


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


async def test_an_erased_person_hears_nothing_more(bureau: Bureau) -> None:
    await bureau.tell(
        told(bureau, "status", bureau.world.candidate), PersonErased(person_id=bureau.world.candidate, erased_at=DUE)
    )
    await bureau.sender.turn()
    (suppressed,) = await bureau.said("message.suppressed")
    assert suppressed.reason == "not_erased" and await bureau.mails(bureau.mail_of("lin")) == []


async def test_without_an_address_the_next_channel_is_used_or_the_message_fails(bureau: Bureau) -> None:
    silent = uuid4()
    await bureau.tell(await bureau.person(silent, "无名", "", "candidate"), told(bureau, "status", silent))
    await bureau.sender.turn()
    (failed,) = await bureau.said("message.failed")
    assert failed.reason == "no_address"
    hooks = Webhook(
        f"http://{bureau.env['BATON_SINK_HTTP'].removeprefix('http://')}/hooks", "whsec_" + "aGVsbG9oZWxsb2hlbGxvaGVsbG8="
    )
    bureau.equip(webhook=hooks)
    await bureau.tell(told(bureau, "status", silent))
    await bureau.sender.turn()
    (sent,) = await bureau.said("message.sent")
    assert sent.channel == "webhook"
