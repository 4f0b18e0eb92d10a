"""What no template may do, checked on every pair of kind and language: the copy guide and discretion as code (look.md 6, practice.md 2.3).

Pure: reads the registries and their samples, returns what is wrong. Run by tests, by the preview, and on an organisation's own wording
before the process starts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from services.notification.asks.base import AskKind
from services.notification.asks.sample import sample_scene
from services.notification.look import ask_page, mail, render
from services.notification.look.scene import Party, Scene
from services.notification.tells import TellKind
from services.notification.wording import LANGS

LINKS = mail.Links("https://go.example/a/7Kq2", "https://go.example/me/7Kq2", "https://go.example/home/7Kq2")
SUBJECT_LIMIT = {"zh": 25, "en": 50}
"""Characters before the bracket that names the limit, without the sender's name."""
SMS_LIMIT = {"zh": 70, "en": 160}
HIRING = re.compile(
    r"面试|应聘|职位|录用|招聘|简历|offer|interview|\bjob\b|hiring|\bhire|candidate|recruit|application", re.IGNORECASE
)
FORBIDDEN = {
    "zh": re.compile(
        r"[!！]|温馨提示|亲爱的|亲，|尊敬的|系统异常|链接已失效|管理员|您|(?<!其)[他她]们?(?!人)|最后机会|抓紧|逾期不候"
    ),
    "en": re.compile(
        r"!|\b(?:he|she|his|her|him)\b|(?i:unfortunately|please be advised|action required|dear |kindly|last chance|invalid|access denied|expired)"
        r"|(?i:session|workflow|token|submit failed)",
    ),
}
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u26ff\u2700-\u27bf]")
PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\+?\d[\d -]{8,}\d|[¥€$]\s?\d")
LONG_NAMES = {"zh": Party("欧阳娜娜·买买提江"), "en": Party("Maximiliane Featherstonehaugh-Zimmermann", "Maximiliane")}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one pair: where it is (subject, sms, page, mail, text), which rule, what was found."""

    kind: str
    lang: str
    where: str
    rule: str
    found: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.lang}: {self.where}: {self.rule}: {self.found}"


def lint(asks: Iterable[AskKind], tells: Iterable[TellKind]) -> list[Problem]:
    """Everything that is wrong with these templates, in the order of the registries."""
    found = [problem for kind in asks for lang in LANGS for problem in _of_ask(kind, lang)]
    return found + [problem for kind in tells for lang in LANGS for problem in _of_tell(kind, lang)]


def _of_ask(kind: AskKind, lang: str) -> Iterator[Problem]:
    scene = sample_scene(kind.kind, kind.audience, lang)
    try:
        made, page = mail.ask_mail(kind, scene, LINKS), ask_page.ask_page(kind, scene, "/me/x", {})
        done = [scene.fill(kind.done), *(scene.fill(text) for row in kind.after for text in row)]
        html = render.page_html(page)
    except KeyError as missing:
        yield Problem(kind.kind, lang, "page", "missing_variable", str(missing))
        return
    yield from _mail(kind.kind, lang, made)
    yield from _subject(kind.kind, kind.audience, scene, made.subject)
    yield from _sms(kind, scene)
    spoken = [
        page.heading,
        *page.lead,
        page.remark,
        *done,
        *(text for row in page.next_steps for text in row),
        *_form_words(page.form),
    ]
    yield from _wording(kind.kind, lang, "page", " ".join(spoken))
    if len(html.encode()) > 60_000:
        yield Problem(kind.kind, lang, "page", "too_heavy", f"{len(html.encode())} bytes")


def _form_words(form: object) -> list[str]:
    fields = getattr(form, "fields", ())
    words = [getattr(form, "submit", ""), getattr(form, "small", "")]
    for one in fields:
        words += [one.label, one.hint, one.folded, *(text for option in one.options for text in (option.label, option.hint))]
    return words


def _of_tell(kind: TellKind, lang: str) -> Iterator[Problem]:
    scene = sample_scene(kind.name, kind.audience, lang)
    try:
        made = mail.tell_mail(kind, scene, LINKS)
    except KeyError as missing:
        yield Problem(kind.name, lang, "mail", "missing_variable", str(missing))
        return
    yield from _mail(kind.name, lang, made)
    yield from _subject(kind.name, kind.audience, scene, made.subject)


def _mail(name: str, lang: str, made: mail.Mail) -> Iterator[Problem]:
    html, text = render.mail_html(made), render.mail_text(made)
    links = (
        [href for _, _, href in made.choices]
        + ([made.button[1]] if made.button else [])
        + ([made.escape[1]] if made.escape else [])
    )
    twin = [made.heading, *made.lead, *made.small, *(value for _, value in made.facts), *links]
    for said in twin:
        if said not in text:
            yield Problem(name, lang, "text", "missing_twin", said[:60])
    if re.search(r"\{\w*\}", text) or re.search(r"\{\w+\}", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)):
        yield Problem(name, lang, "mail", "missing_variable", "a place was left unfilled")
    if re.search(r"<img|<script|https?://(?!go\.example|www\.w3\.org)", html):
        yield Problem(name, lang, "mail", "calls_home", "an image, a script or a foreign address")
    yield from _wording(name, lang, "mail", " ".join((made.subject, made.preheader, made.heading, *made.lead, *made.small)))


def _subject(name: str, audience: str, scene: Scene, subject: str) -> Iterator[Problem]:
    act = re.sub(r"（[^（）]*）$| \([^()]*\)$", "", subject)
    own = scene.words["rec"] if audience in ("candidate", "hire") else scene.words["cand"]
    length = len(act.replace(own, "").strip("：: "))
    if length > SUBJECT_LIMIT[scene.lang]:
        yield Problem(name, scene.lang, "subject", "too_long", f"{length} characters before the bracket: {act}")
    if "\n" in subject or "\r" in subject:
        yield Problem(name, scene.lang, "subject", "line_break", subject)
    yield from _private(name, audience, scene, ("subject", subject))


def _sms(kind: AskKind, scene: Scene) -> Iterator[Problem]:
    for one in (
        scene,
        replace(
            scene,
            holder=LONG_NAMES[scene.lang],
            sender="某某国际人才管理咨询集团" if scene.lang == "zh" else "Featherstonehaugh International Search",
        ),
    ):
        said = kind.sms(one, "go.example/7Kq2")
        if len(said) > SMS_LIMIT[scene.lang] or not said.endswith("go.example/7Kq2"):
            yield Problem(kind.kind, scene.lang, "sms", "too_long", f"{len(said)}: {said}")
        yield from _private(kind.kind, kind.audience, one, ("sms", said))
        if kind.audience in ("candidate", "hire"):
            continue
        if scene.candidate.shown(scene.lang) and scene.candidate.shown(scene.lang) in said:
            yield Problem(kind.kind, scene.lang, "sms", "names_somebody", said)


def _private(name: str, audience: str, scene: Scene, said: tuple[str, str]) -> Iterator[Problem]:
    """Where others may look over a shoulder: no address, number or amount; for candidates no client, role or word of hiring."""
    where, text = said
    if PERSONAL.search(text):
        yield Problem(name, scene.lang, where, "personal_data", text)
    if audience in ("candidate", "hire"):
        told = [one for one in (scene.client, scene.role) if one and one in text]
        if told or HIRING.search(text):
            yield Problem(name, scene.lang, where, "indiscreet", text)


def _wording(name: str, lang: str, where: str, text: str) -> Iterator[Problem]:
    found = FORBIDDEN[lang].search(text) or EMOJI.search(text)
    if found:
        around = text[max(0, found.start() - 20) : found.end() + 20]
        yield Problem(name, lang, where, "forbidden_wording", f"{found[0]!r} in: {around}")
