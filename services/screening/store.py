"""Tables and all SQL of screening: rules per requisition version, screened applications, sealed scorecards."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import from_json

from shared.contracts.application import Facts
from shared.contracts.requisition import RequisitionRecord, ScreeningRule
from shared.contracts.screening import ScoreLine
from shared.runtime.db import COPY_FROM, Uow

from .domain import Memo, Verdict

_RULES: TypeAdapter[list[ScreeningRule]] = TypeAdapter(list[ScreeningRule])
_RESULTS_COLUMNS = "application_id, hire_id, person_id, requisition_id, requisition_version, client_id, facts, defect, verdict, score, rules_version"
_COLUMNS = (*_RESULTS_COLUMNS.split(", "), "evaluated_at")
_SAVE = f"""insert into applications ({_RESULTS_COLUMNS}, evaluated_at)
  select *, $12 from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::uuid[],
    $7::text[], $8::text[], $9::text[], $10::float8[], $11::text[])
  on conflict (application_id) do update set requisition_id = excluded.requisition_id, requisition_version = excluded.requisition_version,
    client_id = excluded.client_id, facts = excluded.facts, defect = excluded.defect, verdict = excluded.verdict, score = excluded.score,
    rules_version = excluded.rules_version, evaluated_at = excluded.evaluated_at"""
_FIND_RULES = """select w.id as wanted_id, w.v as wanted_version, r.* from unnest($1::uuid[], $2::int[]) as w (id, v)
  cross join lateral (select * from requisitions q where q.requisition_id = w.id and q.version >= w.v order by q.version limit 1) r"""
_CACHED = 5_000


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one version of a requisition."""

    requisition_id: UUID
    version: int
    client_id: UUID
    rules_version: str
    rules: list[ScreeningRule]
    memo: Memo = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Screened:
    """One application with what was found: what its row holds."""

    application_id: UUID
    hire_id: UUID
    person_id: UUID
    facts: Facts
    defect: str | None
    book: RuleSet
    verdict: Verdict


def _json(value: Any) -> Any:
    return from_json(value) if isinstance(value, str | bytes) else value


def _rule_set(row: Mapping[str, Any]) -> RuleSet:
    rules = _RULES.validate_python(_json(row["rules"]))
    return RuleSet(row["requisition_id"], row["version"], row["client_id"], row["rules_version"], rules)


async def save_requisition(uow: Uow, record: RequisitionRecord) -> None:
    """Keep this version's rules; the same version again changes nothing."""
    await uow.run(
        "insert into requisitions (requisition_id, version, client_id, rules_version, rules)"
        " values (:id, :version, :client, :rules_version, cast(:rules as jsonb)) on conflict do nothing",
        id=record.requisition_id, version=record.version, client=record.client_id,
        rules_version=record.rules_version or f"v{record.version}", rules=_RULES.dump_json(record.rules).decode())


