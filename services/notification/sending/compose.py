"""Puts one message together for its channel: words at the reader (agreements.md 4); a mail with its text twin and an invitation, or a card."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification.asks.base import AskKind
from services.notification.channels.base import Outgoing
from services.notification.channels.card import Card, Choice
from services.notification.channels.press import Press, Presses
from services.notification.desk import Desk
from services.notification.look import mail as mails
from services.notification.look.scene import Scene
from services.notification.people import Person, people
from services.notification.said import answered
from services.notification.scenes import Subject, scene_of
from services.notification.sending import cards, routes
from services.notification.sending.about import ask_subject
from services.notification.sending.calendar_entry import Entry
from services.notification.sending.digest import todays
from services.notification.sending.letter import Letter
from services.notification.store import asks, directory
from services.notification.tells import TellKind, tell_of
from shared.runtime.db import Uow

HOME = frozenset({"home", "digest"})
"""Tells whose button is the reader's own page."""


class UnreachableError(Exception):
    """Nobody can be written to: the code says why (erased, no_address, no_operator, present_employer)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Words:
    """What is said to one reader: the mail as data, and what a card or a text message is made from beside it."""

    mail: mails.Mail
    scene: Scene
    kind: AskKind | TellKind
    link: str
    invite: Entry | None = None
    choices: tuple[Choice, ...] = ()


async def compose(uow: Uow, desk: Desk, rows: list[dict[str, Any]], channel: str = "mail") -> Outgoing:
    """The message of these rows (one, or several bundled) to their one party, by this channel. Raises UnreachableError."""
    first = rows[0]
    reader = await _reader(uow, desk, first)
    if channel == "mail":
        await _mailable(uow, reader)
    to = reader.mail if channel in ("mail", "webhook") else routes.address(reader, channel)
    if not to and channel != "webhook":
        raise UnreachableError("no_address")
    said = await words_of(uow, desk, rows, reader)
    letter = Letter(
        said.mail,
        first["id"],
        uow.now,
        (reader.party.shown(said.mail.lang), reader.mail),
        desk.settings.mail_from,
        said.invite,
        await _unsubscribe(uow, desk, rows, reader),
    )
    raw = letter.as_bytes() if channel in ("mail", "webhook") else (await card_of_words(uow, desk, (first, reader), said)).as_bytes()
    return Outgoing(to, raw, letter.mail_id, said.mail.subject, said.link, reader.id, first["id"], first["template"])


async def words_of(uow: Uow, desk: Desk, rows: list[dict[str, Any]], reader: Person) -> Words:
    """What these messages say to this reader, now."""
    me = await _link(uow, desk, reader.id, "me", ())
    if registry.is_kind(rows[0]["template"]):
        return await _ask_words(uow, desk, rows, (reader, me))
    return await _tell_words(uow, desk, rows[0], (reader, me))


async def card_of_words(uow: Uow, desk: Desk, about: tuple[dict[str, Any], Person], said: Words) -> Card:
    """The card of one message. What needs no answer leads to the reader's own page."""
    row, reader = about
    purpose, causes = ("ask", (said.kind.kind if said.kind.bundle else row["ask_id"],)) if isinstance(said.kind, AskKind) else ("me", ())
    if row["ask_id"] is not None and purpose == "me":
        purpose, causes = "ask", (row["ask_id"],)
    link_id = desk.links.ask_id_of(reader.id, purpose, *causes)
    door = "a" if purpose == "ask" else purpose
    short = await cards.short_link(uow, desk.links.base_url, door, (link_id, desk.links.token(link_id)))
    return cards.card_from(cards.Written(said.mail, said.scene, said.kind, said.link, short, str(row["id"]), said.choices))


async def _unsubscribe(uow: Uow, desk: Desk, rows: list[dict[str, Any]], reader: Person) -> str:
    """The link that ends what the machine begins of its own accord; never in what is owed, nor to people at their work."""
    if reader.party_class not in ("candidate", "new_hire", "referee") or any(row["spec"].owed for row in rows):
        return ""
    return await _link(uow, desk, reader.id, "u", ())


async def _reader(uow: Uow, desk: Desk, row: dict[str, Any]) -> Person:
    person = row["person_id"]
    if person is None:
        found = [
            one for role in (row["role"], "operators", "director", "lead") for one in await directory.persons_with_role(uow, role)
        ]
        if not found:
            raise UnreachableError("no_operator")
        person = found[0]
    reader = (await people(uow, desk.house.vault, [person])).get(person)
    if reader is None or not reader.party.name:
        raise UnreachableError("erased")
    return reader


async def _mailable(uow: Uow, reader: Person) -> None:
    if not reader.mail:
        raise UnreachableError("no_address")
    if reader.party_class in ("candidate", "new_hire", "referee") and await _at_present_employer(uow, reader):
        raise UnreachableError("present_employer")


async def _at_present_employer(uow: Uow, reader: Person) -> bool:
    """No mail to a domain of the present employer (practice.md 2.3)."""
    if reader.present_employer is None:
        return False
    employer = (await directory.records(uow, "client", [reader.present_employer])).get(reader.present_employer, {})
    return reader.mail.partition("@")[2].lower() in {str(one).lower() for one in employer.get("mail_domains") or ()}


