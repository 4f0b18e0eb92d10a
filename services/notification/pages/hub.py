"""/home/<token>/hub: one requisition's whole conversation (C185): who told or answered whom what, when, by which channel, and how it stands.

Names and occasions, no contents: what was written stays with its reader, what was answered with whoever it is for.
"""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from services.notification import wording
from services.notification.desk import Desk
from services.notification.look.page import Board, Line, Page
from services.notification.pages.common import Answered, sender_name
from services.notification.pages.me import BY, STATES, title_of
from services.notification.pages.seen import Door
from services.notification.people import Person, people
from services.notification.store import directory
from services.notification.store import hub as store
from services.notification.wording import T
from shared.runtime.db import Uow

SHOWN = 40
ANSWERED = ("met", T("已答复", "Answered"))
AGAIN = {"remind": T("提醒：", "Reminder: "), "climb": T("升级：", "Escalated: ")}
NONE = T("还没有往来。", "Nothing has been said yet.")


async def show(uow: Uow, desk: Desk, door: Door) -> Answered:
    """GET: `r` names one of the reader's open requisitions (the first where none is named), `who` a candidate, `before` where a page ended."""
    reader = (await people(uow, desk.house.vault, [door.person])).get(door.person) or Person(door.person)
    lang, query = door.lang or reader.lang, door.query
    roles = await directory.open_requisitions(uow, door.person)
    chosen = next((one for one in roles if one["code"] == query.get("r", "").strip()), None if query.get("r") else next(iter(roles), None))
    if chosen is None:
        return _page(desk, door, (lang, "", roles), [], ()), 200
    requisition, candidate = UUID(chosen["requisition_id"]), _uuid(query.get("who", ""))
    hires = await store.hires_of(uow, requisition, candidate)
    rows = await store.thread(uow, requisition, list(hires), place=_place(query.get("before", "")), limit=SHOWN + 1, whole=candidate is None)
    named = {one for row in rows for one in (row["person"], hires.get(row["hire_id"])) if one}
    known = await people(uow, desk.house.vault, named)
    here = f"{door.here}/hub?r={quote(chosen['code'])}"
    lines = [_line(row, (reader, lang, uow.now), known, (hires.get(row["hire_id"]), here)) for row in rows[:SHOWN]]
    back = f"&who={candidate}" if candidate else ""
    older = f"{here}{back}&before={_mark(rows[SHOWN - 1])}" if len(rows) > SHOWN else ""
    ways = [(older, T("更早的", "Earlier").at(lang))] if older else []
    ways += [(here, T("看所有人的", "Everybody’s").at(lang))] if candidate else []
    return _page(desk, door, (lang, chosen["code"], roles), lines, tuple(ways)), 200


def _line(row: dict[str, Any], read_by: tuple[Person, str, datetime], known: dict[UUID, Person], about: tuple[UUID | None, str]) -> Line:
    (reader, lang, now), (candidate, here) = read_by, about
    state, word = ANSWERED if row["what"] == "answered" else STATES[row["state"]]
    who = known[row["person"]].party.shown(lang) if row["person"] in known else "—"
    small = [known[candidate].party.shown(lang) if candidate in known and candidate != row["person"] else "",
             BY[row["channel"]].at(lang) if row["what"] == "said" and row["channel"] in BY else "",
             T("已看到", "Seen").at(lang) if row["seen_at"] else ""]
    again = AGAIN[row["purpose"]].at(lang) if row["purpose"] in AGAIN else ""
    return Line(
        state, word.at(lang), f"{again}{title_of(row['kind'], lang)}", " · ".join(one for one in small if one),
        wording.instant(row["at"], reader.zone, lang, now), href=f"{here}&who={candidate}" if candidate else "",
        who=f"{who} →" if row["what"] == "answered" else f"→ {who}")


def _page(desk: Desk, door: Door, seen: tuple[str, str, list[dict[str, Any]]], lines: list[Line], ways: tuple[tuple[str, str], ...]) -> Page:
    lang, code, roles = seen
    heads = T("状态|什么|谁|时间", "State|What|Who|When").at(lang).split("|")
    caption = T("新的在前", "Newest first").at(lang)
    others = tuple((f"{door.here}/hub?r={quote(one['code'])}", one["code"]) for one in roles if one["code"] != code)
    return Page(
        lang=lang,
        heading=f"{T('往来', 'Everything said').at(lang)}{'：' if lang == 'zh' else ': '}{code}" if code else T("往来", "Everything said").at(lang),
        sender=sender_name(desk, lang),
        boards=(Board(caption, tuple(lines), NONE.at(lang), (heads[0], heads[1], heads[2], heads[3])),),
        wide=True,
        links=(*ways, *others, (door.here, T("回到首页", "Back to my page").at(lang))),
        foot=(T("只有谁、何时、以什么方式；内容只在收件人那里。", "Who, when and how; what was written stays with its reader.").at(lang),),
    )


def _mark(row: dict[str, Any]) -> str:
    return quote(f"{row['at'].isoformat()}~{row['id']}")


def _place(text: str) -> store.Place:
    """Where the page before ended; what nobody made is from the newest."""
    at, _, last = text.partition("~")
    try:
        return store.Place(datetime.fromisoformat(at), UUID(last)) if text else store.Place()
    except ValueError:
        return store.Place()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
