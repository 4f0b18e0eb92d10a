"""Many asks of one kind behind one link: rows side by side, each answers by itself, each says what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification import domain, wording
from services.notification.desk import Desk
from services.notification.domain import Verdict
from services.notification.links import Once
from services.notification.look import ask_page, states
from services.notification.look.form import read
from services.notification.look.page import Page
from services.notification.look.scene import Scene
from services.notification.pages.common import Answered
from services.notification.pages.seen import Door, Seen, outcome_of, see, theirs
from services.notification.store import asks
from services.notification.usecases.answering import Given, answer
from services.notification.wording import T
from shared.runtime.db import Uow

_SECOND = T("已经有人答复了", "Somebody has answered already")
_SETTLED = T("这一件已经处理好了", "This one is settled already")


async def page_of(uow: Uow, desk: Desk, door: Door, rows: list[dict[str, Any]]) -> Page:
    """The rows as they stand now; what can be taken back by this reader has its button."""
    scenes: dict[str, Scene] = {}
    marks: dict[str, tuple[str, str]] = {}
    acts: list[tuple[str, str]] = []
    for row in rows:
        seen = await see(uow, desk, door, row)
        scenes[str(row["id"])] = seen.scene
        if row["state"] != "open":
            marks[str(row["id"])] = await _mark(uow, desk, door, seen)
        if domain.may_retract(row, door.person, uow.now):
            until = f"{wording.local(row['undo_until'], seen.scene.zone):%H:%M}"
            who = seen.scene.words["cand"]
            label = T(f"撤回：{who}（{until} 前）", f"Take back: {who} (until {until})").at(seen.scene.lang)
            acts.append((f"undo:{row['id']}", label))
    hidden = {"once": desk.links.once([(row["id"], row["version"]) for row in rows])}
    return replace(ask_page.bundle_page(registry.kind_of(rows[0]["kind"]), scenes, marks, door.me, hidden), acts=tuple(acts))


async def _mark(uow: Uow, desk: Desk, door: Door, seen: Seen) -> tuple[str, str]:
    outcome, zh = await outcome_of(uow, desk, door, seen), seen.scene.lang == "zh"
    if seen.row["state"] == "closed":
        return "lapsed", "已经不需要了" if zh else "no longer needed"
    said = outcome.said[0][1] if outcome.said else ""
    if outcome.mine:
        return "met", f"已答复：{said}" if zh else f"answered: {said}"
    when = wording.instant(outcome.at, seen.scene.zone, seen.scene.lang, uow.now) if outcome.at else ""
    return "met", f"{outcome.by} 已答复（{when}）" if zh else f"{outcome.by} answered ({when})"


async def send(
    uow: Uow, desk: Desk, door: Door, rows: Mapping[UUID, dict[str, Any]], sent: tuple[Mapping[str, str], Once]
) -> Answered:
    """Each row that was filled in answers by itself, once for each page it was sent from; the others stay open.

    `rows` are all asks of the link, locked: a row that was settled while the page lay open is no fault of the reader. A row may be sent
    from a page that has sent another one before (a second tab, the way back): that is no repetition.
    """
    posted, once = sent
    mine = theirs(rows, door.person, uow)
    ready, errors = await _filled(uow, desk, door, (mine, posted, once))
    page = await page_of(uow, desk, door, mine)
    if errors:
        return states.with_errors(page, posted, errors), 422
    if not ready:
        gone = _touched(posted, (row["id"] for row in rows.values()))
        if gone or not any(row["state"] == "open" for row in mine):
            return replace(page, heading=_SETTLED.at(page.lang)), 200
        return states.with_errors(page, posted, {}), 422
    new = [(seen, given) for seen, given in ready if await asks.use_once(uow, f"{once.nonce}/{seen.row['id']}")]
    if not new:
        return page, 200
    judged = [(await answer(uow, desk, seen.row, given), seen, given) for seen, given in new]
    fresh = theirs(await asks.read(uow, [row["id"] for row in mine]), door.person, uow, keep=True)
    page = await page_of(uow, desk, door, fresh)
    return _told(page, judged, posted)


def _touched(posted: Mapping[str, str], ids: Iterable[UUID]) -> list[UUID]:
    return [one for one in ids if any(name.startswith(f"{one}.") and value.strip() for name, value in posted.items())]


async def _filled(
    uow: Uow, desk: Desk, door: Door, sent: tuple[list[dict[str, Any]], Mapping[str, str], Once]
) -> tuple[list[tuple[Seen, Given]], dict[str, str]]:
    mine, posted, once = sent
    errors: dict[str, str] = {}
    ready: list[tuple[Seen, Given]] = []
    touched = _touched(posted, (row["id"] for row in mine))
    for row in mine:
        if row["id"] not in touched:
            continue
        seen, prefix = await see(uow, desk, door, row), str(row["id"])
        filled = read(seen.form.prefixed(prefix), posted, seen.scene.lang)
        if row["state"] == "open":
            errors.update(filled.errors)
        cut = len(prefix) + 1
        clear = {name[cut:]: value for name, value in filled.clear.items()}
        words = {name[cut:]: value for name, value in filled.sealed.items()}
        ready.append((seen, Given(door.person, clear, words, once.versions.get(prefix, 0), once.nonce)))
    return ready, errors


def _told(page: Page, judged: list[tuple[Verdict, Seen, Given]], posted: Mapping[str, str]) -> Answered:
    """What happened, as the heading: recorded; changed since (nothing recorded, the words kept); late; settled by somebody before."""
    verdicts, scene = {one for one, _, _ in judged}, judged[0][1].scene
    if Verdict.CHANGED in verdicts:
        kept = {
            name: value
            for verdict, seen, _ in judged
            for name, value in posted.items()
            if verdict is Verdict.CHANGED and name.startswith(f"{seen.row['id']}.")
        }
        return replace(
            page, heading=states.CHANGED.at(page.lang), lead=(states.AGAIN.at(page.lang), *page.lead), values=kept
        ), 409
    if Verdict.WINS in verdicts:
        heading = scene.fill(registry.kind_of(judged[0][1].row["kind"]).done)
    elif Verdict.LATE in verdicts:
        heading = states.LATE.at(page.lang)
    else:
        heading = (states.MINE if verdicts == {Verdict.MINE_ALREADY} else _SECOND).at(page.lang)
    return replace(page, heading=heading), 200
