"""Below /me/<token>: correct what is wrong, ask for erasure, take a copy. Words typed here are sealed before they leave this service."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from services.notification import wording
from services.notification.desk import Desk
from services.notification.look.form import Field, Filled, Form, Option, read
from services.notification.look.page import Page
from services.notification.look.states import with_errors
from services.notification.pages.common import HEADERS, Answered, sender_name
from services.notification.pages.me import BY, facts_of, me_of, note, title_of
from services.notification.pages.seen import Door
from services.notification.people import Person
from services.notification.sending.routes import address
from services.notification.store import asks, directory, ledger
from services.notification.usecases.correcting import NO_HOURS, correct
from services.notification.wording import T
from shared.contracts.sealed import Sealed
from shared.runtime.db import Uow
from shared.runtime.errors import KeyErasedError

HOURS = {
    NO_HOURS: T("都可以", "Any time"),
    "09:00-12:00": T("上午（9:00–12:00）", "Mornings (9:00–12:00)"),
    "12:00-14:00": T("午休（12:00–14:00）", "Lunch break (12:00–14:00)"),
    "09:00-18:00": T("白天（9:00–18:00）", "Daytime (9:00–18:00)"),
    "18:00-21:00": T("下班后（18:00–21:00）", "After work (18:00–21:00)"),
}
"""Each meets the shipped windows of mail and text messages every day, so that nothing waits for more than a day because of it."""
ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
)


async def correction(uow: Uow, desk: Desk, door: Door, posted: Mapping[str, str] | None) -> Answered:
    """GET the form; POST what was wrong. Empty fields stay as they are."""
    person, lang = await me_of(uow, desk, door, posted)
    page = _frame(desk, door, lang, T("更正我们保存的信息", "Correct what we hold"))
    page = replace(page, form=_form(desk, person, lang), hidden={"once": desk.links.once(())})
    if posted is None or posted.get("lang"):
        return replace(page, values={"name": person.party.name, "locale": person.lang, "hours": person.hours or NO_HOURS, **(posted or {})}), 200
    once = desk.links.read_once(posted.get("once", ""))
    if once is None:
        return replace(page, values=posted), 409
    filled = _judged(read(page.form or Form((), ""), posted, lang), lang)
    changed = _changed(person, filled)
    if filled.errors or not changed:
        return with_errors(page, posted, filled.errors), 422
    if await asks.use_once(uow, once.nonce):
        await correct(uow, desk, door.person, changed, once.nonce)
    done = T("改好了", "Corrected").at(lang)
    soon = T("几分钟内生效；以后的消息都按新的来。", "It takes effect within minutes; every later message follows it.").at(lang)
    return replace(page, heading=done, lead=(soon,), form=None, facts=_said(page.form, changed, lang)), 200


def _form(desk: Desk, person: Person, lang: str) -> Form:
    zones = dict.fromkeys((person.zone, *ZONES))
    keep = T("留空就不变。现在是 {now}", "Leave empty to keep it. Now: {now}").at(lang)
    now = [value for _, value in facts_of(person, lang)]
    return Form(
        (
            Field("name", T("姓名", "Name").at(lang), "line", sealed=True),
            Field("mail", T("邮箱", "Mail").at(lang), "line", sealed=True, hint=keep.format(now=now[1])),
            Field("phone", T("电话", "Phone").at(lang), "line", sealed=True, hint=keep.format(now=now[2])),
            Field(
                "locale",
                T("用哪种语言写给你", "Language we write in").at(lang),
                "choice",
                (Option("zh", "中文"), Option("en", "English")),
            ),
            Field(
                "zone",
                T("时区", "Zone").at(lang),
                "choice",
                tuple(Option(one, wording.city(one, lang)) for one in zones),
                folded=T("换一个时区（现在是{now}）", "Another time zone (now {now})")
                .at(lang)
                .format(now=wording.zone_name(person.zone, lang)),
            ),
            *_ways(desk, person, lang),
            Field(
                "hours",
                T("什么时候给我发消息", "When messages may come").at(lang),
                "choice",
                tuple(Option(one, said.at(lang)) for one, said in HOURS.items()),
                folded=T("什么时候给我发消息", "When messages may come").at(lang),
                hint=T("急事和你自己办的事不受这个限制。", "What is urgent, or follows from your own act, comes at once.").at(lang),
            ),
        ),
        T("更正", "Correct").at(lang),
    )


def _ways(desk: Desk, person: Person, lang: str) -> tuple[Field, ...]:
    """By which channel first: asked of those who can be reached by several."""
    ways = [one for one in desk.channels if one != "webhook" and address(person, one)]
    asked = T("先用哪种方式找我", "How to reach me first").at(lang)
    return (Field("channel", asked, "choice", tuple(Option(one, BY[one].at(lang)) for one in ways)),) if len(ways) > 1 else ()


def _judged(filled: Filled, lang: str) -> Filled:
    """Addresses have to look like addresses; whether they work, the next message shows."""
    errors = dict(filled.errors)
    mail, phone = filled.sealed.get("mail", ""), filled.sealed.get("phone", "")
    host = mail.partition("@")[2]
    if mail and ("." not in host or " " in mail or mail.count("@") != 1 or host.startswith(".")):
        errors["mail"] = T("这个邮箱写得不对", "This is not a mail address").at(lang)
    if phone and (sum(one.isdigit() for one in phone) < 7 or any(one.isalpha() for one in phone)):
        errors["phone"] = T("这个电话写得不对", "This is not a phone number").at(lang)
    return replace(filled, errors=errors)


def _changed(person: Person, filled: Filled) -> dict[str, str]:
    now = {
        "name": person.party.name, "mail": person.mail, "phone": person.phone, "locale": person.lang, "zone": person.zone,
        "channel": next(iter(person.channels), ""), "hours": person.hours or NO_HOURS}
    return {name: value for name, value in {**filled.clear, **filled.sealed}.items() if value != now.get(name)}


def _said(form: Form | None, changed: Mapping[str, str], lang: str) -> tuple[tuple[str, str], ...]:
    shown = {**changed}
    if "mail" in shown:
        shown["mail"] = wording.masked(shown["mail"])
    if "phone" in shown:
        shown["phone"] = f"•••{shown['phone'][-4:]}"
    if "zone" in shown:
        shown["zone"] = wording.zone_name(shown["zone"], lang)
    if "locale" in shown:
        shown["locale"] = "中文" if shown["locale"] == "zh" else "English"
    if "hours" in shown:
        shown["hours"] = HOURS[shown["hours"]].at(lang)
    if "channel" in shown:
        shown["channel"] = BY[shown["channel"]].at(lang)
    return tuple((one.label, shown[one.name]) for one in (form.fields if form else ()) if one.name in shown)


async def erasure(uow: Uow, desk: Desk, door: Door, posted: Mapping[str, str] | None) -> Answered:
    """GET says what erasing means; POST asks for it: a person looks, because duties to keep may stand against it."""
    _, lang = await me_of(uow, desk, door, posted)
    page = _frame(desk, door, lang, T("删除我们保存的信息", "Erase what we hold"))
    means = T(
        "删除后我们再也打不开你的姓名、联系方式、材料和你写的话，没有人能恢复。正在进行的应聘会停下。法律要求留存的，只留不含你身份的记录。",
        "After it nobody can open your name, addresses, documents and words again. What you have applied for stops. Where law makes us keep a record, it is one without your identity.",
    )
    page = replace(
        page,
        lead=(means.at(lang),),
        form=Form(
            (),
            T("请删除", "Please erase").at(lang),
            T("15 天内办好，办好会告诉你。", "Done within 15 days; you are told.").at(lang),
        ),
        hidden={"once": desk.links.once(())},
    )
    if posted is None or posted.get("lang"):
        return page, 200
    once = desk.links.read_once(posted.get("once", ""))
    if once is None:
        return page, 409
    if await asks.use_once(uow, once.nonce):
        await note(uow, desk, door, "erase", posted["once"])
    done = T("收到，15 天内办好", "We have it; done within 15 days").at(lang)
    return replace(
        page, heading=done, form=None, lead=(T("有人会确认，并告诉你结果。", "A person confirms it and tells you.").at(lang),)
    ), 200


def _frame(desk: Desk, door: Door, lang: str, heading: T) -> Page:
    return Page(
        lang=lang,
        heading=heading.at(lang),
        sender=sender_name(desk, lang),
        foot=(T("这个链接只给你本人，请勿转发。", "This link is for you only, please do not forward it.").at(lang),),
        links=((door.me, T("回到我的信息", "Back to what you hold").at(lang)),),
    )


async def export(uow: Uow, desk: Desk, door: Door) -> Response:
    """A copy for the person: who we think they are, what they applied for, what was said and answered. A GET, so nothing is changed."""
    person, lang = await me_of(uow, desk, door, None)
    hires = await directory.hires_of_person(uow, door.person)
    body = {
        "person": {
            "name": person.party.name,
            "mail": person.mail,
            "phone": person.phone,
            "language": person.lang,
            "zone": person.zone,
        },
        "applications": [
            {"reference": one["body"].get("externalref"), "stage": one["state"], "facts": one["body"].get("facts")}
            for one in hires
        ],
        "messages": [_message(row, lang) for row in await ledger.said_to(uow, door.person, 10_000)],
        "answers": [await _answer(uow, desk, (person, lang), row) for row in await ledger.answered_by(uow, door.person)],
        "made_at": uow.now.isoformat(),
    }
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="my-data.json"'}
    text = json.dumps(body, ensure_ascii=False, indent=1, default=str)
    return Response(text, media_type="application/json", headers=headers)


def _message(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    at = row["accepted_at"] or row["created_at"]
    seen = {"seen_at": row["seen_at"].isoformat()} if row["seen_at"] else {}
    return {"about": title_of(row["template"], lang), "by": row["channel"], "state": row["state"], "at": at.isoformat(), **seen}


async def _answer(uow: Uow, desk: Desk, reader: tuple[Person, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """What they answered; words that are about somebody else stay sealed."""
    (person, lang), said = reader, row["answer"] or {}
    words = {}
    for box in said.get("sealed") or ():
        sealed = Sealed.model_validate(box)
        if sealed.person_id != person.id:
            continue
        key = (await desk.house.vault.keys(uow, [sealed.person_id])).get(sealed.person_id)
        try:
            words[sealed.field.partition(".")[2]] = desk.house.vault.open(sealed, key)
        except KeyErasedError:
            continue
    return {
        "question": title_of(row["kind"], lang),
        "at": row["answered_at"].isoformat(),
        "answer": said.get("clear"),
        "words": words,
    }
