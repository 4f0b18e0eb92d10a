"""/hand/<home token>: what our people forward by their own WeChat; text and link to copy, one button that says it was sent.

Marking it is the delivery: the fact is told with channel `hand`, and the call that stood for it is answered.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.notification import wording
from services.notification.desk import Desk
from services.notification.domain import Truth
from services.notification.look.page import Page, Slip
from services.notification.pages.common import Answered, sender_name
from services.notification.pages.seen import Door
from services.notification.people import Person, people
from services.notification.sending.compose import card_of_words, words_of
from services.notification.sending.guards import judge_all
from services.notification.store import asks, cards, messages
from services.notification.usecases.answering import Given, answer
from services.notification.usecases.causes import cause_of
from services.notification.usecases.telling import fact
from services.notification.wording import T
from shared.contracts.notification import MessageDelivered, MessageSent
from shared.runtime.db import Uow

TITLE = T("用你的微信转发", "Forward by your own WeChat")
LEAD = T("复制文字，在微信里发给对方；发出以后在这里点一下，就算送达。", "Copy the text and send it to them in WeChat. Once it is sent, press the button: it counts as delivered.")
NONE = T("没有要转发的了。", "Nothing is waiting to be forwarded.")
SENT = T("已用微信发出", "I sent it by WeChat")
NOTED = T("记下了：{who} 的这条算作送达。", "Noted: this one to {who} counts as delivered.")
TEXT = T("发给 {who} 的文字", "The text for {who}")
COPY, COPIED = T("复制", "Copy"), T("已复制", "Copied")


async def show(uow: Uow, desk: Desk, door: Door, posted: Mapping[str, str] | None) -> Answered:
    """GET: what waits for this person's hand and is still true; nothing is changed. POST: one of them was sent; twice changes nothing."""
    reader = (await people(uow, desk.house.vault, [door.person])).get(door.person) or Person(door.person)
    lang = door.lang or reader.lang
    noted = await _noted(uow, desk, door, (posted, lang)) if posted is not None and posted.get("do") == "sent" else ""
    waiting = await cards.by_hand(uow, door.person)
    slips = [slip for row in waiting if (slip := await _slip(uow, desk, row, (reader, lang))) is not None]
    back = ((door.here.replace("/hand/", "/home/", 1), T("回到首页", "Back to my page").at(lang)),)
    return Page(
        lang=lang,
        heading=TITLE.at(lang),
        sender=sender_name(desk, lang),
        lead=tuple(one for one in (noted, (LEAD if slips else NONE).at(lang)) if one),
        slips=tuple(slips),
        hidden={"once": desk.links.once(())},
        links=() if slips else back,
        foot_links=back if slips else (),
        foot=(T("这个链接只给你本人。", "This link is for you only.").at(lang),),
    ), 200


async def _noted(uow: Uow, desk: Desk, door: Door, seen: tuple[Mapping[str, str], str]) -> str:
    """The sentence that says it was marked; empty where nothing was: not theirs, not waiting any more, or not sent by this page. Each once a page."""
    posted, lang = seen
    row = next((one for one in await cards.by_hand(uow, door.person) if str(one["id"]) == posted.get("message")), None)
    once = desk.links.read_once(posted.get("once", ""))
    if row is None or once is None or not await asks.use_once(uow, f"{once.nonce}/{row['id']}"):
        return ""
    await mark_sent(uow, desk, row, door.person)
    to = (await people(uow, desk.house.vault, [row["person_id"]])).get(row["person_id"])
    return NOTED.at(lang).format(who=to.party.shown(lang) if to else "—")


async def _slip(uow: Uow, desk: Desk, row: dict[str, Any], read_by: tuple[Person, str]) -> Slip | None:
    """One message to carry, in the words of whom it goes to; None where it is not true any more or they are unknown."""
    reader, lang = read_by
    if (await judge_all(uow, row))[0] is not Truth.HOLDS:
        return None
    to = (await people(uow, desk.house.vault, [row["person_id"]])).get(row["person_id"])
    if to is None or not to.party.name:
        return None
    card = await card_of_words(uow, desk, (row, to), await words_of(uow, desk, [row], to))
    who = to.party.shown(lang)
    since = wording.instant(row["created_at"], reader.zone, lang, uow.now)
    return Slip(
        str(row["id"]), who, T(f"从 {since} 起等你转发", f"Waiting for you since {since}").at(lang), TEXT.at(lang).format(who=who),
        f"{card.text()}\n{card.link}", wording.html_lang(to.lang), (COPY.at(lang), COPIED.at(lang)), SENT.at(lang))


async def mark_sent(uow: Uow, desk: Desk, row: dict[str, Any], by: UUID) -> None:
    """It left by this person's hand now; the call that stood for it is answered by the same act."""
    await messages.settle(uow, row["id"], "delivered", {"accepted_at": uow.now, "provider_id": f"hand:{by}"})
    for cls in (MessageSent, MessageDelivered):
        uow.emit(fact(cls, row, uow), cause=cause_of(row["cause"]), actor=f"person:{by}")
    for call in await cards.calls_for(uow, row["ask_id"], by):
        locked = (await asks.lock(uow, [call])).get(call)
        if locked is not None and locked["state"] == "open":
            done = {"done": "yes", "reached": "yes"}
            await answer(uow, desk, locked, Given(by, done, {}, locked["version"], f"hand/{row['id']}", via="wechat"))
