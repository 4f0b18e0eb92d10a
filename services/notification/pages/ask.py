"""The door of an ask: one question or a bundle, shown as it stands now; a POST meets the arbiter's row."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.notification import asks as registry
from services.notification import domain
from services.notification.asks import care
from services.notification.desk import Desk
from services.notification.domain import Verdict
from services.notification.look import ask_page, nowhere, states
from services.notification.look.form import read
from services.notification.look.page import Page
from services.notification.pages import bundle
from services.notification.pages.common import Answered, sender_name
from services.notification.pages.me import note
from services.notification.pages.seen import Door, Seen, outcome_of, see, side_by_side, theirs
from services.notification.store import asks
from services.notification.usecases.answering import Given, answer, came_second, retract
from services.notification.usecases.calls import answer_served
from shared.runtime.db import Uow


async def show(uow: Uow, desk: Desk, door: Door) -> Answered:
    """GET: the page of the link's state; nothing is changed."""
    rows, query = await asks.read(uow, door.ask_ids), door.query
    mine = theirs(rows, door.person, uow)
    if not mine:
        lang = door.lang or "zh"
        return nowhere.not_yours(lang, sender_name(desk, lang), {"once": desk.links.once(())}), 403
    if side_by_side(mine):
        return await bundle.page_of(uow, desk, door, mine), 200
    seen = await see(uow, desk, door, mine[0])
    page = await state_page(uow, desk, door, seen)
    if seen.row["state"] == "open":
        if query.get("v", "").isdigit() and int(query["v"]) < seen.row["version"]:
            page = replace(
                states.superseded(registry.kind_of(seen.row["kind"]), seen.scene, (), {}, (door.me, page.hidden)), form=seen.form
            )
        page = replace(page, values={one.name: query[one.name] for one in seen.form.fields if one.name in query})
    return page, 200


async def send(uow: Uow, desk: Desk, door: Door, posted: Mapping[str, str]) -> Answered:
    """POST: undo, switch the language, or answer."""
    once = desk.links.read_once(posted.get("once", ""))
    rows = await asks.lock(uow, door.ask_ids)
    mine = theirs(rows, door.person, uow)
    if not mine:
        return await _not_mine(uow, desk, door, (posted, once is not None))
    if posted.get("lang"):
        return await _again(uow, desk, door, mine, posted), 200
    if posted.get("do", "").startswith("undo"):
        return await _undo(uow, desk, door, (mine, posted))
    if once is None:
        return await _not_from_here(uow, desk, door, (mine, posted))
    if side_by_side(mine):
        return await bundle.send(uow, desk, door, rows, (posted, once))
    return await _send_one(
        uow, desk, door, (mine[0], posted, Given(door.person, {}, {}, once.versions.get(str(mine[0]["id"]), 0), once.nonce))
    )


async def _not_mine(uow: Uow, desk: Desk, door: Door, sent: tuple[Mapping[str, str], bool]) -> Answered:
    """Nothing here is this reader's: they may say so; anything else they send meets the same page that a GET shows."""
    (posted, known), lang = sent, door.lang or "zh"
    if known and posted.get("do") in ("mine", "mistake"):
        await note(uow, desk, door, posted["do"], posted["once"])
        return nowhere.noted(lang, sender_name(desk, lang)), 200
    return nowhere.not_yours(lang, sender_name(desk, lang), {"once": desk.links.once(())}), 403


async def state_page(uow: Uow, desk: Desk, door: Door, seen: Seen) -> Page:
    """The page of one ask in the state it is in."""
    kind, hidden = registry.kind_of(seen.row["kind"]), {"once": desk.links.once([(seen.row["id"], seen.row["version"])])}
    if seen.row["state"] == "open":
        return replace(ask_page.ask_page(kind, seen.scene, door.me, hidden), form=seen.form)
    outcome = await outcome_of(uow, desk, door, seen)
    if seen.row["state"] == "answered":
        return replace(states.answered(kind, seen.scene, outcome, door.me), hidden=hidden)
    return states.closed(kind, seen.scene, outcome, door.me, hidden)


