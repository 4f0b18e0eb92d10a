"""The mail of the day: today's interviews of its reader and everything that they owe, in one message; read in the moment of sending."""

from datetime import timedelta
from uuid import UUID

from services.notification import asks as registry
from services.notification import timetable, wording
from services.notification.desk import Desk
from services.notification.people import Person, people
from services.notification.scenes import scene_of
from services.notification.sending.about import ask_subject
from services.notification.store import asks
from services.notification.store import timetable as store
from services.notification.wording import T
from shared.runtime.db import Uow

SHOWN = 12
"""How many duties one mail lists, due first; the page has them all."""


async def has_today(uow: Uow, person: UUID, zone: str) -> bool:
    """Whether this person owes anything, or sits in an interview on this day of their wall."""
    return bool(await asks.owed_by(uow, person)) or bool(await _interviews(uow, person, zone))


async def _interviews(uow: Uow, person: UUID, zone: str) -> tuple[timetable.Row, ...]:
    rows = await store.of_person(uow, person, uow.now - timedelta(days=1), uow.now + timedelta(days=1))
    found = timetable.digest_of(rows, person, wording.local(uow.now, zone).date(), zone=zone)
    return found.rows if found else ()


async def todays(uow: Uow, desk: Desk, reader: Person) -> tuple[tuple[str, str], ...]:
    """(what, who and when) a line: interviews by the hour, then duties, due first; the last line says how many more there are."""
    return (*await _meetings(uow, desk, reader), *await _duties(uow, desk, reader))


async def _meetings(uow: Uow, desk: Desk, reader: Person) -> list[tuple[str, str]]:
    rows = await _interviews(uow, reader.id, reader.zone)
    known = await people(uow, desk.house.vault, [row.candidate_id for row in rows])
    lines = []
    for row in rows:
        begin, end = wording.local(row.starts_at, reader.zone), wording.local(row.ends_at, reader.zone)
        met = known.get(row.candidate_id)
        lines.append((f"{begin:%H:%M}–{end:%H:%M}", T("面试：{who}", "Interview: {who}").at(reader.lang).format(who=met.party.shown(reader.lang) if met else "—")))
    return lines


async def _duties(uow: Uow, desk: Desk, reader: Person) -> list[tuple[str, str]]:
    rows, lines = await asks.owed_by(uow, reader.id), []
    for row in rows[:SHOWN]:
        scene = await scene_of(uow, desk.house, await ask_subject(uow, row, reader.id, reader.lang))
        late = row["due_at"] is not None and row["due_at"] < uow.now
        due = scene.by() if not late else T("超时 {n}", "{n} overdue").at(reader.lang).format(n=wording.duration(uow.now - row["due_at"], reader.lang))
        about = (scene.candidate.shown(reader.lang), scene.code, due)
        said = scene.fill(registry.kind_of(row["kind"]).act)
        lines.append((said[:1].upper() + said[1:], " · ".join(part for part in about if part)))
    if len(rows) > SHOWN:
        lines.append((T("还有", "And").at(reader.lang), T("{n} 件，都在你的首页", "{n} more, all on your page").at(reader.lang).format(n=len(rows) - SHOWN)))
    return lines
