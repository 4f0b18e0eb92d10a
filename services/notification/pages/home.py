"""/home/<token>: what a person of ours owes, who owes them, search, and adding a candidate as a standing ask."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from services.notification import asks as registry
from services.notification import wording
from services.notification.desk import Desk
from services.notification.look import ask_page, states
from services.notification.look.form import read
from services.notification.look.page import Board, Line, Page
from services.notification.look.scene import Scene
from services.notification.pages import boards, timetable
from services.notification.pages.common import Answered, sender_name
from services.notification.pages.seen import Door
from services.notification.people import people
from services.notification.scenes import Subject, scene_of
from services.notification.sending.compose import ask_subject
from services.notification.store import asks, cards, directory
from services.notification.usecases.publishing import add_candidate
from shared.runtime.db import Uow

SHOWN = 60
"""How many lines a board shows, due first; search narrows what is shown."""


async def show(uow: Uow, desk: Desk, door: Door) -> Answered:
    """GET: two boards and a search field."""
    query, here = door.query, door.here
    reader = (await people(uow, desk.house.vault, [door.person])).get(door.person)
    lang = door.lang or (reader.lang if reader else "zh")
    zh = lang == "zh"
    mine = [await _line(uow, desk, door, (row, lang, here)) for row in (await asks.owed_by(uow, door.person))[:SHOWN]]
    theirs = [await _line(uow, desk, door, (row, lang, "")) for row in (await asks.owed_to(uow, door.person))[:SHOWN]]
    mine_too = await boards.candidates(uow, desk, door.person, lang)
    wanted = query.get("q", "").strip()
    if wanted:
        mine, theirs = [one for one in mine if _has(one, wanted)], [one for one in theirs if _has(one, wanted)]
        mine_too = [one for one in mine_too if _has(one, wanted)]
    name = reader.party.shown(lang) if reader else ""
    shown = (
        *_owing(mine, theirs, lang),
        *await timetable.today(uow, desk, reader, lang),
        boards.of_candidates(mine_too, lang),
        *await boards.told_us(uow, desk, reader, lang),
    )
    return Page(
        lang=lang,
        heading=f"{name}，今天" if zh else f"{name}, today",
        sender=sender_name(desk, lang),
        boards=shown,
        wide=True,
        search=("找人或编号" if zh else "Name or number", wanted),
        links=await _ways_on(uow, door, lang),
        foot=(
            "每天早上会有新的链接。这个链接只给你本人。" if zh else "A fresh link comes every morning. This one is for you only.",
        ),
        foot_links=((door.me, "看看我们保存了你的哪些信息" if zh else "See what we hold about you"),),
    ), 200


def _owing(mine: list[Line], theirs: list[Line], lang: str) -> tuple[Board, Board]:
    """What the reader owes and what is owed to them."""
    zh = lang == "zh"
    heads = ("状态", "欠什么", "谁", "期限") if zh else ("State", "What", "Who", "Due")
    return (
        Board(
            f"我欠的（{len(mine)}）" if zh else f"What I owe ({len(mine)})",
            tuple(mine),
            "没有欠着的。" if zh else "Nothing is waiting for you.",
            heads,
        ),
        Board(
            f"欠我的（{len(theirs)}）" if zh else f"Who owes me ({len(theirs)})",
            tuple(theirs),
            "没有人欠你。" if zh else "Nobody owes you anything.",
            heads,
        ),
    )


async def _ways_on(uow: Uow, door: Door, lang: str) -> tuple[tuple[str, str], ...]:
    """Where one goes from here; to what is forwarded by one's own WeChat only while something waits for it."""
    zh, here, waiting = lang == "zh", door.here, len(await cards.by_hand(uow, door.person))
    said = f"用微信转发（{waiting}）" if zh else f"Forward by WeChat ({waiting})"
    return (
        (f"{here}/add", "添加候选人" if zh else "Add a candidate"),
        (f"{here}/timetable", "面试时间表" if zh else "Interviews"),
        (f"{here}/hub", "往来" if zh else "Everything said"),
        (f"{here}/brief", "今日简报" if zh else "Today’s brief"),
        *(((here.replace("/home/", "/hand/", 1), said),) if waiting else ()),
    )


