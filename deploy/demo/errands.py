"""What the demo delivers and when: the cast's own records and events, or a folder's files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from deploy.demo import story
from deploy.demo.door import Door, event
from deploy.demo.files import Batch
from deploy.demo.small import application, reference, requisitions
from deploy.demo.timetable import Timetable
from services.intake.foreign import event_of_file
from shared.contracts.envelope import EnvelopeError
from shared.policy.loader import shipped_text

BURSTS = ("09:00:00", "10:00:00", "11:00:00", "12:00:00")
LATE_REQUISITION, UNLAWFUL_REQUISITION, CAMPUS_REQUISITION = "R-124", "R-121", "R-127"
SIGNED_POLICY, CAMPUS_POLICY = "agency-cn-signed", "agency-cn-campus"
CAMPUS_ROUND, CAMPUS_VERDICT = "kit: group, panel: [pool engineering, hr], minutes: 90", "  client_verdict: {within: 2 wd}\n"
CAMPUS_CLOCKS = "  choose_slot: {within: slot - 4 wh}\n"
"""Answers until the eve of the session."""


def cast_errands(door: Door, timetable: Timetable, env: Mapping[str, str], said: Any) -> None:
    """The story of the cast: needs on 2 September, records on the 3rd with repeats and one before its requisition, then reports."""
    needs = requisitions()

    async def needs_arrive() -> None:
        await door.post([_policy(name, text, "2026-09-02T08:00:11+08:00") for name, text in ((SIGNED_POLICY, _signed()), (CAMPUS_POLICY, _campus()))])
        at_once = [code for code in needs if code not in (LATE_REQUISITION, UNLAWFUL_REQUISITION)]
        await door.publish([*reference(), *(_under(needs[code], CAMPUS_POLICY) if code == CAMPUS_REQUISITION else needs[code] for code in at_once)])

    async def unlawful_need() -> None:
        await door.publish([_under(needs[UNLAWFUL_REQUISITION], SIGNED_POLICY)])

    timetable.add(story.instant("2026-09-02 08:00:11"), "firm, clients and needs", needs_arrive)
    timetable.add(story.instant("2026-09-02 08:30:11"), "云杉's need", unlawful_need)
    records = [record for record in story.records()]
    for n, clock in enumerate(BURSTS):
        later = BURSTS[n + 1] if n + 1 < len(BURSTS) else "23:59:59"
        mine = [record for record in records if clock <= record["at"][11:19] < later]
        timetable.add(story.instant(f"2026-09-03 {clock}"), f"{len(mine)} records", _records(door, mine, said))

    async def late_need() -> None:
        await door.publish([needs[LATE_REQUISITION]])

    timetable.add(story.instant("2026-09-03 10:30:11"), "R-124 arrives after its first application", late_need)
    again = [record for record in records if record["channel"] == "web_hook"]
    timetable.add(story.instant("2026-09-03 12:30:11"), "the web hook repeats all of its own", _records(door, again, said))
    source_of = {record["who"]: (record["source"], record["externalid"]) for record in reversed(records)}
    for report in story.reports():
        source, externalid = source_of[report.who]
        timetable.add(report.at, report.said, _report(door, report, source, externalid, said))
    timetable.add(story.instant("2026-09-30 10:05:11"), "张岚's leave", _leave(door, said))
    timetable.add(story.instant("2026-09-09 08:03:11"), "海港's mail gateway opens all links", _gateway(env, door, said))
    timetable.add(story.instant("2026-09-03 12:30:11"), "a carrier's limit", _limit(env, said))
    timetable.add(story.instant("2026-09-10 11:33:11"), "李涛 resigns", _resigns(door, said))


def _under(need: dict[str, Any], policy: str) -> dict[str, Any]:
    """The same requisition under a policy of the house."""
    return {**need, "data": {**need["data"], "policy": policy}}


def _policy(name: str, text: str, at: str) -> dict[str, Any]:
    """A policy of the house, put into force by an operator."""
    return event("command.policy", {"externalid": name, "text": text, "reason": "a policy of the house"}, source=story.ATS, at=at)


def _signed() -> str:
    """For clients whose needs are signed: the shipped one with two lines more."""
    return shipped_text("agency-cn").replace("policy: agency-cn\n", f"policy: {SIGNED_POLICY}\nrequisition: confirmed\nfilled: keep\n", 1)


def _campus() -> str:
    """For the campus: six chairs on the make-up Saturday and on a second day, answers until the eve; who is late is still welcome."""
    text = shipped_text("agency-cn").replace("policy: agency-cn\n", f"policy: {CAMPUS_POLICY}\nfilled: keep\n", 1)
    text = text.replace(CAMPUS_ROUND, f"{CAMPUS_ROUND}, group: {{capacity: {story.CHAIRS}, days: [2026-10-10, 2026-10-13], hours: '09:30-12:00'}}", 1)
    return text.replace(CAMPUS_VERDICT, f"{CAMPUS_VERDICT}{CAMPUS_CLOCKS}", 1)


def _records(door: Door, records: list[dict[str, Any]], said: Any) -> Any:
    async def deliver() -> None:
        results = await door.post([await _event_of(door, record) for record in records])
        counts = _counted(results)
        door.counted["sent"] += len(results)
        door.counted["waiting"] += sum(bool(result.get("waiting_for")) for result in results)
        door.counted.update(str(result["outcome"]) for result in results)
        said(f"{len(records)} records: {counts}")

    return deliver


async def _event_of(door: Door, record: Mapping[str, Any]) -> dict[str, Any]:
    """The event that this record's channel makes of its file."""
    data = story.file_of(record).read_bytes()
    attributes = {"source": record["source"], "at": record["at"], "id_": f"{record['channel']}/{record['externalid']}"}
    wanted = f"{story.ATS}#{record['requisition']}"
    try:
        envelope = await asyncio.to_thread(event_of_file, str(record["file"]), data, source=str(record["source"]), requisition=wanted,
                                           origin=str(record["origin"]), externalid=str(record["externalid"]))
    except EnvelopeError:
        body = {"externalid": record["externalid"], "requisition": wanted, "unfinished": data.decode("utf-8", "replace")[:400]}
        return event("application.submitted", body, version=2, **attributes)
    body = json.loads(envelope.data) | {"submitted_at": record["at"]}
    if "document" in body:
        await door.document(data)
        if record["channel"] == "mail" and record.get("defect"):
            sender = next(player for player in story.players() if player.id == record["who"])
            body["person"] = {"name": sender.name, "email": sender.mail}
    if record.get("channels"):
        sender = next(player for player in story.players() if player.id == record["who"])
        body["person"] = {"name": sender.name, "email": sender.mail, "channels": record["channels"]}
    return event("application.submitted", body, version=2, **attributes)


