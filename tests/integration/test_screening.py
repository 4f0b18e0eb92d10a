"""Screening on real servers: batches, waiting for a requisition, commands and their refusals, cards closed until the reveal."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.screening.handlers import card_router, command_router, intake_router
from services.screening.store import RuleBook
from shared.contracts.application import ApplicationChanged, Facts
from shared.contracts.ask import Answer, AskAnswered, AskRetracted
from shared.contracts.base import Message
from shared.contracts.catalog import decode
from shared.contracts.envelope import from_attributes
from shared.contracts.scheduling import InterviewScheduled
from shared.contracts.screening import Evaluate, Reveal
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from tests.support.applicants import application, requisition
from tests.support.bus import record_of

AT = datetime(2026, 9, 14, 9, tzinfo=UTC)


@pytest.fixture
async def db(database) -> AsyncIterator[Database]:
    """Screening's own schema through its own role, emptied."""
    database = Database(database["BATON_DATABASE_SCREENING"], schema="screening", clock=Clock("held"), size=3)
    async with database.unit() as uow:
        await uow.run("truncate applications, requisitions, interviews, cards, outbox, inbox, deferred, parked, sequences")
    yield database
    await database.close()


async def said(db: Database) -> list[Message]:
    """What leaves with the outbox, in order."""
    async with db.unit() as uow:
        rows = await uow.rows("select headers, value from outbox order by id")
    return [decode(from_attributes(json.loads(row["headers"]), row["value"])) for row in rows]


async def parked_codes(db: Database) -> list[str]:
    """Codes of the parked records."""
    async with db.unit() as uow:
        return [row["code"] for row in await uow.rows("select code from parked order by parked_at")]


async def test_screen_when_a_batch_comes_then_each_verdict_is_stored_and_published_once(db):
    router, wanted = intake_router(RuleBook()), uuid4()
    applications = [application(wanted, years=years, skills=["plc"]) for years in (1, 5, None)]
    records = [record_of(requisition(wanted)), *(record_of(one, id=uuid4()) for one in applications)]
    await router.process(db, records)
    await router.process(db, records)
    facts = await said(db)
    assert [fact.TYPE for fact in facts] == ["baton.screening.failed", "baton.screening.passed", "baton.screening.uncertain"]
    assert [fact.application_id for fact in facts] == [one.application_id for one in applications]
    assert [fact.score for fact in facts] == [0.5, 1.0, 0.5]
    async with db.unit() as uow:
        assert await uow.value("select count(*) from applications") == 3


async def test_screen_when_requisitions_come_last_then_only_their_applications_wait(db):
    router, late, known = intake_router(RuleBook()), uuid4(), uuid4()
    await router.process(db, [record_of(requisition(known))])
    waiting, ready = [application(late, 2, years=5) for _ in range(3)], [application(known, years=5) for _ in range(3)]
    mixed = [one for pair in zip(waiting, ready, strict=True) for one in pair]
    await router.process(db, [record_of(one) for one in mixed])
    assert [fact.application_id for fact in await said(db)] == [one.application_id for one in ready]
    await router.process(db, [record_of(requisition(late, 1))])
    assert len(await said(db)) == 3
    await router.process(db, [record_of(requisition(late, 2, years=9))])
    facts = await said(db)
    assert {fact.application_id for fact in facts[3:]} == {one.application_id for one in waiting}
    assert {(fact.TYPE, fact.requisition_version) for fact in facts[3:]} == {("baton.screening.failed", 2)}
    assert await parked_codes(db) == []


async def test_screen_when_records_and_applications_are_shuffled_then_verdicts_are_equal(db):
    ids, rng = [uuid4() for _ in range(3)], random.Random(5)
    applications = [application(rng.choice(ids), rng.randint(1, 3), years=rng.choice([None, 1, 4, 8])) for _ in range(40)]
    requisitions = [requisition(id, version, years=version * 2) for id in ids for version in (1, 2, 3)]
    verdicts = []
    for seed in range(4):
        async with db.unit() as uow:
            await uow.run("truncate applications, requisitions, outbox, inbox, deferred, sequences")
        router = intake_router(RuleBook())
        todo: list[list[Message]] = [list(applications), list(requisitions)]
        pick = random.Random(seed)
        records = []
        while todo[0] or todo[1]:
            queue = pick.choice([one for one in todo if one])
            records.append(record_of(queue.pop(0)))
        for start in range(0, len(records), 7):
            await router.process(db, records[start:start + 7])
        verdicts.append({fact.application_id: (fact.TYPE, fact.requisition_version, fact.score) for fact in await said(db)})
    assert all(one == verdicts[0] for one in verdicts)
    assert len(verdicts[0]) == 40


async def test_changed_when_better_facts_join_then_judged_again(db):
    router, wanted = intake_router(RuleBook()), uuid4()
    first = application(wanted)
    changed = ApplicationChanged(
        application_id=first.application_id, hire_id=first.hire_id, person_id=first.person_id, requisition_id=wanted, requisition_version=1,
        facts=Facts(years=8, skills=["plc"]), changed_at=AT)
    await router.process(db, [record_of(requisition(wanted)), record_of(first), record_of(changed)])
    assert [fact.TYPE for fact in await said(db)] == ["baton.screening.uncertain", "baton.screening.passed"]
    async with db.unit() as uow:
        assert (await uow.one("select verdict, score from applications"))["verdict"] == "passed"


