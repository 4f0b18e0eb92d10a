"""Every state of a link that is not an open question: each says what happened, where the baton is, and offers one act (look.md, e-*)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.notification import wording
from services.notification.asks.base import AskKind
from services.notification.look.ask_page import ask_page, beside, follower_of, foot_of
from services.notification.look.page import Page, Step
from services.notification.look.scene import Scene
from services.notification.look.strings import ui
from services.notification.wording import T

CHANGED = T("发邮件之后，这里有了变化", "Something changed since the mail")
AGAIN = T(
    "请看一下现在的问题，再答一次。你填的内容还在。",
    "Please look at the question as it is now and answer once more. What you wrote is kept.",
)
LATE = T("收到了，虽然晚了一点", "We have it, a little late")
MINE = T("你已经答复了", "You have answered")


@dataclass(frozen=True)
class Outcome:
    """What is known about a settled Ask: who answered when, in which words, until when it can be taken back, how it closed."""

    by: str = ""
    mine: bool = True
    at: datetime | None = None
    said: tuple[tuple[str, str], ...] = ()
    undo_until: datetime | None = None
    how: str = ""


def _plain(scene: Scene, kind: AskKind, me: str, heading: T, *lead: T) -> Page:
    foot, links = foot_of(kind.audience, scene, me, kind.blind)
    return Page(
        lang=scene.lang,
        heading=scene.fill(heading),
        sender=scene.sender,
        beside=beside(kind, scene),
        lead=tuple(scene.fill(line) for line in lead),
        foot=foot,
        foot_links=links,
        kind=kind.kind,
    )


def _clock(at: datetime, scene: Scene) -> str:
    return f"{wording.local(at, scene.zone):%H:%M}"


def _after(kind: AskKind, scene: Scene, first: str, note: str) -> tuple[Step, ...]:
    text = ui(scene.lang)
    following = follower_of(kind, scene)
    last = text["you"] if kind.audience in ("candidate", "hire") else scene.words["cand"]
    hear = T("会收到答复", "hears from us") if last != text["you"] else T("会收到答复", "hear from us")
    return (Step(first, note), Step(following, scene.fill(kind.notes[1]), here=True), Step(last, scene.fill(hear)))


def done(kind: AskKind, scene: Scene, outcome: Outcome, me: str) -> Page:
    """Right after the answer: what was said, undo while it can be, what happens next."""
    text = ui(scene.lang)
    page = _plain(scene, kind, me, kind.done)
    first = _after(kind, scene, text["you"], "刚刚答复" if scene.lang == "zh" else "answered just now")
    page = replace(
        page,
        relay=first,
        facts=outcome.said,
        next_title="接下来" if scene.lang == "zh" else "What happens next",
        next_steps=tuple((scene.fill(a), scene.fill(b)) for a, b in kind.after),
    )
    if outcome.undo_until:
        until = _clock(outcome.undo_until, scene)
        act = f"撤回（{until} 前）" if scene.lang == "zh" else f"Take it back (until {until})"
        small = f"{until} 之前撤回，没有人会知道。" if scene.lang == "zh" else f"Take it back before {until} and nobody notices."
        page = replace(page, acts=(("undo", act),), after_small=small)
    if kind.audience in ("candidate", "hire"):
        page = replace(page, more=_if_not_heard(scene))
    return page


def _if_not_heard(scene: Scene) -> tuple[str, str]:
    head = T("如果没有按时收到答复", "If you do not hear in time")
    body = T(
        "那是我们的责任。{rec}和主管会自动收到提醒；你也可以直接回复那封邮件。",
        "That is ours to mend. {rec} and the manager are alerted by themselves; you can also just reply to the mail.",
    )
    return scene.fill(head), scene.fill(body)


def answered(kind: AskKind, scene: Scene, outcome: Outcome, me: str) -> Page:
    """The link of an answered Ask: by whom, when, what; while it can be taken back, by the one who answered."""
    when = wording.instant(outcome.at, scene.zone, scene.lang, scene.now) if outcome.at else ""
    if outcome.mine:
        page = _plain(
            scene,
            kind,
            me,
            MINE,
            T("这个链接现在只用来查看。", "This link is only for looking now."),
        )
        first = Step(ui(scene.lang)["you"], f"{when} 答复" if scene.lang == "zh" else f"answered {when}")
    else:
        by = outcome.by or ("另一位同事" if scene.lang == "zh" else "a colleague")
        page = _plain(
            scene,
            kind,
            me,
            T("已经有人答复了", "Somebody has answered already"),
            T(
                "以先到的答复为准。有不同意见就回复那封邮件，{rec}会处理。",
                "The first answer counts. If you see it differently reply to the mail; {rec} takes it up.",
            ),
        )
        first = Step(by, f"{when} 答复" if scene.lang == "zh" else f"answered {when}")
    page = replace(page, relay=_after(kind, scene, first.name, first.note), facts=outcome.said)
    if outcome.undo_until and outcome.mine:
        until = _clock(outcome.undo_until, scene)
        page = replace(page, acts=(("undo", f"撤回（{until} 前）" if scene.lang == "zh" else f"Take it back (until {until})"),))
    return page


def closed(kind: AskKind, scene: Scene, outcome: Outcome, me: str, hidden: Mapping[str, str] | None = None) -> Page:
    """The question ended without the reader: lapsed, cancelled, handed to somebody else, settled elsewhere."""
    words = {
        "lapsed": (
            T("期限过了，路没有断", "The time is over; your place is not"),
            T(
                "约定的时间已过，我们按说好的做了。{rec}会联系你。现在还想说什么，仍然欢迎。",
                "The agreed time has passed and we did what we had said. {rec} is in touch. If you still want to say something, it is welcome.",
            ),
        ),
        "transferred": (
            T("这件事已经换人处理", "Somebody else has this now"),
            T("不用你再做什么，谢谢。", "Nothing is left for you to do; thank you."),
        ),
        "elsewhere": (
            T("已经在别处答复了", "It was answered elsewhere"),
            T("不用你再做什么，谢谢。", "Nothing is left for you to do; thank you."),
        ),
    }
    heading, lead = words.get(
        outcome.how,
        (
            T("这件事已经不需要了", "This is no longer needed"),
            T(
                "情况有了变化，不用你再做什么。想知道为什么，直接回复那封邮件。",
                "Things have changed and nothing is left for you to do. Reply to the mail if you would like to know why.",
            ),
        ),
    )
    page = replace(_plain(scene, kind, me, heading, lead), relay=_lapsed_relay(scene, outcome.how))
    if outcome.how != "lapsed":
        return replace(page, links=((me, ui(scene.lang)["what_we_hold"]),))
    return replace(
        page,
        form=replace(kind.form(scene), submit="仍然发送" if scene.lang == "zh" else "Send it all the same", small=""),
        hidden=hidden or {},
    )


def _lapsed_relay(scene: Scene, how: str = "lapsed") -> tuple[Step, ...]:
    """Where the baton is once the reader has it no more: with whom it went to, or with us."""
    zh = scene.lang == "zh"
    if how not in ("lapsed", "transferred", "elsewhere"):
        return ()  # nobody has it: the question itself is gone
    if how != "lapsed":
        holds = scene.next.shown(scene.lang) or scene.recruiter.shown(scene.lang) or scene.sender
        return (
            Step(ui(scene.lang)["you"], "不用再做什么" if zh else "nothing left to do"),
            Step(holds, "接着处理" if zh else "takes it on", here=True),
        )
    until = wording.instant(scene.due_at, scene.zone, scene.lang, scene.now) if scene.due_at else ""
    following = scene.recruiter.shown(scene.lang) or scene.sender
    you = ui(scene.lang)["you"]
    first = Step(you, (f"到 {until}" if zh else f"until {until}") if until else "")
    return (
        first,
        Step(following, "在跟进" if zh else "follows up", here=True),
        Step(you, "会收到消息" if zh else "hear from us"),
    )


def late_but_welcome(kind: AskKind, scene: Scene, me: str) -> Page:
    """An answer that came after the end: it changes nothing by itself, it is known, and somebody follows up."""
    page = _plain(
        scene,
        kind,
        me,
        LATE,
        (kind.late(scene) if kind.late is not None else None) or T(
            "这期间已经往下走了，你的话{rec}会看到，并告诉你发生了什么。",
            "Things have moved on meanwhile; {rec} reads what you said and tells you what has happened.",
        ),
    )
    return replace(page, relay=_lapsed_relay(scene))


def superseded(
    kind: AskKind, scene: Scene, changes: tuple[str, ...], typed: Mapping[str, str], where: tuple[str, Mapping[str, str]]
) -> Page:
    """The question changed since the message: nothing was recorded, what was typed is kept, the differences are named."""
    me, hidden = where
    page = ask_page(kind, scene, me, hidden)
    gone = wording.listing(changes, scene.lang)
    lead = (T("这些已经不能用了：", "No longer possible: ").at(scene.lang) + gone,) if gone else ()
    return replace(
        page,
        heading=CHANGED.at(scene.lang),
        lead=(*lead, AGAIN.at(scene.lang), *page.lead),
        values=typed,
    )


def with_errors(page: Page, values: Mapping[str, str], errors: Mapping[str, str]) -> Page:
    """The same page with what is missing, named on top and at the field; what was typed stays."""
    text = ui(page.lang)
    forms = [row.form for row in page.rows if row.form] or ([page.form] if page.form else [])
    labels = [one.label for form in forms for one in form.fields if one.name in errors]
    if not errors:
        alert = text["choose_one"]
    else:
        alert = text["missing"].format(what=labels[0]) if len(labels) == 1 else text["missing_n"].format(n=len(errors))
    return replace(page, values=values, errors=errors, alert=alert)
