"""/me/<token>: what we hold about you, why you were written to, and withdrawing, in as many taps as applying."""

from collections.abc import Mapping
from dataclasses import replace

from services.notification import asks as registry
from services.notification import wording
from services.notification.desk import Desk
from services.notification.look.form import Field, Form, Option, read
from services.notification.look.page import Page
from services.notification.look.states import with_errors
from services.notification.pages.common import Answered, sender_name
from services.notification.pages.seen import Door
from services.notification.people import Person, people
from services.notification.store import asks, directory
from services.notification.usecases.publishing import withdraw
from shared.runtime.db import Uow


async def show(uow: Uow, desk: Desk, door: Door, posted: Mapping[str, str] | None) -> Answered:
    """GET shows; POST withdraws from the chosen role, or notes that a question is not theirs."""
    person = (await people(uow, desk.house.vault, [door.person])).get(door.person) or Person(door.person)
    lang = (posted or {}).get("lang") or door.lang or person.lang
    live = [hire for hire in await directory.hires_of_person(uow, door.person) if hire["state"] != "closed"]
    options = await _options(uow, live, lang)
    page = _page(desk, person, lang, options)
    page = replace(page, hidden={"once": desk.links.once(())})
    if posted is None or posted.get("lang"):
        return page, 200
    once = desk.links.read_once(posted.get("once", ""))
    if posted.get("do") == "not_mine":
        await asks.notice(uow, desk.links.ask_id_of(door.person, "notice", posted.get("once", "")), None, "not_mine")
        return replace(
            page, heading="谢谢，我们来处理" if lang == "zh" else "Thank you, we take care of it", form=None, acts=()
        ), 200
    if page.form is None or once is None:
        return page, 409
    filled = read(page.form, posted, lang)
    if filled.errors:
        return with_errors(page, posted, filled.errors), 422
    if await asks.use_once(uow, once.nonce):
        withdraw(uow, door.person, filled.clear["application"], once.nonce)
    done = registry.kind_of("withdraw_me").done.at(lang)
    return replace(
        page,
        heading=done,
        form=None,
        acts=(),
        lead=("所有与此有关的提醒都会停下。" if lang == "zh" else "Every message about it stops.",),
    ), 200


async def _options(uow: Uow, live: list[dict[str, object]], lang: str) -> tuple[Option, ...]:
    made = []
    for hire in live:
        body = hire["body"]
        assert isinstance(body, dict)
        wanted = directory.as_uuid(body.get("requisition_id"))
        requisition = (await directory.records(uow, "requisition", [wanted])).get(wanted, {}) if wanted else {}
        title = requisition.get("title") if lang == "zh" else requisition.get("title_en") or requisition.get("title")
        if body.get("externalref"):
            made.append(Option(str(body["externalref"]), str(title or body["externalref"])))
    return tuple(made)


def _page(desk: Desk, person: Person, lang: str, options: tuple[Option, ...]) -> Page:
    zh = lang == "zh"
    facts = (
        ("姓名" if zh else "Name", person.party.shown(lang) or "—"),
        ("邮箱" if zh else "Mail", wording.masked(person.mail) if person.mail else "—"),
        ("电话" if zh else "Phone", f"•••{person.phone[-4:]}" if person.phone else "—"),
        ("时区" if zh else "Zone", wording.zone_name(person.zone, lang)),
    )
    why = (
        ("为什么发给你" if zh else "Why you were written to"),
        (
            "因为你应聘了职位，或者在一次招聘里有一件事归你。名字、联系方式和你写的话都加密保存，只在给你写信或办这件事时打开。"
            if zh
            else "You applied, or something in a hire is yours to do. Name, addresses and what you wrote are kept encrypted and opened only to write to you or to do it."
        ),
    )
    form = None
    if options:
        field = Field("application", "不再应聘哪个职位" if zh else "Withdraw from which role", "choice", options, required=True)
        form = Form(
            (field,),
            "不再应聘" if zh else "Withdraw",
            "不必说明理由；不影响以后。" if zh else "No reason needed; it does not count against you.",
        )
    acts = () if options else (("not_mine", "有一件事不归我" if zh else "Something is not mine"),)
    return Page(
        lang=lang,
        heading="我们保存了你的哪些信息" if zh else "What we hold about you",
        sender=sender_name(desk, lang),
        facts=facts,
        form=form,
        acts=acts,
        more=why,
        after_small="要更正、导出或删除，直接回复任何一封邮件，15 天内办好。换一种方式联系你，也请这样告诉我们。"
        if zh
        else "To correct, export or erase, reply to any mail; it is done within 15 days. Tell us the same way how else to reach you.",
    )