async def test_evaluate_when_rules_changed_then_the_present_ones_count_and_unknown_is_refused(db):
    book, wanted, one = RuleBook(), uuid4(), None
    one = application(wanted, years=5, skills=["plc"])
    await intake_router(book).process(db, [record_of(requisition(wanted)), record_of(one), record_of(requisition(wanted, 2, years=9))])
    commands = command_router(book)
    await commands.process(db, [record_of(Evaluate(application_id=one.application_id, hire_id=one.hire_id))])
    stranger, command_id = uuid4(), uuid4()
    await commands.process(db, [record_of(Evaluate(application_id=stranger, hire_id=stranger), id=command_id)])
    passed, failed, refused = await said(db)
    assert (passed.TYPE, failed.TYPE, failed.requisition_version) == ("baton.screening.passed", "baton.screening.failed", 2)
    assert (refused.TYPE, refused.command_id, refused.reason) == ("baton.screening.command_refused", command_id, "application_unknown")


async def test_command_when_its_body_is_wrong_then_parked_and_answered(db):
    hire = uuid4()
    good = record_of(Evaluate(application_id=hire, hire_id=hire))
    bad = type(good)(good.topic, good.partition, good.offset, good.key, b'{"hire_id": "%s"}' % str(hire).encode(), good.headers)
    await command_router(RuleBook()).process(db, [bad])
    assert await parked_codes(db) == ["wrong_body"]
    [refused] = await said(db)
    assert (refused.hire_id, refused.reason, refused.command_type) == (hire, "wrong_body", "baton.screening.evaluate")


def answered(hire: UUID, interview: UUID, by: UUID | None, *, on_behalf_of: UUID | None = None, **clear) -> AskAnswered:
    """A scorecard, answered."""
    sealed = [{"person_id": str(uuid4()), "field": "answer.why", "box": "c2VhbGVk"}]
    return AskAnswered(
        ask_id=uuid4(), version=1, kind="scorecard", hire_id=hire, obligation_id=uuid4(), final_at=AT,
        answer=Answer(by=by, on_behalf_of=on_behalf_of, happened_at=AT, clear=clear, sealed=sealed),
        params={"interview_id": str(interview), "interview_end": AT.isoformat()})


def interview_of(hire: UUID, interview: UUID, panel: list[UUID]) -> InterviewScheduled:
    """The appointment that screening hears of."""
    return InterviewScheduled(
        interview_id=interview, version=0, hire_id=hire, requisition_id=uuid4(), candidate_id=uuid4(), round=1, starts_at=AT - timedelta(hours=1),
        ends_at=AT, wall_start="2026-09-14T16:00", zone="Asia/Shanghai", panel=panel, at=AT)


async def test_cards_when_not_revealed_then_only_hashes_leave_and_reveal_names_who_is_missing(db):
    hire, interview, (a, b, c) = uuid4(), uuid4(), (uuid4(), uuid4(), uuid4())
    cards, commands = card_router(), command_router(RuleBook())
    first, second = answered(hire, interview, a, recommend="yes", c_depth=3), answered(hire, interview, uuid4(), on_behalf_of=b, recommend="strong_no")
    await cards.process(db, [record_of(interview_of(hire, interview, [a, b, c])), record_of(first), record_of(second)])
    closed = await said(db)
    assert [(fact.TYPE, fact.interviewer_id) for fact in closed] == [("baton.feedback.submitted", a), ("baton.feedback.submitted", b)]
    assert not any(word in fact.model_dump_json() for fact in closed for word in ("recommend", "strong_no", "depth", "c2VhbGVk"))
    for _ in range(2):
        await commands.process(db, [record_of(Reveal(interview_id=interview, hire_id=hire))])
    *_, once, again = await said(db)
    assert once.model_dump() == again.model_dump()
    assert [(card.interviewer_id, card.recommend, card.scores) for card in sorted(once.cards, key=lambda card: card.recommend)] == [
        (b, "strong_no", {}), (a, "yes", {"depth": 3})]
    assert once.missing == [c]


async def test_card_when_taken_back_or_late_then_not_among_the_revealed(db):
    hire, interview, (a, b, c) = uuid4(), uuid4(), (uuid4(), uuid4(), uuid4())
    router, commands = card_router(), command_router(RuleBook())
    back, kept = answered(hire, interview, a, recommend="no"), answered(hire, interview, b, recommend="yes")
    retracted = AskRetracted(ask_id=back.ask_id, version=1, kind="scorecard", hire_id=hire, obligation_id=back.obligation_id, retracted_at=AT)
    await router.process(db, [record_of(one) for one in (interview_of(hire, interview, [a, b, c]), back, kept, retracted)])
    await commands.process(db, [record_of(Reveal(interview_id=interview, hire_id=hire))])
    await router.process(db, [record_of(answered(hire, interview, c, recommend="strong_yes"))])
    await commands.process(db, [record_of(Reveal(interview_id=interview, hire_id=hire))])
    revealed = [fact for fact in await said(db) if fact.TYPE == "baton.feedback.revealed"]
    assert [[card.interviewer_id for card in fact.cards] for fact in revealed] == [[b], [b]]
    assert [set(fact.missing) for fact in revealed] == [{a, c}, {a, c}]


async def test_card_when_unreadable_then_parked_alone_and_unknown_interview_is_refused(db):
    hire, interview, who = uuid4(), uuid4(), uuid4()
    await card_router().process(db, [record_of(answered(hire, interview, who, c_depth=3)), record_of(answered(hire, interview, who, recommend="yes"))])
    await command_router(RuleBook()).process(db, [record_of(Reveal(interview_id=uuid4(), hire_id=hire))])
    assert await parked_codes(db) == ["recommend_missing"]
    assert [fact.TYPE for fact in await said(db)] == ["baton.feedback.submitted", "baton.screening.command_refused"]
