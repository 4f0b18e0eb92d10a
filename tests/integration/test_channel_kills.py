"""Killed at every await, with vendors that lose their answers: nobody gets a message twice, none is missing without a reason (agreements.md 9)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from services.notification.sending.sender import Sender
from services.notification.sending.valve import valve_of
from tests.support.channels import REACH, Branch

KEYED = ("dingtalk", "wecom", "feishu")
SOAK = [pytest.param(12), pytest.param(500, marks=pytest.mark.soak)]


@pytest.fixture
async def branch(house: dict[str, str], tmp_path: Path) -> AsyncIterator[Branch]:
    """A clean notification service on Monday 7 September 2026, 10:00 in Shanghai, with every vendor in reach."""
    made = Branch(house, tmp_path)
    await made.empty()
    await made.clock("2026-09-07T10:00:00")
    await made.settle()
    yield made
    await made.close()


class Killed(BaseException):
    """The process dies here. No Exception, so that nothing on the way can catch it."""


class Fate:
    """Kills at a chosen share of the awaits between two effects."""

    def __init__(self, seed: int, share: float) -> None:
        self._dice, self._share = random.Random(seed), share
        self.places: Counter[str] = Counter()

    async def __call__(self, place: str) -> None:
        """One await."""
        if self._dice.random() < self._share:
            self.places[place] += 1
            raise Killed

    def chance(self, share: float) -> bool:
        """Something else goes wrong."""
        return self._dice.random() < share


async def crash_through(branch: Branch, vendors: tuple[str, ...], deaths: int) -> Fate:
    """Send everything with a sender that keeps dying until it has died so often and nothing is left."""
    fate = Fate(11, 0.3)
    for _ in range(deaths * 40):
        if fate.chance(0.3):
            branch.street.house.faults.on[vendors[0]].clear()
            await branch.street.rest(f"/api/vendors/{vendors[0]}/faults", {"kind": "lost" if fate.chance(0.5) else "lost_before"})
        valve = valve_of("sink", held=True, smtp=branch.settings.smtp)
        sender = Sender(branch.db, branch.desk, branch.channels, valve, fault=fate)
        try:
            await sender.turn()
        except Killed:
            continue
        async with branch.db.unit() as uow:
            if not await uow.value("select count(*) from messages where state in ('queued', 'sending')"):
                break
    return fate


@pytest.mark.parametrize("times", SOAK)
@pytest.mark.parametrize("vendor", [*REACH, "aliyun", "twilio"])
async def test_each_occasion_is_said_once_or_has_its_reason(branch: Branch, vendor: str, times: int) -> None:
    branch.open_for(vendor)
    people = [await branch.by_vendor(vendor) for _ in range(5)]
    tells = [branch.told(people[n % 5], owed=True) for n in range(times)]
    await branch.tell(*tells)
    fate = await crash_through(branch, (vendor,), times)
    assert sum(fate.places.values()) >= min(times, 20) and len(fate.places) >= 3, fate.places
    rows = {row["id"]: row for row in await branch.rows()}
    assert {row["state"] for row in rows.values()} <= {"sent", "failed"}
    seen = Counter(note.key for note in branch.notes)
    assert max(seen.values(), default=0) <= 1, "nobody gets the same message twice"
    for tell in tells:
        row = rows[tell.message_id]
        if row["state"] == "sent":
            assert seen[str(tell.message_id)] == 1 or row["channel"] == "mail"
        else:
            assert row["reason"] == "unknown" and vendor not in KEYED, "a channel with a key is asked again until it answers"
    kinds = Counter(type(one).__name__ for one in await branch.said())
    assert kinds["MessageSentV1"] + kinds["MessageFailedV1"] == times
    if vendor == "slack":
        assert all(rows[UUID(key)]["state"] == "sent" for key in seen), "what arrived is found"
    async with branch.db.unit() as uow:
        assert await uow.value("select count(*) from attempts where body is not null") == 0


async def test_an_unknown_text_goes_on_by_the_next_channel_and_is_never_texted_twice(branch: Branch) -> None:
    branch.open_for("aliyun")
    person = await branch.by_vendor("aliyun", mail=f"gu.{branch.world.hire.hex[:6]}@mail.example")
    await branch.street.rest("/api/vendors/aliyun/faults", {"kind": "lost"})
    await branch.tell(branch.told(person))
    await branch.sender.turn()
    assert len(branch.notes) == 1 and len(await branch.mails(f"gu.{branch.world.hire.hex[:6]}@mail.example")) == 1
    (row,) = await branch.rows()
    assert (row["channel"], row["state"], row["reason"]) == ("mail", "sent", "unknown")


async def test_a_vendor_that_stands_still_holds_up_nobody_else(branch: Branch) -> None:
    branch.open_for("feishu", "slack")
    stuck = [await branch.by_vendor("feishu") for _ in range(3)]
    fine = [await branch.by_vendor("slack") for _ in range(3)]
    await branch.street.rest("/api/vendors/feishu/faults", {"kind": "lost_before", "times": 1000})
    await branch.tell(*(branch.told(one) for one in stuck + fine), branch.told(branch.world.candidate))
    await branch.sender.turn()
    assert Counter(note.vendor for note in branch.notes) == {"slack": 3}
    assert len(await branch.mails(branch.mail_of("lin"))) == 1
    waiting = [row for row in await branch.rows() if row["state"] == "sending"]
    assert len(waiting) == 3 and {row["channel"] for row in waiting} == {"feishu"}
    await branch.street.rest("/api/vendors/feishu/faults", {"kind": "none"})
    await branch.sender.turn()
    assert Counter(note.vendor for note in branch.notes) == {"slack": 3, "feishu": 3}


async def test_what_is_owed_soonest_leaves_first_and_never_faster_than_the_vendor_allows(branch: Branch) -> None:
    from datetime import UTC, datetime, timedelta

    branch.open_for("dingtalk")
    people = [await branch.somebody(reach={"dingtalk": f"user{n}"}, channels=["dingtalk"]) for n in range(60)]
    start = datetime(2026, 9, 9, 12, tzinfo=UTC)
    asks = [branch.ask("interest", one, "candidate", due_at=start + timedelta(hours=(n * 37) % 60)) for n, one in enumerate(people)]
    await branch.tell(*asks)
    await branch.sender.turn()
    order = [note.key for note in branch.notes]
    due = {str(one.message.message_id): one.spec.due_at for one in asks}
    assert len(order) == 60
    early, late = [due[key] for key in order[:16]], [due[key] for key in order[44:]]
    assert max(early) <= min(late)
    async with branch.db.unit() as uow:
        assert await uow.value("select count(*) from attempts where outcome = 'busy'") <= 4, "the vendor had to say no hardly ever"
