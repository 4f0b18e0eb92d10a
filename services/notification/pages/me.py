"""/me/<token>: what we hold about you, what was said to you, why; withdrawing in as many taps as applying; the way to the rest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.notification import asks as registry
from services.notification import wording
from services.notification.desk import Desk
from services.notification.look.form import Field, Form, Option, read
from services.notification.look.page import Board, Line, Page
from services.notification.look.states import with_errors
from services.notification.pages.common import Answered, sender_name
from services.notification.pages.seen import Door
from services.notification.people import Person, people
from services.notification.store import asks, directory, ledger
from services.notification.tells import is_tell, tell_of
from services.notification.usecases.publishing import withdraw
from services.notification.wording import T
from shared.runtime.db import Uow

SAID = 20
"""How many of the newest messages are listed; the export has them all."""
STATES = {
    "queued": ("them", T("还没发", "Not sent yet")),
    "sending": ("them", T("正在发", "Being sent")),
    "sent": ("met", T("已发出", "Sent")),
    "delivered": ("met", T("已送达", "Delivered")),
    "bounced": ("lapsed", T("被退回", "Came back")),
    "suppressed": ("waived", T("没有发", "Not sent")),
    "failed": ("lapsed", T("没发成", "Failed")),
}

_SEEN = ("met", T("已看到", "Seen"))
BY = {
    "mail": T("邮件", "Mail"),
    "sms": T("短信", "Text message"),
    "dingtalk": T("钉钉", "DingTalk"),
    "wecom": T("企业微信", "WeCom"),
    "feishu": T("飞书", "Feishu"),
    "slack": T("Slack", "Slack"),
    "hand": T("由人转发", "By a person"),
    "webhook": T("系统", "System"),
}


async def me_of(uow: Uow, desk: Desk, door: Door, posted: Mapping[str, str] | None) -> tuple[Person, str]:
    """The reader of this door and the language of the page."""
    person = (await people(uow, desk.house.vault, [door.person])).get(door.person) or Person(door.person)
    return person, (posted or {}).get("lang") or door.lang or person.lang


async def show(uow: Uow, desk: Desk, door: Door, posted: Mapping[str, str] | None) -> Answered:
    """GET shows; POST withdraws from the chosen role, or notes that a question is not theirs."""
    person, lang = await me_of(uow, desk, door, posted)
    live = [hire for hire in await directory.hires_of_person(uow, door.person) if hire["state"] != "closed"]
    page = await _page(uow, desk, door, (person, lang, await _options(uow, live, lang)))
    page = replace(page, hidden={"once": desk.links.once(())})
    if posted is None or posted.get("lang"):
        return page, 200
    once = desk.links.read_once(posted.get("once", ""))
    if once is not None and posted.get("do") == "not_mine":
        await note(uow, desk, door, "not_mine", posted["once"])
        thanks = T("谢谢，我们来处理", "Thank you, we take care of it").at(lang)
        return replace(page, heading=thanks, form=None, acts=(), boards=()), 200
    if page.form is None or once is None:
        return page, 409
    filled = read(page.form, posted, lang)
    if filled.errors:
        return with_errors(page, posted, filled.errors), 422
    if await asks.use_once(uow, once.nonce):
        withdraw(uow, door.person, filled.clear["application"], once.nonce)
    stops = T("所有与此有关的提醒都会停下。", "Every message about it stops.").at(lang)
    done = registry.kind_of("withdraw_me").done.at(lang)
    return replace(page, heading=done, form=None, acts=(), boards=(), lead=(stops,)), 200


async def note(uow: Uow, desk: Desk, door: Door, what: str, once: str) -> None:
    """Keep what this reader told us through their own page; the link says who they are."""
    mine = desk.links.ask_id_of(door.person, "me")
    await asks.notice(uow, desk.links.ask_id_of(door.person, "notice", once), mine, what)


async def _options(uow: Uow, live: list[dict[str, Any]], lang: str) -> tuple[Option, ...]:
    small, made = T("不必说明理由；不影响以后。", "No reason needed; it does not count against you.").at(lang), []
    for hire in live:
        body = hire["body"]
        wanted = directory.as_uuid(body.get("requisition_id"))
        requisition = (await directory.records(uow, "requisition", [wanted])).get(wanted, {}) if wanted else {}
        title = requisition.get("title") if lang == "zh" else requisition.get("title_en") or requisition.get("title")
        if body.get("externalref"):
            made.append(Option(str(body["externalref"]), str(title or body["externalref"]), small))
    return tuple(made)


def facts_of(person: Person, lang: str) -> tuple[tuple[str, str], ...]:
    """Who we think the reader is; addresses so far that their owner recognises them."""
    return (
        (T("姓名", "Name").at(lang), person.party.shown(lang) or "—"),
        (T("邮箱", "Mail").at(lang), wording.masked(person.mail) if person.mail else "—"),
        (T("电话", "Phone").at(lang), f"•••{person.phone[-4:]}" if person.phone else "—"),
        (T("语言", "Language").at(lang), "中文" if person.lang == "zh" else "English"),
        (T("时区", "Zone").at(lang), wording.zone_name(person.zone, lang)),
        *(((T("先用", "First by").at(lang), BY[person.channels[0]].at(lang)),) if person.channels and person.channels[0] in BY else ()),
        *(((T("消息时间", "Messages").at(lang), person.hours.replace("-", "–")),) if person.hours else ()),
    )


_WHY = T(
    "因为你应聘了职位，或者在一次招聘里有一件事归你。名字、联系方式和你写的话都加密保存，只在给你写信或办这件事时打开。",
    "You applied, or something in a hire is yours to do. Name, addresses and what you wrote are kept encrypted and opened only to write to you or to do it.",
)


async def _page(uow: Uow, desk: Desk, door: Door, read_by: tuple[Person, str, tuple[Option, ...]]) -> Page:
    person, lang, options = read_by
    form = None
    if options:
        label = T("不再应聘哪个职位", "Withdraw from which role").at(lang)
        field = Field("application", label, "choice", options, required=True)
        form = Form((field,), T("不再应聘", "Withdraw").at(lang))
    calendar = f"/calendar/{desk.links.feed(desk.links.ask_id_of(door.person, 'me'))}.ics"
    return Page(
        lang=lang,
        heading=T("我们保存了你的哪些信息", "What we hold about you").at(lang),
        sender=sender_name(desk, lang),
        facts=facts_of(person, lang),
        form=form,
        acts=() if options else (("not_mine", T("有一件事不归我", "Something is not mine").at(lang)),),
        links=(
            (f"{door.me}/correct", T("更正", "Correct").at(lang)),
            (calendar, T("订阅我的日历", "My calendar feed").at(lang)),
            (f"{door.me}/export.json", T("下载一份", "Take a copy").at(lang)),
            (f"{door.me}/erase", T("删除", "Erase").at(lang)),
        ),
        boards=(await _said(uow, person, lang),),
        foot=(T("这个链接只给你本人，请勿转发。", "This link is for you only, please do not forward it.").at(lang),),
        more=(T("为什么发给你", "Why you were written to").at(lang), _WHY.at(lang)),
    )


async def _said(uow: Uow, person: Person, lang: str) -> Board:
    rows = await ledger.said_to(uow, person.id, SAID)
    lines = tuple(
        Line(
            *((_SEEN[0], _SEEN[1].at(lang)) if row["seen_at"] else (STATES[row["state"]][0], STATES[row["state"]][1].at(lang))),
            title_of(row["template"], lang),
            due=wording.instant(row["accepted_at"] or row["created_at"], person.zone, lang, uow.now),
            who=BY.get(row["channel"], T(row["channel"], row["channel"])).at(lang),
        )
        for row in rows
    )
    return Board(
        T("我们给你发过什么", "What we have sent you").at(lang),
        lines,
        T("还没有发过。", "Nothing so far.").at(lang),
        (
            T("状态", "State").at(lang),
            T("内容", "What").at(lang),
            T("途径", "By").at(lang),
            T("时间", "When").at(lang),
        ),
    )


def title_of(template: str, lang: str) -> str:
    """What a message was about, in few words without a name."""
    kind = registry.kind_of(template) if registry.is_kind(template) else tell_of(template) if is_tell(template) else None
    said = kind.act.at(lang) if kind else template.replace("_", " ")
    return said[:1].upper() + said[1:]