def _counted(results: list[dict[str, Any]]) -> str:
    counts: dict[str, int] = {}
    waiting = 0
    for result in results:
        name = str(result.get("outcome", result.get("state", "?")))
        counts[name] = counts.get(name, 0) + 1
        waiting += bool(result.get("waiting_for"))
    text = " + ".join(f"{n} {name}" for name, n in sorted(counts.items()))
    return f"{text} ({waiting} of them waiting)" if waiting else text


def _report(door: Door, report: story.Report, source: str, externalid: str, said: Any) -> Any:
    async def tell() -> None:
        at = report.at.isoformat()
        await door.post([event(report.type, {"externalid": externalid, **report.data}, source=source, at=at, id_=f"{report.type}/{externalid}")])
        said(report.said)

    return tell


def _leave(door: Door, said: Any) -> Any:
    async def tell() -> None:
        away = {"externalid": "zhang-lan/2026-10-08", "person": "zhang-lan", "starts_at": "2026-10-08T00:00:00+08:00", "ends_at": "2026-10-17T00:00:00+08:00"}
        await door.post([event("absence.recorded", away, source=story.ATS, at="2026-09-30T10:05:11+08:00")])
        said("张岚 will be on leave after the holidays; 何立 stands in")

    return tell


def _resigns(door: Door, said: Any) -> Any:
    async def tell() -> None:
        at = story.instant("2026-09-10 11:33:11").isoformat()
        await door.post([event("staff.left", {"externalid": "li-tao", "left_at": at, "successor": "chen-wei"}, source=story.ATS, at=at)])
        said("李涛 resigns: his chairs are taken by somebody else, his links are dead")

    return tell


def _gateway(env: Mapping[str, str], door: Door, said: Any) -> Any:
    """A mail gateway opens every link of every mail that it lets through; GET changes nothing."""

    async def look() -> None:
        async with httpx.AsyncClient(timeout=20, follow_redirects=True) as http:
            mails = (await http.get(f"http://{env['BATON_SINK_HTTP']}/api/messages")).json()
            links = sorted({link for mail in mails if any(to.endswith("@haigang.example.cn") for to in mail["to"]) for link in mail["links"]})
            for link in links:
                await http.get(link)
        door.counted["opened"] = len(links)
        said(f"海港's mail gateway opened {len(links)} links: 0 answers")

    return look


def _limit(env: Mapping[str, str], said: Any) -> Any:
    """The carrier of text messages takes the next one not: its limit for that number is reached."""

    async def set_up() -> None:
        async with httpx.AsyncClient(timeout=20) as http:
            answer = await http.post(f"http://{env['BATON_SINK_HTTP']}/api/vendors/aliyun/faults", json={"kind": "limit", "times": 1})
            answer.raise_for_status()
        said("the carrier of text messages will not take the next one: it has to find another way")

    return set_up


def folder_errands(door: Door, timetable: Timetable, batch: Batch, at: datetime, said: Any) -> None:
    """The firm and the folder's requisitions first, then all files at once."""

    async def needs_arrive() -> None:
        await door.publish([*reference(), *batch.requisitions, *(one.event for one in batch.deliveries if one.raises)])

    async def files_arrive() -> None:
        for delivery in batch.deliveries:
            if delivery.data is not None:
                await door.document(delivery.data)
        events = [delivery.event for delivery in batch.deliveries if not delivery.raises and delivery.raw is None]
        results: list[dict[str, Any]] = []
        for delivery in batch.deliveries:
            if delivery.raw is not None:
                results += await door.file(delivery.path, delivery.raw)
        for n in range(0, len(events), 100):
            results += await door.post(events[n : n + 100])
        said(f"{len(results)} files: {_counted(results)}")

    timetable.add(at - timedelta(hours=1), "needs", needs_arrive)
    timetable.add(at, "files", files_arrive)


def plain_errands(door: Door, timetable: Timetable, hires: int, requisition: str) -> None:
    """`--hires N`: the small world with N plain applications."""

    async def arrive() -> None:
        needs = requisitions()
        await door.publish([*reference(), needs.get(requisition, needs["R-118"])])
        await door.publish([application(n, requisition if requisition in needs else "R-118", at=AT) for n in range(hires)])

    timetable.add(AT, f"{hires} applications", arrive)


AT = story.instant("2026-09-03 09:00:00")
