"""A record is read once in a transaction, and again after it was written."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.notification.store import directory

HIRE, OFFER = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 9, 3, tzinfo=UTC)


class Uow:
    """Answers with what stands in its tables, and counts how often it is asked."""

    def __init__(self) -> None:
        self.now, self.asked, self.memo = NOW, 0, {}
        self.facts: list[dict[str, Any]] = []
        self.people: dict[UUID, dict[str, Any]] = {}

    async def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        self.asked += 1
        if "from directory" in sql:
            asked = zip(params["kinds"], params["ids"], strict=True)
            return [{"kind": kind, "id": one, "body": self.people[one]} for kind, one in asked if one in self.people]
        hires, people = params.get("hires", [params.get("hire")]), params.get("people", [])
        return [dict(one) for one in self.facts if one["hire_id"] in hires or (one["kind"] == "person" and one["id"] in people)]

    async def one(self, sql: str, **params: Any) -> dict[str, Any] | None:
        self.asked += 1
        return next((dict(one) for one in self.facts if (one["kind"], one["id"]) == (params["kind"], params["id"])), None)

    async def run(self, sql: str, **params: Any) -> int:
        return 1


def fact(kind: str, id: UUID, version: int) -> dict[str, Any]:
    return {"kind": kind, "id": id, "version": version, "state": "", "hire_id": HIRE, "at": NOW, "body": {"version": version}}


async def test_facts_when_one_kind_of_a_hire_was_read_then_all_are_known_until_one_is_written():
    uow = Uow()
    uow.facts = [fact("hire", HIRE, 1), fact("offer", OFFER, 1)]
    assert [one["version"] for one in await directory.facts_of_hire(uow, "offer", HIRE)] == [1]
    assert (await directory.fact(uow, "hire", HIRE))["version"] == 1 and uow.asked == 1
    uow.facts[1] = fact("offer", OFFER, 2)
    await directory.put_fact(uow, "offer", OFFER, {}, version=2)
    assert (await directory.fact(uow, "offer", OFFER))["version"] == 2
    assert [one["version"] for one in await directory.facts_of_hire(uow, "offer", HIRE)] == [2]


async def test_record_when_unknown_then_asked_once_and_again_after_it_arrived():
    uow = Uow()
    for _ in range(2):
        assert await directory.records(uow, "person", [HIRE, None]) == {}
    assert uow.asked == 1
    uow.people[HIRE] = {"zone": "UTC"}
    await directory.put_record(uow, "person", HIRE, 1, "{}")
    assert await directory.records(uow, "person", [HIRE]) == {HIRE: {"zone": "UTC"}}


async def test_all_about_a_hire_when_read_ahead_then_two_statements_and_what_it_has_not_is_not_asked_for():
    uow, client, panel = Uow(), UUID(int=3), UUID(int=4)
    uow.facts = [fact("hire", HIRE, 1)]
    uow.facts[0]["body"] = {"person_id": str(OFFER), "client_id": str(client)}
    uow.people = {OFFER: {"zone": "UTC"}, client: {"name": "K"}, panel: {"zone": "UTC"}}
    await directory.about(uow, HIRE, [panel, None])
    assert uow.asked == 2
    assert await directory.records(uow, "person", [OFFER, panel]) and await directory.records(uow, "client", [client])
    assert await directory.fact(uow, "offer", OFFER, of_hire=HIRE) is None and uow.asked == 2
    uow.facts.append(fact("offer", OFFER, 1))
    await directory.put_fact(uow, "offer", OFFER, {}, version=1)
    assert await directory.fact(uow, "offer", OFFER, of_hire=HIRE) is not None


async def test_many_hires_and_readers_when_read_ahead_then_two_statements_and_the_erased_are_known():
    uow, other, gone, here = Uow(), UUID(int=5), UUID(int=6), UUID(int=7)
    uow.facts = [fact("hire", HIRE, 1), {**fact("hire", other, 3), "hire_id": other}, {**fact("person", gone, 1), "hire_id": None, "state": "erased"}]
    uow.people = {gone: {"zone": "UTC"}, here: {"zone": "UTC"}}
    await directory.about_all(uow, [(HIRE, gone), (other, here), (None, here)])
    assert uow.asked == 2
    assert (await directory.fact(uow, "person", gone))["state"] == "erased" and await directory.fact(uow, "person", here) is None
    assert [one["version"] for one in await directory.facts_of_hire(uow, "hire", other)] == [3]
    assert (await directory.fact(uow, "hire", HIRE))["version"] == 1 and uow.asked == 2
