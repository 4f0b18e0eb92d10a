"""A button pressed in a chat meets the arbiter like any other answer; the card then says the truth (agreements.md 3).

The vendor's signature says that the vendor sent it; the value's MAC says that we made it; only both with the user id of the very person say
who answers. Whoever else presses is told that the question is not theirs, and nothing is recorded.
"""

from dataclasses import dataclass, replace
from typing import Any

from services.notification import asks as registry
from services.notification import domain
from services.notification.channels.card import Card
from services.notification.channels.press import Press, Presses
from services.notification.desk import Desk
from services.notification.look.form import read
from services.notification.people import Person, people
from services.notification.scenes import scene_of
from services.notification.sending.compose import ask_subject
from services.notification.sending.routes import address
from services.notification.sending.settled_cards import card_now
from services.notification.store import asks, cards
from services.notification.usecases.answering import Given, answer
from services.notification.wording import T
from shared.runtime.db import Uow

_UNKNOWN = T("这个按钮不是我们的，请打开邮件或页面里的链接", "This button is not ours; please use the link in your mail")
_FOREIGN = T("这个问题是问别人的，没有记录", "This question is for somebody else; nothing was recorded")
_LATE = T("已经结束了；请打开页面看现在的情况", "It has ended; the page shows how things stand")
_CHANGED = T("问题有变化，请看新的内容", "The question has changed; please read it again")
_OPEN_PAGE = T("请打开页面答复", "Please answer on the page")
_DONE = T("收到你的答复", "Your answer is recorded")
_SECOND = T("已经有人答复了", "Somebody has answered already")


@dataclass(frozen=True)
class Pressed:
    """What comes back from a vendor: which one, its id of the user, our value, what makes this press one press, what the card is known by now."""

    vendor: str
    user: str
    value: str
    key: str
    handle: str = ""


@dataclass(frozen=True)
class Shown:
    """What the person sees: a word, whether it is good news, and the card as it stands now."""

    word: str
    good: bool
    card: Card | None = None


async def pressed(uow: Uow, desk: Desk, press: Pressed) -> Shown:
    """Record the answer, or say why not."""
    meant = Presses(desk.house.vault.links).read(press.value)
    if meant is None:
        return Shown(_UNKNOWN.at("zh"), False)
    reader = (await people(uow, desk.house.vault, [meant.person])).get(meant.person)
    if reader is None or not press.user or address(reader, press.vendor) != press.user:
        return Shown(_FOREIGN.at(reader.lang if reader else "zh"), False)
    row = (await asks.lock(uow, [meant.ask_id])).get(meant.ask_id)
    if row is None:
        return Shown(_LATE.at(reader.lang), False)
    first = await cards.press(uow, press.vendor, press.key, meant.ask_id)
    word, good = await _judged(uow, desk, (row, meant, reader), press.key) if first else (_DONE, True)
    message = await cards.newest(uow, meant.ask_id, reader.id, press.vendor)
    if message:
        await cards.seen(uow, message["id"])
    if message and press.handle:
        await cards.known_by(uow, message["id"], press.handle)
    return Shown(word.at(reader.lang), good, await card_now(uow, desk, message) if message else None)


async def _judged(uow: Uow, desk: Desk, about: tuple[dict[str, Any], Press, Person], key: str) -> tuple[T, bool]:
    row, meant, reader = about
    given = Given(reader.id, {meant.field: meant.value}, {}, meant.version, key, via="card")
    if domain.judge(row, reader.id, meant.version) is domain.Verdict.WINS:
        scene = await scene_of(uow, desk.house, await ask_subject(uow, row, reader.id, reader.lang))
        filled = read(registry.kind_of(row["kind"]).form(scene), given.clear, reader.lang)
        if filled.errors:
            return _OPEN_PAGE, False
        given = replace(given, clear=filled.clear, sealed=filled.sealed)
    match await answer(uow, desk, row, given):
        case domain.Verdict.WINS | domain.Verdict.MINE_ALREADY:
            return _DONE, True
        case domain.Verdict.OTHERS_ALREADY:
            return _SECOND, False
        case domain.Verdict.CHANGED:
            return _CHANGED, False
        case domain.Verdict.FOREIGN:
            return _FOREIGN, False
    return _LATE, False
