"""A mail's words as a card and as a short text: the same registry entry, fewer places; title and text message name nobody but the reader."""

import base64
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from services.notification import wording
from services.notification.asks.base import AskKind
from services.notification.channels.card import Card, Choice
from services.notification.channels.press import Press, Presses
from services.notification.look.form import Form, read
from services.notification.look.mail import Mail
from services.notification.look.scene import Scene
from services.notification.tells import TellKind
from shared.runtime.db import Uow

MOST = 5
SMS_LIMIT = {"zh": 70, "en": 160}
_OPEN = {"zh": "打开页面", "en": "Open the page"}


@dataclass(frozen=True)
class Written:
    """What a card is made from: the mail as data, the scene, its registry entry, the links (whole and short), the message's key."""

    mail: Mail
    scene: Scene
    kind: AskKind | TellKind
    link: str
    short_link: str
    key: str
    choices: tuple[Choice, ...] = ()


def card_from(written: Written) -> Card:
    """The card. Its title is discreet for everybody: act and time, nobody's name but the reader's recruiter."""
    mail, scene = written.mail, written.scene
    act, due = scene.fill(written.kind.act), scene.words["due_short"]
    limit = (f"（{due}）" if scene.lang == "zh" else f" ({due})") if due else ""
    short, parts = _short_text(written, act, limit)
    return Card(
        lang=scene.lang,
        title=wording.clip(f"{act}{limit}", 120),
        lines=tuple(line for line in (mail.heading, *mail.lead, *mail.small[:1]) if line),
        link=written.link or written.short_link,
        open_label=mail.button[0] if mail.button and not written.choices else _OPEN[scene.lang],
        key=written.key,
        facts=mail.facts,
        choices=written.choices,
        sender=mail.sender,
        short=short,
        parts=parts,
    )


def _short_text(written: Written, act: str, limit: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text message and its variables, as short as carriers count: no link in a variable, only its code."""
    scene = written.scene
    zh = scene.lang == "zh"
    you = wording.clip(scene.words["you"], 8 if zh else 16)
    head = f"【{wording.clip(scene.sender, 10)}】{you}，" if zh else f"{wording.clip(scene.sender, 24)}: {you}, "
    tail = f"{limit}：{written.short_link}" if zh else f"{limit}: {written.short_link}"
    said = wording.clip(act, max(4, SMS_LIMIT[scene.lang] - len(head) - len(tail)))
    code = written.short_link.rpartition("/")[2]
    return f"{head}{said}{tail}", (("you", you), ("act", said), ("due", limit), ("code", code))


def choices_of(asked: tuple[AskKind, Form, Scene], press: Press, presses: Presses) -> tuple[Choice, ...]:
    """The buttons that answer in place: one for each choice where that choice alone is a whole answer; else none, and the page is opened."""
    kind, form, scene = asked
    first = form.first_choice()
    if first is None or kind.serves or kind.bundle or not 1 < len(first.options) <= MOST:
        return ()
    if any(read(form, {first.name: one.value}, scene.lang).errors for one in first.options):
        return ()
    return tuple(
        Choice(one.label, presses.value(Press(press.ask_id, press.version, press.person, first.name, one.value))) for one in first.options
    )


async def short_link(uow: Uow, base: str, door: str, link: tuple[UUID, str]) -> str:
    """A short address that leads to the signed one: 60 bits of its token, which nobody can guess. `link` is (id, token)."""
    code = base64.b32encode(sha256(link[1].encode()).digest())[:12].decode().lower()
    await uow.run(
        "insert into short_links (code, link_id, door) values (:code, :link, :door) on conflict do nothing", code=code, link=link[0], door=door
    )
    return f"{base}/s/{code}"


async def long_link(uow: Uow, code: str) -> tuple[str, UUID] | None:
    """(door, link id) of a short code, or None."""
    row = await uow.one("select door, link_id from short_links where code = :code", code=code)
    return (row["door"], row["link_id"]) if row else None