async def _send_one(uow: Uow, desk: Desk, door: Door, sent: tuple[dict[str, Any], Mapping[str, str], Given]) -> Answered:
    row, posted, given = sent
    kind, seen = registry.kind_of(row["kind"]), await see(uow, desk, door, row)
    judged = domain.judge(row, door.person, given.version)
    hidden = {"once": desk.links.once([(row["id"], row["version"])])}
    if judged is Verdict.CHANGED:
        return replace(states.superseded(kind, seen.scene, (), posted, (door.me, hidden)), form=seen.form), 409
    if judged in (Verdict.MINE_ALREADY, Verdict.OTHERS_ALREADY):
        if judged is Verdict.OTHERS_ALREADY:
            await came_second(uow, row, door.person)
        return await state_page(uow, desk, door, seen), 200
    filled = read(seen.form, posted, seen.scene.lang)
    if filled.errors and judged is Verdict.LATE and row["closed_how"] != "lapsed":
        return await state_page(uow, desk, door, seen), 200
    if filled.errors:
        return states.with_errors(await state_page(uow, desk, door, seen), posted, filled.errors), 422
    if not await asks.use_once(uow, given.nonce):  # only an answer uses it: a page that came back with a fault may be sent again
        return replace(await state_page(uow, desk, door, seen), values=posted if row["state"] == "open" else {}), 200
    own = {name: value for name, value in filled.clear.items() if not name.startswith(f"{care.SERVES}.")}
    words = {name: value for name, value in filled.sealed.items() if not name.startswith(f"{care.SERVES}.")}
    if kind.serves and judged is Verdict.WINS:
        await answer_served(uow, desk, row, (given, filled))
    judged = await answer(uow, desk, row, replace(given, clear=own, sealed=words))
    if judged is Verdict.LATE:
        return states.late_but_welcome(kind, seen.scene, door.me), 200
    return await _done(uow, desk, door, seen), 200


async def _done(uow: Uow, desk: Desk, door: Door, seen: Seen) -> Page:
    row = (await asks.read(uow, [seen.row["id"]]))[seen.row["id"]]
    outcome = await outcome_of(uow, desk, door, replace(seen, row=row))
    page = states.done(registry.kind_of(row["kind"]), seen.scene, outcome, door.me)
    return replace(page, hidden={"once": desk.links.once([(row["id"], row["version"])])})


async def _undo(uow: Uow, desk: Desk, door: Door, sent: tuple[list[dict[str, Any]], Mapping[str, str]]) -> Answered:
    mine, posted = sent
    wanted = posted.get("do", "").partition(":")[2]
    row = next((one for one in mine if str(one["id"]) == wanted), mine[0])
    taken = await retract(uow, row, door.person)
    fresh = theirs(await asks.read(uow, [one["id"] for one in mine]), door.person, uow, keep=True)
    if side_by_side(fresh):
        return await bundle.page_of(uow, desk, door, fresh), 200 if taken else 409
    page = await state_page(uow, desk, door, await see(uow, desk, door, fresh[0]))
    words = {
        True: ("撤回了，请重新选", "Taken back; choose again"),
        False: ("已经过了撤回的时间", "It is too late to take it back"),
    }[taken]
    return replace(
        page, alert="" if taken else words[page.lang == "en"], small=words[page.lang == "en"] if taken else page.small
    ), 200 if taken else 409


async def _not_from_here(uow: Uow, desk: Desk, door: Door, sent: tuple[list[dict[str, Any]], Mapping[str, str]]) -> Answered:
    """A page not made here records nothing and keeps what was typed."""
    mine, posted = sent
    if side_by_side(mine):
        return replace(await bundle.page_of(uow, desk, door, mine), values=posted), 409
    seen = await see(uow, desk, door, mine[0])
    return replace(await state_page(uow, desk, door, seen), values=posted if seen.row["state"] == "open" else {}), 409


async def _again(uow: Uow, desk: Desk, door: Door, mine: list[dict[str, Any]], posted: Mapping[str, str]) -> Page:
    """The same page in the other language, with what was typed."""
    door = replace(door, lang="en" if posted["lang"] == "en" else "zh")
    if side_by_side(mine):
        return replace(await bundle.page_of(uow, desk, door, mine), values=posted)
    return replace(await state_page(uow, desk, door, await see(uow, desk, door, mine[0])), values=posted)
