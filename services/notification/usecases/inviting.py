"""What a calendar answers to our invitation, by mail (iMIP REPLY, COUNTER): a clear yes, no or other time of an invited person counts.

A "maybe", an answer to an older time, or one passed on to somebody else is asked back in one mail. Nothing here moves an appointment:
`invitation.answered` tells the workflows what was said.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification.desk import Desk
from services.notification.people import Person, people
from services.notification.sending.calendar_reply import Reply, read_reply
from services.notification.store import directory, messages
from services.notification.store.timetable import rsvp_id, seated
from shared.contracts.ask import Ref
from shared.contracts.base import derive_id
from shared.contracts.notification import InvitationAnswered, MessageSpec
from shared.contracts.party import PartyRef
from shared.runtime.db import Uow

CLEAR = frozenset({"accepted", "declined", "counter"})
ASKED_BACK = 2
"""Times that one person is asked back about one appointment; then a person reads the mail."""


async def invitation_answered(uow: Uow, desk: Desk, raw: bytes, mail_id: str, *, forged: bool) -> str:
    """What became of the mail; empty where it answers no invitation of ours."""
    reply = read_reply(raw, desk.mail_domain)
    known = await directory.fact(uow, "interview", reply.interview_id) if reply else None
    if reply is None or known is None or not known["body"].get("starts_at"):
        return ""
    if known["hire_id"] is None:  # a session: what one of its panel says is told to one of the hires that have a chair in it
        known = {**known, "hire_id": await seated(uow, reply.interview_id)}
        if known["hire_id"] is None:
            return "for_a_person"
    if forged:
        return "forged"
    person = await _invited(uow, desk, known["body"], reply)
    if person is None:
        return "stranger"
    if known["state"] != "scheduled" or datetime.fromisoformat(known["body"]["starts_at"]) <= uow.now:
        return "for_a_person"
    if not reply.is_about(known["version"]) or reply.answer not in CLEAR:
        return await _ask_back(uow, desk, person, known, reply, mail_id)
    if await _note(uow, person, known, reply) and reply.answer == "counter":
        await _tell(uow, desk, person, known, mail_id, "invitation_proposed", reply)
    return "invitation"


async def _invited(uow: Uow, desk: Desk, interview: dict[str, Any], reply: Reply) -> Person | None:
    """The one of this interview whom the invitation went to at this address; a reply sent by another address is nobody's."""
    if not reply.from_the_invited:
        return None
    ids = [UUID(str(one)) for one in (interview.get("candidate_id"), *interview.get("panel", ()), *interview.get("shadows", ())) if one]
    found = await people(uow, desk.house.vault, ids)
    return next((one for one in found.values() if one.mail and one.mail.lower() == reply.attendee), None)


async def _note(uow: Uow, person: Person, known: dict[str, Any], reply: Reply) -> bool:
    """Keep it, and say it once: the same answer brought again changes nothing."""
    rsvp = rsvp_id(reply.interview_id, person.id)
    stood = await directory.fact(uow, "rsvp", rsvp)
    said = {
        "answer": reply.answer, "starts_at": reply.starts_at and reply.starts_at.isoformat(), "person_id": str(person.id),
        "interview_id": str(reply.interview_id)}
    if stood is not None and stood["version"] == known["version"] and {**stood["body"], "nth": 0} == {**said, "nth": 0}:
        return False
    nth = int(stood["body"]["nth"]) + 1 if stood else 0
    await directory.put_fact(
        uow, "rsvp", rsvp, {**said, "nth": nth}, hire_id=known["hire_id"], version=known["version"], state=reply.answer)
    uow.emit(
        InvitationAnswered(
            interview_id=reply.interview_id, version=known["version"], hire_id=known["hire_id"], person_id=person.id,
            answer=reply.answer, starts_at=reply.starts_at, ends_at=reply.ends_at, at=uow.now),  # type: ignore[arg-type]
        event_id=derive_id("notification", "rsvp", rsvp, nth))
    return True


async def _ask_back(uow: Uow, desk: Desk, person: Person, known: dict[str, Any], reply: Reply, mail_id: str) -> str:
    sql = "select count(*) from messages where person_id = :person and template like 'invitation_unclear%' and hire_id = :hire and spec->'refs'->0->>'id' = :interview"
    asked = await uow.value(sql, person=person.id, hire=known["hire_id"], interview=str(reply.interview_id))
    if int(asked or 0) >= ASKED_BACK:
        return "for_a_person"
    await _tell(uow, desk, person, known, mail_id, "invitation_unclear", reply)
    return "asked_back"


async def _tell(uow: Uow, desk: Desk, person: Person, known: dict[str, Any], mail_id: str, template: str, reply: Reply) -> None:
    """One mail back, once for each reply however often it is brought."""
    reply_id = derive_id("notification", "reply", person.id, mail_id)
    candidate = str(person.id) == str(known["body"].get("candidate_id"))
    message = MessageSpec(
        message_id=derive_id("notification", "message", reply_id, template), purpose="receipt", occasion=f"{reply_id}/1",
        party=PartyRef(person_id=person.id, role="candidate" if candidate else "interviewer"),
        template=template if candidate else f"{template}_other", hire_id=known["hire_id"],
        refs=[Ref(kind="interview", id=reply.interview_id, version=known["version"])],
        params={"reason": "changed" if not reply.is_about(known["version"]) else reply.answer})
    if await messages.put(uow, message, {"send_at": uow.now, "obligation_id": None, "cause": {"id": str(reply_id), "source": "baton/notification"}}):
        desk.bell.set()
