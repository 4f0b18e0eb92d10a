"""`baton report`: the recruiter's morning first (who holds the baton, what is overdue, what comes today), then outcomes and numbers."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.runtime.db import Uow

from .. import charts, lane, reads, words
from ..metrics.compute import metric
from ..metrics.contracts import CONTRACTS
from ..metrics.period import Period
from .numbers import channels, days_of, duties, messages, outcomes, tile

HERE = Path(__file__).parent
BOARD = 60
WAYS = 12


@cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals["css"] = (HERE / "baton.css").read_text()
    return made


async def page(uow: Uow, *, lang: str, hire: str = "", period: Period | None = None) -> str:
    """The whole page in `zh` or `en`; `hire` names whose relay lane is shown (default: the one with the longest story).

    `period`: the numbers of duties and metrics are those of these days; how things stand is always now.
    """
    lang = "zh" if lang.startswith("zh") else "en"
    stats = await reads.stats(uow)
    story = await _story(uow, hire)
    found = {name: await metric(uow, name, period=period) for name in CONTRACTS}
    return _environment().get_template("report.html").render(
        lang=lang, zh=lang == "zh", now=words.moment(uow.now, lang), stats=stats, morning=await _morning(uow, lang),
        outcomes=outcomes(await _ended(uow), lang), relay=_relay(story, lang) if story else None,
        duties=duties(found["M17"], lang), messages=messages(await _said(uow), lang) | channels(await _by_channel(uow), await _ways(uow), lang),
        period=days_of(period, lang), tiles=[tile(one, lang) for one in found.values() if one is not None])


async def morning(uow: Uow, *, lang: str) -> str:
    """The first part alone, as it stands now: what somebody of ours sees in the morning."""
    lang = "zh" if lang.startswith("zh") else "en"
    return _environment().get_template("morning.html").render(zh=lang == "zh", morning=await _morning(uow, lang))


async def _story(uow: Uow, name: str) -> Any:
    chosen: UUID | None = await reads.find_hire(uow, name) if name else None
    if chosen is None:
        chosen = await uow.value("select hire_id from obligations where hire_id is not null and blocking group by hire_id order by count(*) desc, hire_id limit 1")
    return await reads.hire(uow, chosen) if chosen else None


async def _morning(uow: Uow, lang: str) -> dict[str, Any]:
    rows = await reads.obligations(uow, {"state": "open"}, limit=BOARD, after="")
    live = await uow.value("select count(*) from hires where outcome is null")
    counts = await uow.one("select count(*) as open, count(*) filter (where due_at < :now) as overdue, count(*) filter (where due_at >= :now and"
                           " due_at < :now + interval '24 hours') as today from obligations where ended is null", now=uow.now)
    house = await uow.value("select count(*) from hires h where outcome is null and not exists (select 1 from obligations o where"
                            " o.hire_id = h.hire_id and o.ended is null and o.blocking)")
    comes = await uow.rows("select i.starts_at as at, i.round, i.hire_id, r.code from interviews i left join requisitions r using (requisition_id)"
                           " where i.state = 'scheduled' and i.starts_at >= :now and i.starts_at < :now + interval '24 hours' order by 1", now=uow.now)
    return {"live": live, "house": house, **dict(counts or {}), "rows": [_row(row, lang) for row in rows],
            "comes": [{"at": words.moment(c["at"], lang), "round": c["round"], "hire": short(c["hire_id"]), "code": c["code"] or ""} for c in comes]}


def short(id_: Any) -> str:
    """The beginning of an id, enough for `baton hire`."""
    return str(id_)[:8] if id_ else ""


def _row(duty: Any, lang: str) -> dict[str, Any]:
    rung, over = duty["next_rung"], duty["state"] == "over"
    state = "over" if over else "ours" if duty["by_role"] in words.OURS else "them"
    percent = f"{duty['used']:.0%}"
    title = {"zh": f"已用约定时间的 {percent}", "en": f"{percent} of the agreed time used"}[lang]
    return {
        "state": "over" if over else "them", "word": words.word(words.STATES, state, lang), "hire": short(duty["hire_id"]),
        "code": duty["requisition"] or "", "holder": words.role(duty["by_role"], lang), "client": _client(duty, lang), "to": words.role(duty["to_role"], lang),
        "owes": words.kind(duty["kind"], lang), "due": words.moment(duty["due_at"], lang), "meter": charts.meter(duty["used"], title),
        "next": f"{words.moment(datetime.fromisoformat(rung['at']), lang)} {_acts(rung['do'], lang)}" if rung else ""}


def _client(row: Any, lang: str) -> str:
    return (row["client"] if lang == "zh" else row["client_latin"] or row["client"]) or ""


def _acts(do: str, lang: str) -> str:
    """What a rung does; `transfer(lead)` says to whom, several are joined."""
    out = []
    for act in do.replace(",", " ").split():
        verb, _, role = act.partition("(")
        out.append(f"{words.word(words.RUNGS, verb, lang)} {words.role(role.rstrip(')'), lang)}".strip())
    return ("、" if lang == "zh" else ", ").join(out)


async def _ended(uow: Uow) -> Any:
    return await uow.rows("select coalesce(r.code, '?') as code, coalesce(r.title, '') as title, r.title_en, h.outcome, count(*) as n from hires h"
                          " left join requisitions r using (requisition_id) group by 1, 2, 3, 4 order by 1, 5 desc")


async def _said(uow: Uow) -> Any:
    return await uow.rows("select purpose, party_role, count(*) filter (where state in ('sent', 'delivered')) as said, count(*) filter"
                          " (where state = 'suppressed') as suppressed, count(*) filter (where state in ('failed', 'bounced')) as failed"
                          " from messages group by 1, 2 order by 3 desc, 1, 2")


async def _by_channel(uow: Uow) -> Any:
    return await uow.rows("select channel, count(*) as said, count(*) filter (where tried <> '[]') as later from messages where sent_at is not null"
                          " group by 1 order by 2 desc, 1")


async def _ways(uow: Uow) -> Any:
    """Messages that one channel did not take and another one did."""
    return await uow.rows("select m.party_role, m.template, m.channel, m.tried, m.ended_at as at, m.state, m.hire_id, r.code from messages m left join hires h using (hire_id)"
                          " left join requisitions r using (requisition_id) where m.tried <> '[]' order by m.sent_at, m.message_id limit :most", most=WAYS)


def _relay(story: dict[str, Any], lang: str) -> dict[str, Any]:
    now = story["now"]
    held: dict[str, float] = {}
    rows = []
    for leg in story["legs"]:
        until = leg["until"] or now
        seconds = (until - leg["since"]).total_seconds()
        held[leg["role"]] = held.get(leg["role"], 0.0) + seconds
        if leg["state"] != "house":
            rows.append({"n": leg["n"], "holder": words.role(leg["role"], lang), "kind": words.kind(leg["kind"], lang), "since": words.moment(leg["since"], lang),
                         "until": words.moment(leg["until"], lang), "took": words.span(seconds, lang), "due": words.moment(leg["due_at"], lang),
                         "state": leg["state"] if leg["state"] != "open" else "them", "word": words.word(words.STATES, leg["state"], lang)})
    return {"hire": short(story["hire_id"]), "code": story["requisition"] or "", "title": (story["title"] if lang == "zh" else story["title_en"] or story["title"]) or "",
            "client": _client(story, lang), "finding": lane.title(story, lang), "svg": lane.lane_svg(story, lang=lang), "rows": rows,
            "held": [(words.role(name, lang), words.span(seconds, lang)) for name, seconds in sorted(held.items(), key=lambda item: -item[1])]}
