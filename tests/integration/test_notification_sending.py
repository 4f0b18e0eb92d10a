"""Saying things once and when they are true; killed anywhere, nothing is said twice and nothing is missing."""

from __future__ import annotations

import email
import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from email.policy import default
from uuid import uuid4

from services.notification.channels.base import FOR_EVER, Outcome, Outgoing, Result
from services.notification.channels.mail import Mail
from services.notification.channels.webhook import Webhook
from services.notification.sending.sender import Sender
from services.notification.sending.valve import valve_of
from shared.contracts.hire import StageEntered
from shared.contracts.notification import HireInGuard
from shared.contracts.party import PersonErased
from tests.support.notices import Bureau
from tests.support.tells import told

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


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


async def test_killed_while_one_batch_leaves_and_the_next_is_prepared_each_occasion_is_said_once(bureau: Bureau) -> None:
    readers = [uuid4() for _ in range(40)]
    await bureau.tell(*[await bureau.person(one, "林悦", f"batch{n}.{one.hex[:6]}@mail.example", "candidate") for n, one in enumerate(readers)])
    tells = [told(bureau, "status", readers[n % 40], owed=True) for n in range(80)]
    await bureau.tell(*tells)
    visits, waiting = Counter[str](), 80

    async def fate(place: str) -> None:
        visits[place] += 1
        if visits[place] % (17 if place == "before" else 3) == 1:
            raise Killed

    for _ in range(400):
        sender = Sender(bureau.db, bureau.desk, {"mail": Mail(bureau.settings)}, valve_of("sink", held=True, smtp=bureau.settings.smtp), fault=fate)
        with suppress(Killed):
            await sender.turn()
        async with bureau.db.unit() as uow:
            waiting = await uow.value("select count(*) from messages where state <> 'sent'")
        if not waiting:
            break
    assert not waiting and set(visits) == {"taking", "prepared", "before", "handed_over", "concluding"}, "died at each of them, at the first visit already"
    got: dict[str, set[bytes]] = {}
    for n, one in enumerate(readers):
        for mail in await bureau.mails(f"batch{n}.{one.hex[:6]}@mail.example"):
            raw = await bureau.raw(mail["n"])
            got.setdefault(email.message_from_bytes(raw, policy=default)["Message-ID"], set()).add(raw.split(b"Message-ID", 1)[1])
    assert set(got) == {f"<{tell.message_id}@{bureau.desk.mail_domain}>" for tell in tells} and all(len(copies) == 1 for copies in got.values())
    assert Counter(type(one).__name__ for one in await bureau.said()) == {"MessageSentV1": 80}


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


async def test_the_same_occasion_is_said_once(bureau: Bureau) -> None:
    occasion = f"{uuid4()}/1"
    first, again = (told(bureau, "status", bureau.world.candidate, occasion=occasion) for _ in range(2))
    await bureau.tell(first, again)
    await bureau.sender.turn()
    assert len(await bureau.mails(bureau.mail_of("lin"))) == 1
    (suppressed,) = await bureau.said("message.suppressed")
    assert suppressed.message_id == again.message_id and suppressed.reason == "said_already"


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
