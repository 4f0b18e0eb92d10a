"""`baton verify` finds each thing it promises to find, and the reading commands answer on real servers."""

import asyncio
import json
import subprocess
import sys

import asyncpg
import pytest

from deploy.local.environment import ROOT
from deploy.verify import verify
from tests.integration.test_reporting import publish
from tests.support.process import running
from tests.support.reporting_story import HireStory, Teller, records, rejected, settled, uid, waiting

PREFIX = "verify-test"
HIRE, INTERVIEW = uid("hire", f"{PREFIX}-song"), uid("interview", f"{PREFIX}-song")
LONE, MESSAGE = uid("hire", "verify-alone"), uid("message", "verify-alone")
_MESSAGE = f"""insert into notification.messages (id, party, role, purpose, occasion, template, spec, state, counted, owed_at, created_at, accepted_at, cause)
  values ('{MESSAGE}', 'candidate', 'candidate', 'result', 'verify/1', 'rejection', '{{}}', 'delivered', true, now(), now(), '2026-09-05T19:00:00Z', '{{}}')"""
_TWO = "; ".join(f"insert into notification.attempts (message_id, channel, n, started_at, outcome) values ('{MESSAGE}', 'mail', {n}, now(), 'accepted')" for n in (1, 2))
_GONE = f"delete from notification.attempts where message_id = '{MESSAGE}'; delete from notification.messages where id = '{MESSAGE}'"
_DUTY = f'{{"{uid("obligation", "verify-alone")}": {{"kind": "complaint_answer", "status": "open"}}}}'
_NO_SUBJECT = f"delete from workflows.subjects where subject_id = '{LONE}'"


def _subject(owed: str) -> str:
    return (f"insert into workflows.subjects (kind, subject_id, stage, state, begun_at) values ('client', '{LONE}', 'open',"
            f" '{{\"kind\": \"client\", \"owed\": {owed}, \"steps\": []}}', now())")


BREAKS = {
    "sequence_gap": (f"update reporting.events set sequence = 99 where subject = 'hire/{HIRE}' and sequence = 3 and source = 'baton/workflows'",
                     f"update reporting.events set sequence = 3 where subject = 'hire/{HIRE}' and sequence = 99"),
    "not_archived": ("insert into screening.sequences values ('application/never-told', 4)", "delete from screening.sequences where subject = 'application/never-told'"),
    "outbox_stuck": ("insert into scheduling.outbox (topic, key, headers, value, created_at) values ('scheduling.events', 'k', '{}', '', now() - interval '1 hour')",
                     "delete from scheduling.outbox where key = 'k'"),
    "parked_inside": (f"insert into scheduling.parked (id, consumer, topic, part, pos, headers, code, reason, parked_at) values ('{LONE}', 'scheduling.commands',"
                      " 'scheduling.commands', 0, 0, '[]', 'wrong_body', 'x', now())", f"delete from scheduling.parked where id = '{LONE}'"),
    "door_sum": ("insert into intake.tally values ('sent', 3), ('accepted', 1) on conflict (name) do update set n = tally.n + excluded.n",
                 "update intake.tally set n = n - case name when 'sent' then 3 else 1 end where name in ('sent', 'accepted')"),
    "projection_differs": (f"update reporting.hires set outcome = 'left' where hire_id = '{HIRE}'", f"update reporting.hires set outcome = 'settled' where hire_id = '{HIRE}'"),
    "ledger_twice": (f"update reporting.obligations set opens = 2 where hire_id = '{HIRE}' and kind = 'choose_slot'",
                     f"update reporting.obligations set opens = 1 where hire_id = '{HIRE}' and kind = 'choose_slot'"),
    "untold_24h": (f"update reporting.messages set delivered_at = null where hire_id = '{HIRE}' and template = 'interim'",
                   f"update reporting.messages set delivered_at = sent_at where hire_id = '{HIRE}' and template = 'interim'"),
    "hire_without_holder": (f"insert into workflows.hires (hire_id, person_id, requisition_id, client_id, origin, received_at, state) values ('{LONE}', '{LONE}', '{LONE}',"
                            f" '{LONE}', 'applied', now(), '{{\"owed\": {{}}, \"steps\": []}}')", f"delete from workflows.hires where hire_id = '{LONE}'"),
    "hire_differs": (f"insert into workflows.hires (hire_id, person_id, requisition_id, client_id, origin, received_at, screen_by) values ('{HIRE}', '{LONE}', '{LONE}',"
                     f" '{LONE}', 'applied', now(), now() + interval '9 years')", f"delete from workflows.hires where hire_id = '{HIRE}'"),
    "hire_unknown": (f"insert into intake.applications (application_id, person_id, requisition_id, client_id, origin, facts, externalref, submitted_at) values ('{LONE}',"
                     f" '{LONE}', '{LONE}', '{LONE}', 'applied', '{{}}', '', '2026-01-05T00:00:00Z')", f"delete from intake.applications where application_id = '{LONE}'"),
    "subject_without_holder": (_subject("{}"), _NO_SUBJECT), "subject_differs": (_subject(_DUTY), _NO_SUBJECT),
    "owed_by_nobody": (f"update reporting.obligations set hire_id = null, ended = null, client_id = '{LONE}' where hire_id = '{HIRE}' and kind = 'choose_slot'",
                       f"update reporting.obligations set hire_id = '{HIRE}', ended = 'met', client_id = (select client_id from reporting.hires where hire_id = '{HIRE}')"
                       f" where client_id = '{LONE}'"),
    "fan_out_stuck": (f"insert into workflows.fan_outs (requisition_id, cause_type, source, cause, params, at) values ('{LONE}', 'requisition.ended', 's', 'c', '{{}}',"
                      " '2026-01-05T00:00:00Z')", f"delete from workflows.fan_outs where requisition_id = '{LONE}'"),
    "subject_does_not_answer": (f"insert into workflows.subject_facts (kind, subject_id, fact, tries) values ('client', '{LONE}', '{{}}', 21)",
                                f"delete from workflows.subject_facts where subject_id = '{LONE}'"),
    "closed_hours": (_MESSAGE, _GONE), "said_twice": (f"{_MESSAGE}; {_TWO}", _GONE),
    "owed_after_end": (f"update reporting.obligations set ended = null where hire_id = '{HIRE}' and kind = 'choose_slot'",
                       f"update reporting.obligations set ended = 'met' where hire_id = '{HIRE}' and kind = 'choose_slot'"),
}