class RuleBook:
    """Rules by (requisition, version), read once per process: a version never changes."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[UUID, int], RuleSet] = OrderedDict()

    async def find(self, uow: Uow, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], RuleSet]:
        """The rules of each (requisition, version): that version, or the next one that is here; unknown ones are left out."""
        wanted = set(wanted)
        found = {name: self._known[name] for name in wanted if name in self._known}
        missing = [name for name in wanted if name not in found]
        if missing:
            rows = await uow.pg.fetch(_FIND_RULES, [name[0] for name in missing], [name[1] for name in missing])
            for row in rows:
                book = found[row["wanted_id"], row["wanted_version"]] = _rule_set(row)
                self._known[book.requisition_id, book.version] = book
            while len(self._known) > _CACHED:
                self._known.popitem(last=False)
        return found

    async def newest(self, uow: Uow, requisition_id: UUID) -> RuleSet | None:
        """The present rules of a requisition."""
        row = await uow.one("select * from requisitions where requisition_id = :id order by version desc limit 1", id=requisition_id)
        return _rule_set(row) if row else None


async def save_screened(uow: Uow, screened: Sequence[Screened]) -> None:
    """Store results, one statement for all; of one application the last entry counts."""
    last = {one.application_id: one for one in screened}.values()
    rows = [(one.application_id, one.hire_id, one.person_id, one.book.requisition_id, one.book.version, one.book.client_id,
             one.facts.__pydantic_serializer__.to_json(one.facts).decode(), one.defect, one.verdict.outcome, one.verdict.score,
             one.book.rules_version, uow.now) for one in last]
    if len(rows) >= COPY_FROM and await uow.copy_new("applications", _COLUMNS, sorted(rows, key=_by_application)):
        return
    await uow.pg.execute(_SAVE, *map(list, zip(*(row[:-1] for row in rows), strict=True)), uow.now)


def _by_application(row: tuple[Any, ...]) -> int:
    number: int = row[0].int
    return number


async def load_application(uow: Uow, application_id: UUID) -> Mapping[str, Any] | None:
    """Row of a screened application, locked, `facts` as Facts; None when it is not known."""
    row = await uow.one("select * from applications where application_id = :id for update", id=application_id)
    return dict(row) | {"facts": Facts.model_validate(_json(row["facts"]))} if row else None


@dataclass(frozen=True, slots=True)
class Card:
    """One scorecard as it is kept until, and after, the reveal."""

    interview_id: UUID
    hire_id: UUID
    ask_id: UUID
    line: ScoreLine
    sealed: list[Any]
    salt: str
    commitment: str
    interview_end: datetime
    late: bool = False


async def save_interview(uow: Uow, interview: Mapping[str, Any]) -> None:
    """Panel and end of an interview, by version: an older version never replaces a newer one."""
    await uow.run(
        "insert into interviews (interview_id, hire_id, version, panel, ends_at) values (:interview_id, :hire_id, :version, :panel, :ends_at)"
        " on conflict (interview_id) do update set version = excluded.version, panel = excluded.panel, ends_at = excluded.ends_at"
        " where excluded.version > interviews.version", **interview)


async def lock_interview(uow: Uow, interview_id: UUID, *, hire_id: UUID) -> Mapping[str, Any]:
    """The interview's row, locked (made with an empty panel when scheduling has not told of it): cards and reveal take turns here."""
    await uow.run("insert into interviews (interview_id, hire_id, version, panel) values (:id, :hire, -1, '{}') on conflict do nothing",
                  id=interview_id, hire=hire_id)
    row = await uow.one("select * from interviews where interview_id = :id for update", id=interview_id)
    if row is None:
        raise LookupError("an interview that was just inserted is gone")
    return dict(row)


async def save_card(uow: Uow, card: Card) -> None:
    """Keep a card; a newer one of the same interviewer replaces it while the cards are closed."""
    await uow.run(
        "insert into cards (interview_id, interviewer_id, hire_id, ask_id, line, sealed, salt, commitment, submitted_at, interview_end, late)"
        " values (:interview, :who, :hire, :ask, cast(:line as jsonb), cast(:sealed as jsonb), :salt, :commitment, :at, :end, :late)"
        " on conflict (interview_id, interviewer_id) do update set ask_id = excluded.ask_id, line = excluded.line, sealed = excluded.sealed,"
        " salt = excluded.salt, commitment = excluded.commitment, submitted_at = excluded.submitted_at where not excluded.late",
        interview=card.interview_id, who=card.line.interviewer_id, hire=card.hire_id, ask=card.ask_id, line=card.line.model_dump_json(),
        sealed=json.dumps(card.sealed), salt=card.salt, commitment=card.commitment, at=card.line.submitted_at, end=card.interview_end,
        late=card.late)


async def drop_card(uow: Uow, ask_id: UUID) -> int:
    """Take a closed card back; revealed ones stay."""
    return await uow.run(
        "delete from cards c using interviews i where c.ask_id = :ask and i.interview_id = c.interview_id and i.revealed_at is null", ask=ask_id)


async def load_cards(uow: Uow, interview_id: UUID) -> list[ScoreLine]:
    """Clear parts of all cards that were in before the reveal, in the order they came."""
    rows = await uow.rows("select line from cards where interview_id = :id and not late order by submitted_at, interviewer_id", id=interview_id)
    return [ScoreLine.model_validate(_json(row["line"])) for row in rows]


async def mark_revealed(uow: Uow, interview_id: UUID) -> None:
    """From now on the cards are open; the first instant stays."""
    await uow.run("update interviews set revealed_at = coalesce(revealed_at, :now) where interview_id = :id", id=interview_id, now=uow.now)
