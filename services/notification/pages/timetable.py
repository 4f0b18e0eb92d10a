"""Below /home/<token>: the interviews of one's requisitions by days (C56), and the brief: what was done, said and is late (C185-C187)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.notification import timetable as days
from services.notification import wording
from services.notification.desk import Desk
from services.notification.look.page import Board, Line, Page
from services.notification.pages.common import Answered, sender_name
from services.notification.pages.me import BY, title_of
from services.notification.pages.seen import Door
from services.notification.people import Person, people
from services.notification.store import brief as ledger
from services.notification.store import directory
from services.notification.store import timetable as store
from services.notification.wording import T
from shared.runtime.db import Uow

AHEAD = timedelta(days=14)
TOOK = {
    "accepted": ("met", T("都接受了", "All accepted")),
    "declined": ("lapsed", T("有人拒绝", "Somebody declined")),
    "counter": ("you", T("有人提议别的时间", "Another time proposed")),
    "": ("them", T("还没都回复", "Not all have answered")),
}
"""What the calendars of those who take part have answered, all together."""


async def show(uow: Uow, desk: Desk, door: Door) -> Answered:
    """GET: the next two weeks on the reader's wall, and on the requisition's where that is another; `r`: one requisition."""
    reader, lang, code = await _reader(uow, desk, door)
    boards, roles = [], [one for one in await directory.open_requisitions(uow, door.person) if code in ("", one["code"])]
    rows = [row for one in roles for row in await store.of_requisition(uow, UUID(one["requisition_id"]), uow.now - timedelta(hours=12), uow.now + AHEAD)]
    known = await people(uow, desk.house.vault, {one for row in rows for one in (row.candidate_id, *row.panel, *row.shadows)})
    heads = T("日历|时间|面试官|候选人", "Calendars|When|With|Candidate").at(lang).split("|")
    codes = {UUID(one["requisition_id"]): one for one in roles}
    for day, found in days.by_day(rows, reader.zone).items():
        lines = [await _line(uow, row, (reader, lang, codes[row.requisition_id]), known) for row in found]
        boards.append(Board(wording.day(day, lang, uow.now), tuple(lines), "", (heads[0], heads[1], heads[2], heads[3])))
    none = Board(T("今后两周", "The next two weeks").at(lang), (), T("还没有约好的面试。", "No interview is set.").at(lang))
    return _page(desk, door, (lang, code), T("面试时间表", "Interviews"), boards or [none], roles), 200


async def today(uow: Uow, desk: Desk, reader: Person | None, lang: str) -> tuple[Board, ...]:
    """The reader's own interviews of this day of their wall, for /home; nothing on a day without any."""
    if reader is None:
        return ()
    day = wording.local(uow.now, reader.zone).date()
    rows = await store.of_person(uow, reader.id, uow.now - timedelta(days=1), uow.now + timedelta(days=1))
    digest = days.digest_of(rows, reader.id, day, zone=reader.zone)
    if digest is None:
        return ()
    known = await people(uow, desk.house.vault, {one for row in digest.rows for one in (row.candidate_id, *row.panel, *row.shadows)})
    tight = {one for pair in digest.tight for one in pair}
    lines = []
    for row in digest.rows:
        requisition = (await directory.records(uow, "requisition", [row.requisition_id])).get(row.requisition_id, {})
        line = await _line(uow, row, (reader, lang, requisition), known)
        close = T("两场之间不到 10 分钟", "Less than 10 minutes between two").at(lang) if row.interview_id in tight else ""
        lines.append(Line(**{**vars(line), "late": close}))
    heads = T("日历|时间|面试官|候选人", "Calendars|When|With|Candidate").at(lang).split("|")
    return (Board(T("今天的面试（{n}）", "Interviews today ({n})").at(lang).format(n=len(lines)), tuple(lines), "", (heads[0], heads[1], heads[2], heads[3])),)


async def _line(uow: Uow, row: days.Row, read_by: tuple[Person, str, dict[str, Any]], known: dict[UUID, Person]) -> Line:
    reader, lang, requisition = read_by
    answers = [(await store.answers_of(uow, one, [row])).get(row.interview_id, "") for one in (row.candidate_id, *row.panel)]
    took = next((one for one in ("declined", "counter") if one in answers), "accepted" if set(answers) == {"accepted"} else "")
    state, word = TOOK[took]
    there = wording.other_side(row.starts_at, row.ends_at, (reader.zone, str(requisition.get("zone") or reader.zone)), lang)
    return Line(
        state, word.at(lang), _clock(row, reader.zone),
        " · ".join(part for part in (there, str(requisition.get("code") or "")) if part), _names(known, (row.candidate_id,), lang),
        who=_names(known, (*row.panel, *row.shadows), lang))