@pytest.fixture(scope="module")
async def told(engines, provisioned):
    """Three hires told to reporting; an administrator's connection; what verify says of it."""
    teller = Teller()
    records(teller)
    made = [settled(teller, f"{PREFIX}-song"), rejected(teller, f"{PREFIX}-wei"), waiting(teller, f"{PREFIX}-lin")]
    async with running(engines, "reporting"):
        await publish(provisioned["BATON_KAFKA"], teller.told)
        pg = await asyncpg.connect(provisioned["BATON_DATABASE"])
        ids = [envelope.id for envelope in teller.told]
        async with asyncio.timeout(60):
            while await pg.fetchval("select count(*) from reporting.events where id = any($1::text[])", ids) < len(ids):
                await asyncio.sleep(0.1)
        yield pg, provisioned, made, await verify(provisioned, patience=1.0)
        await pg.close()


async def test_verify_when_all_is_well_then_no_violation_and_the_keys_that_were_promised(told):
    _, _, made, found = told
    mine = {str(story.hire) for story in made}
    assert [line for line in found["violations"] if any(name in line for name in mine)] == []
    assert {"sent", "accepted", "duplicates", "parked", "hires", "requisitions", "outcomes", "open", "obligations", "waiting", "messages", "violations",
            "seconds", "engines"} <= found.keys()
    assert set(found["obligations"]) == {"opened", "met", "met_late", "waived", "transferred", "lapsed", "cancelled", "open"}
    assert {"sent", "suppressed", "repeated"} <= found["messages"].keys() and found["outcomes"]["settled"] >= 1
    assert found["engines"]["postgres"].startswith("18")


@pytest.mark.parametrize("code", BREAKS)
async def test_verify_when_something_is_broken_then_it_is_found_by_name(told, code):
    pg, env, _, before = told
    broken, repair = BREAKS[code]
    await pg.execute(broken)
    try:
        found = await verify(env, patience=0.0)
    finally:
        await pg.execute(repair)
    new = [line for line in found["violations"] if line not in before["violations"]]
    assert [line for line in new if line.startswith(code + ": ")], new


async def baton(engines, *words: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli.main", *words, "--home", str(engines.home.path), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("words", [
    ["hires", "--state", "closed"], ["hire", str(HIRE)], ["obligations", "--state", "all"], ["why", str(HIRE)[:13]], ["whynot", str(HIRE), "offer_answer"],
    ["metrics", "M17"], ["metrics"], ["tail", "--no-follow", "--hire", str(HIRE)]])
async def test_reading_commands_when_asked_then_json_for_machines_and_words_for_people(told, engines, words):
    code, out, err = await baton(engines, *words, "--json")
    assert code == 0, err
    parsed = [json.loads(line) for line in out.splitlines()] if words[0] == "tail" else json.loads(out)
    assert parsed
    code, out, err = await baton(engines, *words)
    assert code == 0 and out.strip() and "Traceback" not in out + err


@pytest.mark.parametrize("words", [["hire", "zzzzzzzz"], ["metrics", "M99"], ["parked", "show", "0000000"]])
async def test_reading_commands_when_there_is_no_such_thing_then_one_and_a_word(told, engines, words):
    code, out, err = await baton(engines, *words)
    assert code == 1 and err.strip() and "Traceback" not in out + err


async def test_report_when_written_then_one_file_in_each_language(told, engines, tmp_path):
    for lang, word in (("zh", "棒现在在谁手里"), ("en", "Who holds the baton now")):
        target = tmp_path / f"{lang}.html"
        code, _, err = await baton(engines, "report", "--lang", lang, "--out", str(target))
        assert code == 0, err
        assert word in target.read_text()


async def test_reading_commands_when_nothing_runs_then_three(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli.main", "hires", "--home", str(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, err = await process.communicate()
    assert process.returncode == 3 and b"baton up" in err


def test_story_when_told_then_its_ids_are_those_of_this_test():
    assert HireStory(Teller(), f"{PREFIX}-song").hire == HIRE and INTERVIEW == uid("interview", f"{PREFIX}-song")
