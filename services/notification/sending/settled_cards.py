"""Cards that no longer say the truth are changed: the ask was answered on the page, by mail or by a colleague, closed, taken back or put anew."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from services.notification import asks as registry
from services.notification import wording
from services.notification.channels.base import Changing
from services.notification.channels.card import Card
from services.notification.desk import Desk
from services.notification.people import Person, people
from services.notification.scenes import scene_of
from services.notification.sending.compose import ask_subject, card_of_words, words_of
from services.notification.sending.preparing import Office
from services.notification.sending.routes import CHATS, address
from services.notification.store import asks, cards
from services.notification.wording import T
from shared.runtime.db import Database, Uow

MOST = 20
_ANSWERED = T("已答复：{said}（{at}）", "Answered: {said} ({at})")
_BY = T("{who} 已答复（{at}）", "{who} answered ({at})")
_CLOSED = T("已经不需要答复了", "No answer is needed any more")


async def change_cards(db: Database, office: Office) -> int:
    """Change what has to be changed; returns how many. A vendor that lets it no more is not asked again."""
    async with db.unit() as uow:
        todo = []
        for row in await cards.stale(uow, CHATS, MOST):
            card = await card_now(uow, office.desk, row)
            if card is not None and row["channel"] in office.channels:
                handle = await _handle(uow, office.desk, row)
                todo.append((row, handle, card))
    for row, handle, card in todo:
        changed = await cast(Changing, office.channels[row["channel"]]).change(handle, card.as_bytes())
        async with db.unit() as uow:
            await cards.show(uow, row["id"], row["wanted"] if changed else "fixed")
    return len(todo)


async def _handle(uow: Uow, desk: Desk, row: dict[str, Any]) -> str:
    """What the vendor knows the card by; WeCom needs the member beside its code."""
    if row["channel"] != "wecom":
        return str(row["provider_id"] or "")
    found = (await people(uow, desk.house.vault, [row["person_id"]])).get(row["person_id"])
    return f"{address(found, 'wecom')} {row['provider_id'] or ''}" if found else ""


async def card_now(uow: Uow, desk: Desk, row: dict[str, Any]) -> Card | None:
    """The card of a message as it should look now; None where its reader or its ask is gone."""
    reader = (await people(uow, desk.house.vault, [row["person_id"]])).get(row["person_id"])
    ask = (await asks.read(uow, [row["ask_id"]])).get(row["ask_id"])
    if reader is None or not reader.party.name or ask is None:
        return None
    said = await words_of(uow, desk, [row], reader)
    card = await card_of_words(uow, desk, (row, reader), said)
    return _settled(card, await settled_text(uow, desk, ask, reader))


def _settled(card: Card, text: str) -> Card:
    return replace(card, settled=text) if text else card


async def settled_text(uow: Uow, desk: Desk, ask: dict[str, Any], reader: Person) -> str:
    """What became of the ask, in the reader's words; empty while it is open."""
    if ask["state"] == "open":
        return ""
    if ask["state"] == "closed":
        return _CLOSED.at(reader.lang)
    at = wording.instant(ask["answered_at"], reader.zone, reader.lang, uow.now)
    if ask["answered_by"] == reader.id:
        return _ANSWERED.at(reader.lang).format(said=await _said(uow, desk, ask, reader), at=at)
    who = await _name(uow, desk, ask["answered_by"], reader.lang)
    return _BY.at(reader.lang).format(who=who, at=at)


async def _said(uow: Uow, desk: Desk, ask: dict[str, Any], reader: Person) -> str:
    scene = await scene_of(uow, desk.house, await ask_subject(uow, ask, reader.id, reader.lang))
    clear = (ask["answer"] or {}).get("clear") or {}
    for field in registry.kind_of(ask["kind"]).form(scene).fields:
        for option in field.options:
            if clear.get(field.name) == option.value:
                return option.label
    return "✓"


async def _name(uow: Uow, desk: Desk, person: UUID | None, lang: str) -> str:
    found = (await people(uow, desk.house.vault, [person])).get(person) if person else None
    return found.party.shown(lang) if found else ("系统" if lang == "zh" else "the machine")