async def add(uow: Uow, desk: Desk, door: Door, posted: Mapping[str, str] | None) -> Answered:
    """The standing ask: a form on GET, one event to the door on POST."""
    scene, here = await _standing(uow, desk, door), door.here
    kind = registry.kind_of("add_candidate")
    page = ask_page.ask_page(kind, scene, door.me, {"once": desk.links.once(())})
    page = _without_strip(page, here, scene.lang)
    if posted is None or posted.get("lang"):
        return _with(page, values=posted or {}), 200
    once = desk.links.read_once(posted.get("once", ""))
    filled = read(kind.form(scene), posted, scene.lang)
    errors = dict(filled.errors)
    values = {**filled.clear, **filled.sealed}
    if not values.get("mail") and not values.get("phone"):
        errors.setdefault("mail", "邮箱和电话至少填一个" if scene.lang == "zh" else "Mail or phone: one of them is needed")
    if errors or once is None:
        return states.with_errors(page, posted, errors), 422
    if await asks.use_once(uow, once.nonce):
        try:
            add_candidate(uow, door.person, values, once.nonce)
        except ValidationError:
            return states.with_errors(
                page, posted, {"mail": "这个邮箱写得不对" if scene.lang == "zh" else "This is not a mail address"}
            ), 422
    done = states.done(kind, scene, states.Outcome(), door.me)
    return _without_strip(done, here, scene.lang), 200


async def _standing(uow: Uow, desk: Desk, door: Door) -> Scene:
    scene = await scene_of(uow, desk.house, Subject(holder=door.person, role="recruiter", audience="staff", lang=door.lang))
    roles = [
        (str(one["externalref"]), f"{one['code']} · {one['title']}")
        for one in await directory.open_requisitions(uow, door.person)
    ]
    return _with(scene, criteria=tuple(roles))


async def _line(uow: Uow, desk: Desk, door: Door, seen: tuple[dict[str, Any], str, str]) -> Line:
    row, lang, here = seen
    scene = await scene_of(uow, desk.house, await ask_subject(uow, row, row["holder_id"] or door.person, lang))
    kind = registry.kind_of(row["kind"])
    late = row["due_at"] is not None and row["due_at"] < uow.now
    zh = lang == "zh"
    state, word = (
        ("over", "超时" if zh else "Overdue")
        if late
        else ("you", "等你" if zh else "Waiting on you")
        if here
        else ("them", "等对方" if zh else "Waiting on them")
    )
    who = scene.holder.shown(lang) if not here else scene.candidate.shown(lang) or scene.next.shown(lang)
    due = wording.instant(row["due_at"], scene.zone, lang, uow.now) if row["due_at"] else ""
    said = scene.fill(kind.act)
    what = said[:1].upper() + said[1:]
    small = " · ".join(part for part in (scene.candidate.shown(lang), scene.code, scene.role) if part)
    overdue = wording.duration(uow.now - row["due_at"], lang) if late else ""
    return Line(
        state,
        word,
        what,
        small,
        due,
        (f"超时 {overdue}" if zh else f"{overdue} overdue") if late else "",
        f"{here}/{row['id']}" if here else "",
        who,
    )


def _has(line: Line, wanted: str) -> bool:
    low = wanted.lower()
    return any(low in part.lower() for part in (line.what, line.small, line.who))


def _without_strip(page: Page, here: str, lang: str) -> Page:
    return _with(page, relay=(), links=((here, "回到首页" if lang == "zh" else "Back to my page"),))


def _with(thing: Any, **changes: Any) -> Any:
    return replace(thing, **changes)


def ask_of(path: str) -> UUID | None:
    """The ask id in a path below a home link, or None."""
    try:
        return UUID(path)
    except ValueError:
        return None
