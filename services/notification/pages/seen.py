"""How one reader sees the asks of a link: which are theirs, what each shows, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from services.notification import asks as registry
from services.notification import domain
from services.notification.desk import Desk
from services.notification.look import states
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.people import people
from services.notification.scenes import scene_of
from services.notification.sending.compose import ask_subject
from services.notification.usecases.calls import served_form
from shared.runtime.db import Uow

_OLD_DAYS = 3


@dataclass(frozen=True)
class Door:
    """Who stands at which door: the reader, the asks of the link, their own `what we hold` address, the door's own address and query."""

    person: UUID
    ask_ids: tuple[UUID, ...]
    me: str
    lang: str = ""
    here: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


def reading(door: Door, posted: Mapping[str, str]) -> Door:
    """The door in the language its page was read in, or is switched to now."""
    wanted = posted.get("lang") or posted.get("as", "")
    return replace(door, lang=wanted) if wanted in ("zh", "en") else door


@dataclass(frozen=True)
class Seen:
    """One ask as this reader sees it."""

    row: dict[str, Any]
    scene: Scene
    form: Form


async def see(uow: Uow, desk: Desk, door: Door, row: dict[str, Any]) -> Seen:
    """One ask with its scene and form, as this reader would see it now."""
    scene = await scene_of(uow, desk.house, await ask_subject(uow, row, door.person, await reader_lang(uow, desk, door)))
    form = registry.kind_of(row["kind"]).form(scene)
    if registry.kind_of(row["kind"]).serves:
        form = await served_form(uow, desk, row, (scene, form))
    return Seen(row, scene, form)


async def reader_lang(uow: Uow, desk: Desk, door: Door) -> str:
    """The language switched to, else the reader's own."""
    if door.lang:
        return door.lang
    reader = (await people(uow, desk.house.vault, [door.person])).get(door.person)
    return reader.lang if reader else "zh"


async def outcome_of(uow: Uow, desk: Desk, door: Door, seen: Seen) -> states.Outcome:
    """What became of an ask that is no longer open, in the reader's words."""
    row = seen.row
    answered = row["answer"] or {}
    mine = row["answered_by"] == door.person
    who = (
        (await people(uow, desk.house.vault, [row["answered_by"]])).get(row["answered_by"])
        if row["answered_by"] and not mine
        else None
    )
    said = tuple(said_of(seen.form, answered.get("clear") or {}))
    undo = row["undo_until"] if domain.may_retract(row, door.person, uow.now) else None
    return states.Outcome(
        by=who.party.shown(seen.scene.lang) if who else "",
        mine=mine,
        at=row["answered_at"],
        said=said,
        undo_until=undo,
        how=row["closed_how"] or "",
    )


def said_of(form: Form, clear: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The clear answers in the words of the form."""
    rows = []
    for one in form.fields:
        if one.name in clear and one.kind != "given":
            word = next((option.label for option in one.options if option.value == clear[one.name]), str(clear[one.name]))
            rows.append((one.said or one.label, word))
    return rows


def side_by_side(rows: list[dict[str, Any]]) -> bool:
    """A kind that comes in bundles always stands in rows, so that its link stays good when another joins."""
    return len(rows) > 1 or registry.kind_of(rows[0]["kind"]).bundle


def theirs(rows: Mapping[UUID, dict[str, Any]], person: UUID, uow: Uow, *, keep: bool = False) -> list[dict[str, Any]]:
    """The asks of this link that are this reader's; in a bundle those settled long ago drop out."""
    own = [row for row in rows.values() if person in row["may_answer"] or person == row["answered_by"]]
    own.sort(key=lambda row: (row["opened_at"], str(row["id"])))
    if len(own) < 2 or keep:
        return own
    recent = [
        row for row in own if row["state"] == "open" or (uow.now - (row["answered_at"] or row["closed_at"])).days < _OLD_DAYS
    ]
    return recent or own[-1:]
