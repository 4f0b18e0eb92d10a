"""/calendar/<token>.ics: the reader's own interviews as a calendar feed, with what they answered. Discreet: no client, no role."""

from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from services.notification.desk import Desk
from services.notification.people import Person, people
from services.notification.sending.calendar_entry import feed_bytes
from services.notification.store import timetable as store
from services.notification.timetable import Row, entries_of
from services.notification.wording import T
from shared.runtime.db import Uow

HEADERS = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}
BACK, AHEAD = timedelta(days=365), timedelta(days=730)


async def feed(uow: Uow, desk: Desk, person_id: UUID) -> Response:
    """The feed of this person, as it stands now: the last year and everything to come."""
    reader = (await people(uow, desk.house.vault, [person_id])).get(person_id) or Person(person_id)
    rows = await store.of_person(uow, person_id, uow.now - BACK, uow.now + AHEAD)
    known = await people(uow, desk.house.vault, {row.candidate_id for row in rows} - {person_id})
    plain = T("约好的时间", "As arranged").at(reader.lang)

    def summary(row: Row) -> str:
        met = known.get(row.candidate_id)
        return (met.party.shown(reader.lang) if met else "") or plain

    took = await store.answers_of(uow, person_id, rows)
    raw = feed_bytes(entries_of(rows, summary, took), name=plain, organizer_mail=desk.settings.mail_from, reader=(reader.party.name, reader.mail))
    return Response(raw, media_type="text/calendar", headers=HEADERS)
