"""SQL of references: a publisher's (source, external id) of an entity, and ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.intake.domain import Reference, minted
from shared.runtime.db import Uow

_FIND = """select kind, source, externalid, id, known from refs where (kind, externalid) in (select * from unnest($1::text[], $2::text[]))"""
_OPENED = "select externalref, application_id from applications where externalref = any($1::text[])"
_REGISTER = """insert into refs (kind, source, externalid, id, known, rank)
  select k, s, e, i, true, r from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[]) as n (k, s, e, i, r) order by 1, 2, 3
  on conflict (kind, source, externalid) do update set known = true, rank = greatest(refs.rank, excluded.rank)"""


async def resolve(uow: Uow, wanted: Iterable[Reference]) -> dict[Reference, UUID]:
    """Ids of the known ones: the publisher's own first, else the only one of that external id at any publisher."""
    asked = list(dict.fromkeys(wanted))
    if not asked:
        return {}
    rows = await uow.pg.fetch(_FIND, [r.kind for r in asked], [r.externalid for r in asked])
    named = [r for r in asked if r.kind == "application"]
    opened = await uow.pg.fetch(_OPENED, [str(r) for r in named]) if named else []
    hires = {row["externalref"]: row["application_id"] for row in opened}
    own = {(row["kind"], row["source"], row["externalid"]): row["id"] for row in rows if row["known"]}
    anybody: dict[tuple[str, str], set[UUID]] = {}
    for (kind, _, externalid), found in own.items():
        anybody.setdefault((kind, externalid), set()).add(found)
    out: dict[Reference, UUID] = {}
    for reference in asked:
        mine = own.get((reference.kind, reference.source, reference.externalid)) or (
            hires.get(str(reference)) if reference.kind == "application" else None)
        others = anybody.get((reference.kind, reference.externalid), set())
        if mine is not None:
            out[reference] = mine
        elif len(others) == 1:
            out[reference] = next(iter(others))
    return out


async def mention(uow: Uow, reference: Reference) -> UUID:
    """Id of an entity that is named by another one and may come later: known ones first, else minted now."""
    found = (await resolve(uow, [reference])).get(reference)
    if found is not None:
        return found
    new = minted(reference.kind, reference.source, reference.externalid)
    await uow.run(
        "insert into refs (kind, source, externalid, id, known) values (:k, :s, :e, :id, false) on conflict do nothing",
        k=reference.kind, s=reference.source, e=reference.externalid, id=new)
    return new


async def id_for(uow: Uow, reference: Reference) -> UUID:
    """Id under which this publisher's entity is, or will be, kept."""
    row = await uow.one(
        "select id from refs where kind = :k and source = :s and externalid = :e", k=reference.kind, s=reference.source, e=reference.externalid)
    return row["id"] if row else minted(reference.kind, reference.source, reference.externalid)


async def rank_of(uow: Uow, reference: Reference) -> str:
    """Rank of the newest event about this external id; empty where there was none."""
    return await uow.value(
        "select rank from refs where kind = :k and source = :s and externalid = :e for update",
        k=reference.kind, s=reference.source, e=reference.externalid) or ""


async def register(uow: Uow, rows: Sequence[tuple[Reference, UUID, str]]) -> None:
    """Enter entities as known: (reference, id, rank of the event)."""
    if rows:
        await uow.pg.execute(
            _REGISTER, [r.kind for r, _, _ in rows], [r.source for r, _, _ in rows], [r.externalid for r, _, _ in rows],
            [i for _, i, _ in rows], [k for _, _, k in rows])


async def names_of(uow: Uow, externalid: str, source: str = "") -> list[dict[str, object]]:
    """All entities of an external id, for `GET /refs`."""
    rows = await uow.rows(
        "select kind, source, externalid, id, known from refs where externalid = :e and (:s = '' or source = :s) order by kind, source limit 50",
        e=externalid, s=source)
    opened = await uow.rows(
        "select 'application' as kind, split_part(externalref, '#', 1) as source, cast(:e as text) as externalid, application_id as id, true as known"
        " from applications where externalref = :r", e=externalid, r=f"{source}#{externalid}")
    return [{**row, "id": str(row["id"])} for row in (*rows, *opened)]