async def _link(uow: Uow, desk: Desk, person: UUID, purpose: str, ask_ids: tuple[UUID, ...], *causes: object) -> str:
    link_id = desk.links.ask_id_of(person, purpose, *causes)
    await asks.put_link(uow, link_id, purpose, person, ask_ids)
    return desk.links.url("a" if purpose == "ask" else purpose, link_id)


async def _ask_words(uow: Uow, desk: Desk, rows: list[dict[str, Any]], reader: tuple[Person, str]) -> Words:
    person, me = reader
    kind = registry.kind_of(rows[0]["template"])
    found = await asks.read(uow, [row["ask_id"] for row in rows])
    scenes = [
        await scene_of(uow, desk.house, await ask_subject(uow, found[row["ask_id"]], person.id, person.lang))
        for row in rows
        if row["ask_id"] in found
    ]
    cause = kind.kind if kind.bundle else rows[0]["ask_id"]
    link = await _link(uow, desk, person.id, "ask", tuple(row["ask_id"] for row in rows), cause)
    version = found[rows[0]["ask_id"]]["version"] if len(rows) == 1 and rows[0]["ask_id"] in found else 1
    links = mails.Links(f"{link}?v={version}" if version > 1 else link, me, await _home(uow, desk, person))
    if len(scenes) > 1:
        return Words(mails.bundle_mail(kind, tuple(scenes), links), scenes[0], kind, link)
    rung = 1 if rows[0]["purpose"] == "remind" else 0
    press = Press(rows[0]["ask_id"], version, person.id, "", "")
    choices = cards.choices_of((kind, kind.form(scenes[0]), scenes[0]), press, Presses(desk.house.vault.links))
    return Words(mails.ask_mail(kind, scenes[0], links, rung=rung), scenes[0], kind, link, None, choices)


async def _home(uow: Uow, desk: Desk, person: Person) -> str:
    """People of ours have a page of their own; its link is in each of their mails."""
    return await _link(uow, desk, person.id, "home", ()) if person.party_class == "staff" else ""


async def _tell_words(uow: Uow, desk: Desk, row: dict[str, Any], reader: tuple[Person, str]) -> Words:
    person, me = reader
    spec, kind = row["spec"], tell_of(row["template"])
    refs = tuple(
        (str(ref["kind"]), UUID(str(ref["id"])), int(ref.get("version", 1))) for ref in spec.refs if isinstance(ref, dict)
    )
    params = dict(spec.params)
    if registry.is_kind(str(params.get("kind"))):
        params.setdefault("what", registry.kind_of(str(params["kind"])).act.at(person.lang))
    params["words"] = (await answered(uow, desk.house.vault, params.get("words_of"))).get("words", "")
    subject = Subject(
        holder=person.id, role=row["role"], audience=kind.audience, hire_id=row["hire_id"], refs=refs, params=params
    )
    scene = await scene_of(uow, desk.house, await _about_ask(uow, row, subject))
    link = await _link(uow, desk, person.id, "home", ()) if kind.name in HOME else ""
    if kind.name == "digest":
        scene = replace(scene, listed=await todays(uow, desk, person))
    if row["ask_id"] is not None:
        link = await _link(uow, desk, person.id, "ask", (row["ask_id"],), row["ask_id"])
    made = mails.tell_mail(kind, scene, mails.Links(link, me, await _home(uow, desk, person)))
    return Words(made, scene, kind, link, await _entry(uow, row, kind, scene))


async def _about_ask(uow: Uow, row: dict[str, Any], subject: Subject) -> Subject:
    """Where a tell is about somebody else's ask, whose it is and until when."""
    guard = next((one for one in row["spec"].guards if one.guard == "ask_open"), None)
    ask_id = row["ask_id"] or (guard.ask_id if guard else None)
    found = (await asks.read(uow, [ask_id])).get(ask_id) if ask_id else None
    if found is None:
        return subject
    return replace(subject, due_at=found["due_at"], params={**subject.params, "owner_id": str(found["holder_id"] or "")})


async def _entry(uow: Uow, row: dict[str, Any], kind: TellKind, scene: Scene) -> Entry | None:
    if not kind.calendar:
        return None
    ids = [ref["id"] for ref in row["spec"].refs if isinstance(ref, dict) and ref["kind"] == "interview"]
    ids += [guard.interview_id for guard in row["spec"].guards if guard.guard == "interview_is"]
    stands = await directory.fact(uow, "interview", UUID(str(ids[0]))) if ids else None
    if stands is None:
        known = await directory.facts_of_hire(uow, "interview", row["hire_id"])
        if not known:
            return None
        stands, ids = known[-1], [known[-1]["id"]]
    body = stands["body"]
    summary = _summary(kind, scene)
    return Entry(
        UUID(str(ids[0])),
        int(stands["version"]),
        datetime.fromisoformat(body["starts_at"]),
        datetime.fromisoformat(body["ends_at"]),
        str(body.get("zone") or "Asia/Shanghai"),
        summary,
        kind.calendar,
        uow.now,
    )


def _summary(kind: TellKind, scene: Scene) -> str:
    """Discreet for the candidate: no client, no role, no word of hiring."""
    words = scene.words
    if kind.audience == "interviewer":
        return f"{scene.fill(kind.topic)} · {words['round']}"
    return f"{words['rec']}：约好的时间" if scene.lang == "zh" else f"{words['rec']}: as arranged"
