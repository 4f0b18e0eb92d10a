"""One mail as data, and how an Ask or a tell becomes one."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from services.notification.asks.base import AskKind
from services.notification.look.ask_page import beside, candidate_foot, relay_of
from services.notification.look.page import Step
from services.notification.look.scene import Scene
from services.notification.look.strings import ui
from services.notification.tells import TellKind


@dataclass(frozen=True)
class Mail:
    """Everything the mail templates read. `choices` are (label, remark, link); `button` is (label, link)."""

    lang: str
    subject: str
    preheader: str
    sender: str
    beside: str
    heading: str
    lead: tuple[str, ...]
    relay: tuple[Step, ...] = ()
    small: tuple[str, ...] = ()
    choices: tuple[tuple[str, str, str], ...] = ()
    choices_note: str = ""
    escape: tuple[str, str] | None = None
    button: tuple[str, str] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    foot: tuple[str, ...] = ()
    foot_links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Links:
    """The reader's own links: the Ask and `what we hold`."""

    ask: str = ""
    me: str = ""
    home: str = ""


CHOICE_ROWS = 5


def ask_mail(kind: AskKind, scene: Scene, links: Links, *, rung: int = 0) -> Mail:
    """The mail of an Ask, or its reminder (`rung` > 0), which says that it is one."""
    text, scene = ui(scene.lang), replace(scene, reading=False)
    form = kind.form(scene)
    choice = form.first_choice()
    rows: tuple[tuple[str, str, str], ...] = ()
    escape, note = None, ""
    if choice and len([one for one in choice.options if one.value != "none"]) <= CHOICE_ROWS:
        rows = tuple(
            (one.label, one.hint, _preset(links.ask, choice.name, one.value)) for one in choice.options if one.value != "none"
        )
        escape = next(
            ((one.label, _preset(links.ask, choice.name, "none")) for one in choice.options if one.value == "none"), None
        )
        note = scene.fill(kind.confirms)
    due = text["please_by"].format(due=scene.by()) if scene.by() else ""
    small = tuple(part for part in (due, scene.fill(kind.silence) if kind.silence else "", form.small) if part)
    lead = kind.leads(scene)
    if rung:
        lead = (text["reminder"].format(due=scene.by()), *lead)
    return Mail(
        lang=scene.lang,
        subject=kind.subject(scene),
        preheader=_preheader(kind, scene),
        sender=scene.sender,
        beside=beside(kind, scene),
        heading=kind.heading(scene),
        lead=lead,
        relay=relay_of(kind, scene, mail=True),
        small=small,
        choices=rows,
        choices_note=note,
        escape=escape,
        button=None if rows else (form.submit, links.ask),
        foot=_foot(kind.audience, kind.blind, scene),
        foot_links=_foot_links(kind.audience, scene, links),
    )


def bundle_mail(kind: AskKind, scenes: tuple[Scene, ...], links: Links) -> Mail:
    """One mail for many Asks of one kind and party: it names them and leads to one page."""
    first = scenes[0]
    if len(scenes) == 1:
        return ask_mail(kind, first, links)
    text, mail = ui(first.lang), ask_mail(kind, first, links)
    names = tuple((scene.words["cand"], scene.words["role"]) for scene in scenes)
    heading = text["bundle_heading"].format(n=len(scenes), act=first.fill(kind.act))
    return replace(
        mail,
        heading=heading,
        facts=names,
        choices=(),
        escape=None,
        choices_note="",
        button=(text["open_all"], links.ask),
        lead=(text["bundle_lead"],),
        preheader=text["bundle_lead"],
    )


def tell_mail(kind: TellKind, scene: Scene, links: Links) -> Mail:
    """The mail of something told: no question, no button but the reader's own page."""
    lead = kind.leads(scene)
    if scene.words_told and not any(scene.words_told in line for line in lead):
        lead = (scene.words_told, *lead)  # what a person wrote for this one comes first, whatever the template says
    return Mail(
        lang=scene.lang,
        subject=kind.subject(scene),
        preheader=lead[0],
        sender=scene.sender,
        beside=beside(kind, scene),
        heading=scene.fill(kind.title),
        lead=lead,
        facts=kind.facts(scene),
        button=(ui(scene.lang)["open"], links.ask) if links.ask else None,
        foot=_foot(kind.audience, False, scene),
        foot_links=_foot_links(kind.audience, scene, links),
    )


def _preset(link: str, name: str, value: str) -> str:
    return f"{link}{'&' if '?' in link else '?'}{urlencode({name: value})}"


def _preheader(kind: AskKind, scene: Scene) -> str:
    if kind.preheader is not None:
        return scene.fill(kind.preheader(scene))
    return scene.fill(kind.silence) if kind.silence else kind.leads(scene)[0]


def _foot(audience: str, blind: bool, scene: Scene) -> tuple[str, ...]:
    text = ui(scene.lang)
    reply = text["reply_read"]
    if audience in ("candidate", "hire"):
        return (
            reply,
            text["mail_why_blind"].format(sender_plain=scene.sender) if blind or not scene.client else candidate_foot(scene),
        )
    return (reply, text["link_ends"])


def _foot_links(audience: str, scene: Scene, links: Links) -> tuple[tuple[str, str], ...]:
    text = ui(scene.lang)
    if audience in ("candidate", "hire") and links.me:
        return ((f"{links.me}/correct", text["other_way"]), (f"{links.me}#withdraw", text["withdraw"]))
    if links.home:
        return ((links.home, text["my_page"]),)
    return ((links.me, text["my_calendar"]),) if audience == "interviewer" and links.me else ()
