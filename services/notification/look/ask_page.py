"""How an open Ask, or a bundle of them, becomes a Page."""

from collections.abc import Mapping

from services.notification import wording
from services.notification.asks.base import AskKind
from services.notification.look.page import Page, Row, Step
from services.notification.look.scene import Scene
from services.notification.look.strings import ui


def beside(kind: object, scene: Scene) -> str:
    """The soft words after the sender's name: for whom or to whom it speaks; empty where the other side stays unnamed."""
    if not scene.client or getattr(kind, "blind", False) or scene.client == scene.sender:
        return ""
    audience = getattr(kind, "audience", "")
    key = "to" if audience == "client" else "for"
    return ui(scene.lang)[key].format(name=scene.client) if audience in ("candidate", "hire", "client") else ""


def candidate_foot(scene: Scene) -> str:
    """Why a candidate got this, naming the client they applied to."""
    return ui(scene.lang)["mail_why"].format(client=scene.client)


def relay_of(kind: AskKind, scene: Scene, *, mail: bool = False) -> tuple[Step, ...]:
    """The handover strip: who had it, the reader, who is next."""
    text = ui(scene.lang)
    before, after = scene.fill(kind.notes[0]), scene.fill(kind.notes[1])
    if scene.opened_at and not mail:
        asked = wording.day(wording.local(scene.opened_at, scene.zone).date(), scene.lang, scene.now, weekday=False)
        before = f"{asked}{before}" if scene.lang == "zh" else f"{before}, {asked}"
    following = follower_of(kind, scene)
    return (
        Step(scene.previous.shown(scene.lang) or scene.sender, before),
        Step(text["you"], scene.by(), here=True),
        Step(following, after),
    )


def follower_of(kind: AskKind, scene: Scene) -> str:
    """Who gets the baton next, by name."""
    if kind.follower:
        return scene.fill(kind.follower)
    return scene.next.shown(scene.lang) or scene.recruiter.shown(scene.lang) or scene.sender


def foot_of(audience: str, scene: Scene, me: str, blind: bool = False) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Foot lines and links of a page: the way out is always there."""
    text = ui(scene.lang)
    if audience in ("candidate", "hire"):
        key = "foot_candidate_house" if blind or not scene.client or scene.client == scene.sender else "foot_candidate"
        line = text[key].format(client=scene.client, sender=scene.sender)
        return (line,), ((me, text["what_we_hold"]), (f"{me}/correct", text["other_way"]), (f"{me}#withdraw", text["withdraw"]))
    return (text["foot_other"],), ((f"{me}#not-mine", text["not_mine"]), (f"{me}#why", text["why_me"]))


def ask_page(kind: AskKind, scene: Scene, me: str, hidden: Mapping[str, str]) -> Page:
    """An open Ask on its own page; `hidden` are the one-time value and the version that the POST carries back."""
    foot, links = foot_of(kind.audience, scene, me, kind.blind)
    return Page(
        lang=scene.lang,
        heading=kind.heading(scene),
        sender=scene.sender,
        beside=beside(kind, scene),
        relay=relay_of(kind, scene),
        lead=kind.leads(scene),
        checks=scene.dossier.checks if kind.dossier else (),
        facts=(*(scene.dossier.facts if kind.dossier else ()), *kind.facts(scene)),
        remark=scene.fill(kind.remark) if kind.remark else "",
        form=kind.form(scene),
        hidden=hidden,
        next_title=ui(scene.lang)["next"],
        next_steps=_steps(kind, scene),
        foot=foot,
        foot_links=links,
        kind=kind.kind,
    )


def _steps(kind: AskKind, scene: Scene) -> tuple[tuple[str, str], ...]:
    steps = tuple((scene.fill(when), scene.fill(what)) for when, what in kind.after)
    if not kind.silence:
        return steps
    return (*steps, ("没有回答" if scene.lang == "zh" else "No answer", scene.fill(kind.silence)))


def bundle_row(kind: AskKind, scene: Scene, ask_id: str, state: tuple[str, str] | None) -> Row:
    """One Ask of a bundle; its fields are named `<ask id>.<field>`."""
    sent = scene.dossier.submitted_at or scene.opened_at
    small = ""
    if sent:
        at = wording.instant(sent, scene.zone, scene.lang, scene.now)
        small = f"{at} {scene.fill(kind.notes[0])}" if scene.lang == "zh" else f"{scene.fill(kind.notes[0])} {at}"
    own = kind.facts(scene)
    heading = scene.candidate.shown(scene.lang) or kind.heading(scene)
    return Row(
        ask_id,
        heading,
        small,
        scene.dossier.checks,
        (*scene.dossier.facts, *own),
        None if state else kind.form(scene).prefixed(ask_id),
        state,
    )


def bundle_page(
    kind: AskKind, scenes: Mapping[str, Scene], states: Mapping[str, tuple[str, str]], me: str, hidden: Mapping[str, str]
) -> Page:
    """Many Asks of one kind side by side; each row answers by itself, those no longer open say so."""
    first = next(iter(scenes.values()))
    rows = tuple(bundle_row(kind, scene, ask_id, states.get(ask_id)) for ask_id, scene in scenes.items())
    waiting = [row for row in rows if row.form]
    foot, links = foot_of(kind.audience, first, me, kind.blind)
    form = kind.form(first)
    return Page(
        lang=first.lang,
        heading=_bundle_heading(kind, first, len(waiting)),
        sender=first.sender,
        beside=beside(kind, first),
        relay=relay_of(kind, first),
        lead=kind.leads(first),
        small=_order_note(first.lang),
        rows=rows,
        hidden=hidden,
        form=form if waiting else None,
        after_small=form.small,
        next_title=ui(first.lang)["next"],
        next_steps=_steps(kind, first),
        foot=foot,
        foot_links=links,
        kind=kind.kind,
        wide=True,
    )


_COUNT = {
    "zh": "零一二三四五六七八九十",
    "en": ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"),
}


def _bundle_heading(kind: AskKind, scene: Scene, count: int) -> str:
    many = _COUNT[scene.lang][count] if count <= 10 else str(count)
    if scene.lang == "zh":
        many = "两" if many == "二" else many
        return (
            f"{many}位候选人，等你的决定"
            if kind.dossier and count
            else f"{scene.fill(kind.act)}（{many}件）"
            if count
            else "都处理好了"
        )
    if not count:
        return "All of them are settled"
    return f"{many} candidate{'s' if count != 1 else ''} for your verdict" if kind.dossier else f"{scene.fill(kind.act)}: {count}"


def _order_note(lang: str) -> str:
    return "按提交时间排列，不是名次。" if lang == "zh" else "In order of submission, not of merit."