def _clock(row: days.Row, zone: str) -> str:
    """The hours alone; the day stands above them."""
    return f"{wording.local(row.starts_at, zone):%H:%M}–{wording.local(row.ends_at, zone):%H:%M}"


def _names(known: dict[UUID, Person], ids: Iterable[UUID], lang: str) -> str:
    return wording.listing([name for one in ids if one in known and (name := known[one].party.shown(lang))], lang) or "—"


async def brief(uow: Uow, desk: Desk, door: Door) -> Answered:
    """GET: what was answered, what left, what is late on the reader's requisitions since yesterday, or (`days`=7) in the week."""
    reader, lang, code = await _reader(uow, desk, door)
    length = 7 if door.query.get("days") == "7" else 1
    since = uow.now - timedelta(days=length)
    done, late = await ledger.answered(uow, door.person, code, since), await ledger.late(uow, door.person, code)
    said = await ledger.said(uow, door.person, code, since)
    known = await people(uow, desk.house.vault, {one for row in (*done, *late, *said) for one in (row["by"], directory.as_uuid(row["candidate"])) if one})
    when = T("这一周", "this week") if length == 7 else T("一天来", "since yesterday")
    parts = (
        (T("办完的", "Done"), done, "met", T("完成", "Done")), (T("卡住的", "Late"), late, "over", T("超时", "Overdue")),
        (T("发出的", "Said"), said, "met", T("已发出", "Sent")))
    boards = [_table(reader, lang, uow.now, known, (_caption(name, T("现在", "now") if rows is late else when, len(rows)), rows, state, word))
              for name, rows, state, word in parts]
    title = T("一周回顾", "The week") if length == 7 else T("今日简报", "Today’s brief")
    roles = await directory.open_requisitions(uow, door.person)
    page = _page(desk, door, (lang, code), title, boards, roles, here="brief", days=length)
    return page, 200


def _caption(name: T, when: T, n: int) -> T:
    return T(f"{name.zh}（{when.zh}，{n}）", f"{name.en}, {when.en} ({n})")


def _table(reader: Person, lang: str, now: datetime, known: dict[UUID, Person], part: tuple[T, list[dict[str, Any]], str, T]) -> Board:
    caption, rows, state, word = part
    lines = []
    for row in rows:
        about = known.get(UUID(str(row["candidate"]))) if row["candidate"] else None
        failed = row.get("state") in ("failed", "bounced")
        small = [about.party.shown(lang) if about else "", row["code"] or "", BY[row["channel"]].at(lang) if row.get("channel") in BY else ""]
        lines.append(Line(
            "lapsed" if failed else state, T("没发成", "Failed").at(lang) if failed else word.at(lang), title_of(row.get("kind") or row["template"], lang),
            " · ".join(one for one in small if one), wording.instant(row["at"], reader.zone, lang, now),
            who=known[row["by"]].party.shown(lang) if row["by"] in known else "—"))
    heads = T("状态|什么|谁|时间", "State|What|Who|When").at(lang).split("|")
    return Board(caption.at(lang), tuple(lines), T("没有。", "Nothing.").at(lang), (heads[0], heads[1], heads[2], heads[3]))


async def _reader(uow: Uow, desk: Desk, door: Door) -> tuple[Person, str, str]:
    reader = (await people(uow, desk.house.vault, [door.person])).get(door.person) or Person(door.person)
    return reader, door.lang or reader.lang, door.query.get("r", "").strip()


def _page(
    desk: Desk, door: Door, seen: tuple[str, str], title: T, boards: Iterable[Board], roles: list[dict[str, Any]], **at: Any,
) -> Page:
    lang, code = seen
    path = f"{door.here}/{at.get('here', 'timetable')}"
    other = "1" if at.get("days") == 7 else "7"
    week = ((f"{path}?days={other}", T("看一天的", "One day") if other == "1" else T("看一周的", "The whole week")),) if "days" in at else ()
    named = [one["code"] for one in roles if one["code"] != code]
    return Page(
        lang=lang,
        heading=f"{title.at(lang)}{'：' if lang == 'zh' else ': '}{code}" if code else title.at(lang),
        sender=sender_name(desk, lang),
        boards=tuple(boards),
        wide=True,
        links=(
            *((href, said.at(lang)) for href, said in week),
            *((f"{path}?r={one}", one) for one in named),
            (door.here, T("回到首页", "Back to my page").at(lang)),
        ),
        foot=(T("这个链接只给你本人。", "This link is for you only.").at(lang),),
    )
