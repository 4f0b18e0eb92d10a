"""The states of a link that show nothing of anybody: our own fault, not the reader's, unknown (look.md, e-error, e-wrong-person, e-not-found)."""

import re
from collections.abc import Mapping
from dataclasses import replace

from services.notification.look.form import Field, Form
from services.notification.look.page import Page
from services.notification.look.strings import ui


def broken(page: Page, values: Mapping[str, str], reference: str) -> Page:
    """Our fault: the answer has not arrived; what was written is still there, sending twice counts once."""
    zh = page.lang == "zh"
    lead = (
        "你填的内容还在下面。请过一分钟再发一次；发两次也只会记一次。"
        if zh
        else "What you wrote is still below. Send it again in a minute; sending twice counts once."
    )
    small = (
        f"期限会顺延，不会因此算你迟。故障编号 {reference}，我们已经收到通知。"
        if zh
        else f"The due time moves with it; it does not count as late. Reference {reference}; we have been told."
    )
    return replace(
        page,
        heading="我们出了故障，你的答复还没有送到" if zh else "Our fault: your answer has not arrived",
        lead=(lead,),
        values=values,
        remark="",
        checks=(),
        small=small,
    )


_OWN = ("once", "do", "lang", "as")
_CODE = re.compile(r"[a-z0-9_.:-]*")
"""What a button or a choice carries: kept, but no words that somebody would want to see again."""


def kept(posted: Mapping[str, str], page: Page) -> Page:
    """The page with what was typed, shown and carried along, and a button that sends it again."""
    wrote = "你写的" if page.lang == "zh" else "You wrote"
    shown = tuple((wrote, value) for name, value in posted.items() if name not in _OWN and not _CODE.fullmatch(value))
    again = Form((), "再发一次" if page.lang == "zh" else "Send it again")
    return replace(page, form=again, hidden={name: value for name, value in posted.items() if name != "do"}, facts=shown)


def too_often(lang: str, sender: str, posted: Mapping[str, str]) -> Page:
    """The same link was opened or sent very often in a minute: nothing is lost, wait a moment."""
    zh = lang == "zh"
    lead = (
        "这个链接一分钟内用得太频繁。请等一分钟再打开；没有东西会丢。"
        if zh
        else "This link was used too often within a minute. Please wait a minute; nothing is lost."
    )
    page = Page(
        lang=lang,
        heading="请稍等一分钟" if zh else "One minute, please",
        sender=sender,
        lead=(lead,),
        foot=(ui(lang)["foot_nobody"],),
    )
    return kept(posted, page) if posted else page


def not_yours(lang: str, sender: str, hidden: Mapping[str, str]) -> Page:
    """A link that belongs to somebody else: nothing about anyone is shown."""
    zh = lang == "zh"
    lead = (
        ("链接发给了你的一位同事。为了保护候选人，这里什么都不显示。", "如果现在归你负责，告诉我们：确认后你会收到自己的链接。")
        if zh
        else (
            "The link was sent to a colleague of yours. To protect the candidate, nothing is shown here.",
            "If it is your task now, tell us: once confirmed you get a link of your own.",
        )
    )
    acts = (("mine", "现在归我负责" if zh else "It is mine now"), ("mistake", "发错人了" if zh else "I got it by mistake"))
    return Page(
        lang=lang,
        heading="这一份是给另一位的" if zh else "This one is meant for someone else",
        sender=sender,
        lead=lead,
        acts=acts,
        hidden=hidden,
        foot=(ui(lang)["foot_nobody"],),
    )


def noted(lang: str, sender: str) -> Page:
    """After `mine` or `mistake`: somebody looks."""
    zh = lang == "zh"
    return Page(
        lang=lang,
        heading="谢谢，我们来处理" if zh else "Thank you, we take care of it",
        sender=sender,
        lead=("会有人在一个工作日内确认。" if zh else "Somebody confirms within one working day.",),
        foot=(ui(lang)["foot_nobody"],),
    )


def unknown(lang: str, sender: str, tried: bool = False) -> Page:
    """A link that leads nowhere, whether broken or never ours: the same page, the same time."""
    zh = lang == "zh"
    field = Field("l", "完整链接" if zh else "The whole link", "line")
    lead = (
        "链接可能在复制时断开了。请回到邮件或短信，直接点按钮，或者把完整链接粘贴到这里。"
        if zh
        else "The link may have broken when it was copied. Go back to the mail and press the button, or paste the whole link here."
    )
    return Page(
        lang=lang,
        heading="没有找到这一页" if zh else "This page was not found",
        sender=sender,
        lead=(lead,),
        form=Form((field,), "打开" if zh else "Open"),
        alert=("这个链接也打不开" if zh else "That link does not open either") if tried else "",
        after_small="还是不行？回复那封邮件，会有人在一个工作日内处理。"
        if zh
        else "Still not? Reply to the mail; somebody takes care of it within one working day.",
        foot=(ui(lang)["foot_nobody"],),
    )
