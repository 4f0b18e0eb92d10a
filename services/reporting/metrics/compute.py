"""A metric as it is printed: its contract, and for each group n, the number, its interval or spread, and the cases to drill into."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from shared.contracts.application import CandidateContacted
from shared.policy.calendar import WorkingCalendar
from shared.policy.loader import load_calendar
from shared.runtime.db import Uow

from . import cases as c
from .contracts import CONTRACTS, Contract
from .period import BRANCH, Period, place
from .stats import kaplan_meier_median, mean, quantile, wilson

Row = dict[str, Any]
SMALL = 20
BASE_CALENDAR = "CN"


async def metric(uow: Uow, metric_id: str, *, drill: bool = False, period: Period | None = None) -> Row | None:
    """One metric now; None when there is no such contract. `drill` adds every case with its event ids; `period`: only what falls into it,
    with each branch apart where it is cut on the branches' own walls, and a series where one is wanted."""
    contract = CONTRACTS.get(metric_id.upper())
    if contract is None:
        return None
    found = await _LOADERS[contract.id](uow)
    out: Row = {**contract.described(), "as_of": uow.now}
    if period is not None:
        placed = place(found, period, zones=await _zones(uow), base=base_zone())
        found, out["period"] = placed.cases, period.described()
        if period.zone == BRANCH:
            out["branches"] = [{"zone": zone, "groups": _grouped(contract, cases)} for zone, cases in sorted(placed.by_zone().items())]
        if period.by:
            out["series"] = [{period.by: label, "groups": _grouped(contract, cases)} for label, cases in placed.by_step().items()]
    out["groups"] = _grouped(contract, found)
    if contract.id == "M17":
        out["sides"] = _sides(contract, found)
    if drill:
        out["cases"] = [asdict(case) for case in found]
    return out


def summarise(contract: Contract, group: str, found: Sequence[c.Case]) -> Row:
    """The numbers of one group."""
    states = Counter(case.state for case in found)
    out: Row = {"group": group, "open": states["open"], "apart": states["apart"], "by": dict(Counter(case.detail for case in found))}
    if contract.unit == "rate":
        hits, n = states["hit"], states["hit"] + states["miss"]
        between = wilson(hits, n)
        out |= {"n": n, "hits": hits, "value": hits / n if n else None, "interval": [round(x, 4) for x in between] if between else None,
                "small": n < SMALL}
    else:
        ended = [case.hours for case in found if case.state == "hit" and case.hours is not None]
        ages = [case.hours for case in found if case.state == "open" and case.hours is not None]
        median = kaplan_meier_median(ended, ages)
        out |= {"n": len(ended), "value": median, "mean": mean(ended), "median": quantile(ended, 0.5), "p75": quantile(ended, 0.75),
                "p90": quantile(ended, 0.9), "open_median_age": quantile(ages, 0.5), "small": len(ended) < SMALL}
    return out


def _grouped(contract: Contract, found: Iterable[c.Case]) -> list[Row]:
    groups: dict[str, list[c.Case]] = defaultdict(list)
    for case in found:
        groups[case.group].append(case)
    return [summarise(contract, name, groups[name]) for name in sorted(groups)]


def _sides(contract: Contract, found: Sequence[c.Case]) -> list[Row]:
    """Duties of both sides on the same scale, ours first."""
    by_side: dict[str, list[c.Case]] = {name: [] for name in ("firm", "client", "candidate")}
    for case in found:
        by_side[side_of(case.group.split("/")[0])].append(case)
    return [summarise(contract, name, cases) for name, cases in by_side.items()]


def side_of(role: str) -> str:
    """Which side of the agreement a role stands on."""
    if role in ("candidate", "new_hire", "referee", "self"):
        return "candidate"
    return "client" if role in ("client_contact", "client_sponsor", "hiring_manager", "line_manager", "interviewer", "department_head") else "firm"


async def _stages(uow: Uow) -> Sequence[Any]:
    return await uow.rows("select * from stages")


async def _hires(uow: Uow) -> dict[Any, Any]:
    return {row["hire_id"]: row for row in await uow.rows("select * from hires")}


async def _words(uow: Uow) -> list[Row]:
    said = await uow.rows("select hire_id, delivered_at as at, delivered_event as event, template as what from messages where delivered_at is not null"
                          " and party_role in ('candidate', 'new_hire') and hire_id is not null and purpose <> 'remind'")
    calls = await uow.rows("select hire as hire_id, time as at, id as event, 'call' as what from events where type = :t", t=CandidateContacted.TYPE)
    talks = await uow.rows("select hire_id, ended_at as at, ended_event as event, 'call' as what from obligations where ended = 'met'"
                           " and kind in ('call', 'debrief', 'word_after_interview') and hire_id is not null")
    return [dict(row) for row in (*said, *calls, *talks)]


async def _time_in_stage(uow: Uow) -> list[c.Case]:
    return c.time_in_stage(await _stages(uow), uow.now)


async def _stage_pass(uow: Uow) -> list[c.Case]:
    return c.stage_pass(await _stages(uow))


async def _acceptance(uow: Uow) -> list[c.Case]:
    return c.offer_acceptance(await uow.rows("select * from offers"), await _hires(uow))


async def _joining(uow: Uow) -> list[c.Case]:
    return c.joining(await uow.rows("select * from offers"), await _hires(uow), uow.now, _calendar())


async def _duties(uow: Uow) -> list[c.Case]:
    return c.duties_kept(await uow.rows("select * from obligations"), uow.now)


async def _feedback(uow: Uow) -> list[c.Case]:
    return c.feedback(await uow.rows("select * from interviews"), uow.now)


async def _told(uow: Uow) -> list[c.Case]:
    return c.told_in_time(await uow.rows("select * from decisions"), await _words(uow), uow.now)


async def _zones(uow: Uow) -> dict[Any, str]:
    rows = await uow.rows("select h.hire_id, r.zone from hires h join requisitions r using (requisition_id) where r.zone is not null")
    return {row["hire_id"]: row["zone"] for row in rows}


def base_zone() -> str:
    """The head office's zone: where no other is named, its days are meant."""
    return str(_calendar().zone)


@cache
def _calendar() -> WorkingCalendar:
    return load_calendar(BASE_CALENDAR)


_LOADERS: dict[str, Callable[[Uow], Any]] = {
    "M7": _time_in_stage, "M8": _stage_pass, "M11": _acceptance, "M12": _joining, "M17": _duties, "M18": _feedback, "M19": _told}
