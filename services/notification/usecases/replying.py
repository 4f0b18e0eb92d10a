"""A reply by mail meets the arbiter like any other answer where it is clear, and is asked back where it is not (agreements.md 3).

Who may answer so: the person whom that mail went to, from the address it went to, about an Ask that others may answer on behalf too. What
binds (an offer, a consent) needs the page: an address on a mail proves little.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification.desk import Desk
from services.notification.domain import Verdict
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.mailbox.judging import Said, by_row, judge
from services.notification.mailbox.reading import Came, read_mail
from services.notification.people import Person, people
from services.notification.scenes import scene_of
from services.notification.sending.compose import ask_subject
from services.notification.store import asks, messages
from services.notification.usecases.answering import Given, answer
from services.notification.usecases.bouncing import bounced
from services.notification.usecases.inviting import invitation_answered
from shared.contracts.base import derive_id
from shared.contracts.notification import MessageSpec
from shared.contracts.party import PartyRef
from shared.runtime.db import Uow

CHAIN = 20
ASKED_BACK = 2
"""After so many times a person reads the mail: a machine that asks three times is no help."""


@dataclass(frozen=True)
class Heard:
    """One Ask that the mail was about, as its reader sees it."""

    row: dict[str, Any]
    scene: Scene
    form: Form


async def replied(uow: Uow, desk: Desk, raw: bytes) -> str:
    """Read one mail. Returns what became of it: answered, invitation, asked_back, bounced, machine, forged, stranger, unknown, for_a_person."""
    came = read_mail(raw)
    if came.report:
        return "bounced" if await bounced(uow, desk, raw) else "unknown"
    if became := await invitation_answered(uow, desk, raw, came.mail_id, forged=came.failed):
        return became
    if came.machine:
        return "machine"
    rows = await _about(uow, came)
    if not rows:
        return "unknown"
    person = (await people(uow, desk.house.vault, [rows[0]["person_id"]])).get(rows[0]["person_id"])
    if came.failed:
        return "forged"
    if person is None or not person.mail or person.mail.lower() != came.sender:
        return "stranger"
    heard = await _heard(uow, desk, person, rows)
    if not heard:
        return "for_a_person"
    return await _meets(uow, desk, (came, person), heard)


async def _about(uow: Uow, came: Came) -> list[dict[str, Any]]:
    """The messages that the answered mail carried: the nearest mail of ours in the chain."""
    for mail_id in came.about[:CHAIN]:
        rows = await messages.by_mail_id(uow, mail_id)
        if rows:
            return rows
    return []


async def _heard(uow: Uow, desk: Desk, person: Person, rows: list[dict[str, Any]]) -> list[Heard]:
    locked = await asks.lock(uow, [row["ask_id"] for row in rows if row["ask_id"]])
    made = []
    for row in locked.values():
        if person.id not in row["may_answer"]:
            continue
        scene = await scene_of(uow, desk.house, await ask_subject(uow, row, person.id, person.lang))
        made.append(Heard(row, scene, registry.kind_of(row["kind"]).form(scene)))
    return made


async def _meets(uow: Uow, desk: Desk, sent: tuple[Came, Person], heard: list[Heard]) -> str:
    came, person = sent
    if len(heard) == 1:
        lines = {0: came.words}
    else:
        lines = by_row(came.words, [one.scene.candidate.shown(person.lang) for one in heard])
    taken: list[str] = []
    reason, about = "unclear", heard[0]
    for place, words in lines.items():
        one = heard[place]
        why, said = _may(one), judge(words, one.form)
        if why or not said.label:
            reason, about = why or "unclear", one
            continue
        if await _record(uow, desk, sent, (one, said)):
            taken.append(said.label if len(heard) == 1 else f"{one.scene.words['cand']} {said.label}")
            about = one
        else:
            reason, about = "settled", one
    if taken:
        joined = ("；" if person.lang == "zh" else "; ").join(taken)
        await _tell(uow, desk, sent, (about.row, "reply_taken", {"what": joined}))
        return "answered"
    if await _asked_back(uow, about.row["id"]) >= ASKED_BACK:
        return "for_a_person"
    await _tell(uow, desk, sent, (about.row, "reply_unclear", {"reason": reason}))
    return "asked_back"


def _may(one: Heard) -> str:
    """Why this Ask can't be answered by mail now, or empty."""
    kind = registry.kind_of(one.row["kind"])
    if one.row["state"] != "open":
        return "settled"
    if one.row["version"] != 1:
        return "changed"
    return "" if one.row["spec"].on_behalf == "allowed" == kind.on_behalf and not kind.serves else "page_only"


async def _record(uow: Uow, desk: Desk, sent: tuple[Came, Person], heard: tuple[Heard, Said]) -> bool:
    (came, person), (one, said) = sent, heard
    given = Given(person.id, said.clear, said.sealed, one.row["version"], came.mail_id, via="mail")
    return await answer(uow, desk, one.row, given) is Verdict.WINS


async def _asked_back(uow: Uow, ask_id: UUID) -> int:
    sql = "select count(*) from messages where ask_id = :ask and template like 'reply_unclear%'"
    return int(await uow.value(sql, ask=ask_id) or 0)


async def _tell(uow: Uow, desk: Desk, sent: tuple[Came, Person], told: tuple[dict[str, Any], str, dict[str, str]]) -> None:
    """One mail back, once for each reply however often it is brought."""
    (came, person), (row, template, params) = sent, told
    reply_id = derive_id("notification", "reply", person.id, came.mail_id)
    role = row["spec"].holder.role
    other = "" if registry.kind_of(row["kind"]).audience in ("candidate", "hire") else "_other"
    message = MessageSpec(
        message_id=derive_id("notification", "message", reply_id, template),
        party=PartyRef(person_id=person.id, role=role),
        purpose="receipt",
        occasion=f"{reply_id}/1",
        template=f"{template}{other}",
        hire_id=row["hire_id"],
        ask_id=row["id"],
        params=params,
    )
    queued = {"send_at": uow.now, "obligation_id": row["obligation_id"], "cause": row["cause"]}
    if await messages.put(uow, message, queued):
        desk.bell.set()
