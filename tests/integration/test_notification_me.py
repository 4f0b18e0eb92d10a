"""A person's own page: shows, corrects, exports, erases; their calendar feed; home with candidates and what people told us."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

from icalendar import Calendar

from deploy.demo.browser import hidden_values
from services.intake.corrections import keep
from services.intake.store import people
from shared.contracts.scheduling import InterviewScheduled
from shared.runtime.records import receive
from tests.support.bus import record_of
from tests.support.notices import Bureau

DUE = datetime(2026, 9, 9, 12, tzinfo=UTC)


async def _mine(bureau: Bureau) -> str:
    await bureau.tell(bureau.ask("interest", bureau.world.candidate, "candidate", due_at=DUE))
    await bureau.sender.turn()
    (mail,) = await bureau.mails(bureau.mail_of("lin"))
    return (
        next(link for link in mail["links"] if "/me/" in link)
        .removeprefix("http://pages.test")
        .partition("#")[0]
        .removesuffix("/correct")
    )


async def test_a_correction_is_sealed_and_becomes_the_record_of_intake(bureau: Bureau) -> None:
    path = f"{await _mine(bureau)}/correct"
    page, answer = await bureau.open(path)
    assert answer.status_code == 200 and bureau.mail_of("lin") not in answer.text
    bad, answer = await bureau.post(path, {**hidden_values(page), "mail": "nonsense", "do": "go"})
    assert answer.status_code == 422 and "写得不对" in bad.text
    values = {
        **hidden_values(page),
        "name": "林月",
        "mail": "New.Lin@mail.example",
        "locale": "en",
        "zone": "Europe/Berlin",
        "hours": "18:00-21:00",
        "do": "go",
    }
    done, answer = await bureau.post(path, values)
    await bureau.post(path, values)
    assert answer.status_code == 200 and "N•••@mail.example" in done.text and "New.Lin" not in done.text
    (told,) = await bureau.said("preference.changed")
    assert told.locale == "en" and told.zone == "Europe/Berlin" and "林月" not in told.model_dump_json()
    record = await bureau.person(bureau.world.candidate, "林悦", bureau.mail_of("lin"), "candidate")
    async with bureau.intake.unit() as uow:
        await people.save(uow, [people.Row(record)])
        await keep(uow, bureau.vault, receive(record_of(told)))
    async with bureau.intake.unit() as uow:
        known = await people.identity(uow, bureau.vault, bureau.world.candidate)
        row = (await people.load(uow, [bureau.world.candidate]))[bureau.world.candidate]
    assert known["name"] == "林月" and known["emails"] == ["new.lin@mail.example"]
    assert (row.record.locale, row.record.zone, row.record.version, row.record.hours) == ("en", "Europe/Berlin", 2, "18:00-21:00")
    await bureau.tell(row.record)
    later = bureau.ask("nda", bureau.world.candidate, "candidate", due_at=DUE, owed=True)
    await bureau.tell(later)
    async with bureau.db.unit() as uow:
        at = await uow.value("select send_at from messages where id = :id", id=later.message.message_id)
    assert at == datetime(2026, 9, 7, 16, tzinfo=UTC), "18:00 in Berlin, not now"
    shown, _ = await bureau.open(path.removesuffix("/correct"))
    assert "What we hold about you" in shown.heading and "n•••@mail.example" in shown.text


async def test_the_copy_holds_what_was_said_and_answered_and_nothing_of_others(bureau: Bureau) -> None:
    path = await _mine(bureau)
    ask = (await bureau.link_for("lin")).partition("?")[0]
    page, _ = await bureau.open(ask)
    await bureau.post(ask, {**hidden_values(page), "decision": "yes", "do": "go"})
    answer = await bureau.http.get(f"{path}/export.json")
    copy = json.loads(answer.text)
    assert copy["person"]["name"] == "林悦" and copy["person"]["mail"] == bureau.mail_of("lin")
    assert copy["answers"][0]["answer"] == {"decision": "yes"} and copy["messages"][0]["by"] == "mail"
    assert "周敏" not in answer.text and answer.headers["cache-control"] == "no-store"


async def test_who_asks_to_be_erased_is_on_the_board_of_those_who_must_hear_it(bureau: Bureau) -> None:
    path = f"{await _mine(bureau)}/erase"
    page, _ = await bureau.open(path)
    done, _ = await bureau.post(path, {**hidden_values(page), "do": "go"})
    assert "15 天" in done.heading
    await bureau.tell(bureau.ask("review_application", bureau.world.recruiter, "recruiter", due_at=DUE))
    await bureau.sender.turn()
    mail = (await bureau.mails(bureau.mail_of("zhou")))[-1]
    home = next(link for link in mail["links"] if "/home/" in link).removeprefix("http://pages.test")
    board, answer = await bureau.open(home)
    assert "请求删除自己的信息" in board.text and "我的候选人（1）" in board.text and len(answer.content) < 60_000


async def test_the_feed_shows_interviews_discreetly_and_opens_no_page(bureau: Bureau) -> None:
    w, path = bureau.world, await _mine(bureau)
    booked = InterviewScheduled(
        interview_id=uuid4(),
        version=3,
        hire_id=w.hire,
        requisition_id=w.requisition,
        candidate_id=w.candidate,
        round=1,
        starts_at=datetime(2026, 9, 10, 6, tzinfo=UTC),
        ends_at=datetime(2026, 9, 10, 7, tzinfo=UTC),
        zone="Asia/Shanghai",
        wall_start="2026-09-10T14:00",
        mode="video",
        panel=[w.interviewer],
        by="candidate",
        at=datetime(2026, 9, 7, tzinfo=UTC),
    )
    await bureau.tell(booked)
    _, answer = await bureau.open(path)
    token = answer.text.partition("/calendar/")[2].partition(".ics")[0]
    answer = await bureau.http.get(f"/calendar/{token}.ics")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["SEQUENCE"] == 3 and event.decoded("DTSTART") == booked.starts_at and "海港" not in answer.text
    assert str(event["UID"]).startswith(str(booked.interview_id))
    for door in ("a", "me", "home"):
        assert (await bureau.http.get(f"/{door}/{token}")).status_code == 404
    assert (await bureau.http.get(f"/calendar/{path.removeprefix('/me/')}.ics")).status_code == 404


async def test_a_pasted_resume_goes_through_the_one_door(bureau: Bureau) -> None:
    await bureau.tell(bureau.ask("review_application", bureau.world.recruiter, "recruiter", due_at=DUE))
    await bureau.sender.turn()
    (mail,) = await bureau.mails(bureau.mail_of("zhou"))
    path = next(link for link in mail["links"] if "/home/" in link).removeprefix("http://pages.test") + "/add"
    form, _ = await bureau.open(path)
    values = {
        "requisition": "t#R-118",
        "name": "邵一凡",
        "mail": "shao@mail.example",
        "origin": "sourced",
        "resume": "伺服" * 4000,
    }
    await bureau.post(path, {**hidden_values(form), **values, "do": "go"})
    (event,) = await bureau.said("application.submitted")
    assert event.document.media_type == "text/plain" and len(event.document.content) > 8000
