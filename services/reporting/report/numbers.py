"""Numbers as the report prints them: outcomes by requisition, duties of both sides, messages by kind, one tile a metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .. import charts, words
from ..metrics.period import BRANCH, Period

Row = dict[str, Any]
LIVE = {"zh": "进行中", "en": "live"}


def days_of(period: Period | None, lang: str) -> str:
    """Which days the numbers are about, and on whose wall; empty where they are about all of them."""
    if period is None:
        return ""
    wall = {"zh": "各分支当地时间", "en": "each branch’s own time"}[lang] if period.zone == BRANCH else period.zone
    begin, end = (str(day) if day else "…" for day in (period.first, period.last))
    return f"{begin} – {end}（{wall}）" if lang == "zh" else f"{begin} – {end} ({wall})"


def outcomes(rows: Iterable[Mapping[str, Any]], lang: str) -> Row:
    """How many hires ended how, in all and by requisition."""
    totals: dict[str, int] = {}
    by_code: dict[str, Row] = {}
    for row in rows:
        name = words.word(words.OUTCOMES, row["outcome"], lang) or LIVE[lang]
        totals[name] = totals.get(name, 0) + row["n"]
        title = row["title"] if lang == "zh" else row["title_en"] or row["title"]
        one = by_code.setdefault(row["code"], {"code": row["code"], "title": title, "n": 0, "parts": []})
        one["n"] += row["n"]
        one["parts"].append(f"{name} {row['n']}")
    bars = [(name, n, "") for name, n in sorted(totals.items(), key=lambda item: -item[1])]
    label = "，".join(f"{name} {n}" for name, n, _ in bars) if lang == "zh" else ", ".join(f"{n} {name}" for name, n, _ in bars)
    return {"n": sum(totals.values()), "svg": charts.count_bars(bars, label), "rows": list(by_code.values())}


def duties(found: Mapping[str, Any] | None, lang: str) -> Row:
    """Duties of both sides on one scale, and each kind that fell due."""
    sides = (found or {}).get("sides", [])
    shown = [_side(side, lang) for side in sides]
    most = max((sum(side["counts"].values()) for side in shown), default=1)
    for index, side in enumerate(shown):
        title = f"{side['name']}: " + ", ".join(f"{words.word(words.STATES, name, lang)} {n}" for name, n in side["counts"].items())
        side["svg"] = charts.duty_bar(side["counts"], title, most=most, hatch=f"duty{index}")
    groups = [_kind(group, lang) for group in (found or {}).get("groups", []) if group["n"]]
    groups.sort(key=lambda g: (-(g["n"] - g["hits"]), -g["n"]))
    return {"sides": shown, "rows": groups}


def _side(side: Mapping[str, Any], lang: str) -> Row:
    by = side["by"]
    counts = {"met": by.get("met", 0), "late": by.get("late", 0), "over": by.get("overdue", 0) + by.get("lapsed", 0),
              "waived": sum(by.get(name, 0) for name in ("waived", "transferred", "cancelled"))}
    return {"name": words.word(words.SIDES, side["group"], lang), "counts": counts, "n": side["n"], "hits": side["hits"]}


def _kind(group: Mapping[str, Any], lang: str) -> Row:
    role, _, kind = group["group"].partition("/")
    return {"holder": words.role(role, lang), "kind": words.kind(kind, lang), "n": group["n"], "hits": group["hits"],
            "late": group["by"].get("late", 0), "missed": group["by"].get("lapsed", 0) + group["by"].get("overdue", 0)}


def messages(rows: Iterable[Mapping[str, Any]], lang: str) -> Row:
    """What was said to whom, by purpose."""
    table = [{"purpose": row["purpose"].replace("_", " "), "to": words.role(row["party_role"], lang), "said": row["said"],
              "suppressed": row["suppressed"], "failed": row["failed"]} for row in rows]
    return {"rows": table, "said": sum(r["said"] for r in table), "suppressed": sum(r["suppressed"] for r in table),
            "failed": sum(r["failed"] for r in table)}


def channels(rows: Iterable[Mapping[str, Any]], ways: Iterable[Mapping[str, Any]], lang: str) -> Row:
    """What left by which channel, and each message that went through two because the first one did not take it."""
    told = [{"channel": words.word(words.CHANNELS, row["channel"], lang), "said": row["said"], "later": row["later"]} for row in rows]
    return {"channels": told, "ways": [_way(way, lang) for way in ways]}


def _way(way: Mapping[str, Any], lang: str) -> Row:
    tried = [(words.word(words.CHANNELS, one["channel"], lang), one["reason"], words.moment(datetime.fromisoformat(one["at"]), lang)) for one in way["tried"]]
    last = (words.word(words.CHANNELS, way["channel"], lang), words.word(words.ARRIVED, way["state"], lang), words.moment(way["at"], lang))
    return {"to": words.role(way["party_role"], lang), "kind": words.kind(way["template"], lang), "code": way["code"] or "", "hire": str(way["hire_id"] or "")[:8],
            "steps": [*tried, last]}


def tile(found: Mapping[str, Any], lang: str) -> Row:
    """One metric: number with n, interval or spread, definition and kind."""
    order = list(words.STAGES)
    groups = sorted(found["groups"], key=lambda g: (order.index(g["group"]) if g["group"] in order else 99, -g["n"], g["group"]))
    return {"id": found["id"], "title": found["title"][lang], "definition": found["definition"][lang],
            "kind": words.word(words.METRIC_KINDS, found["kind"], lang), "target": found["target"],
            "rows": [_group(group, found, lang) for group in groups if group["n"] or group["open"]][:14]}


def _group(group: Mapping[str, Any], found: Mapping[str, Any], lang: str) -> Row:
    name = _group_name(group["group"], found["id"], lang)
    if found["unit"] == "rate":
        low_high = group["interval"]
        value = (f"{group['n']} 中 {group['hits']}" if lang == "zh" else f"{group['hits']} of {group['n']}") if group["n"] else "–"
        spread = f"{low_high[0]:.0%}–{low_high[1]:.0%}" if low_high else ""
        return {"name": name, "value": value, "spread": spread, "n": group["n"], "open": group["open"], "apart": group["apart"], "small": group["small"]}
    median, p90 = group["value"], group["p90"]
    value = words.span(median * 3600, lang) if median is not None else "–"
    spread = (("九成以内 " if lang == "zh" else "nine in ten ≤ ") + words.span(p90 * 3600, lang)) if p90 is not None else ""
    return {"name": name, "value": value, "spread": spread, "n": group["n"], "open": group["open"], "apart": group["apart"], "small": group["small"]}


def _group_name(group: str, metric_id: str, lang: str) -> str:
    if metric_id == "M17":
        role, _, kind = group.partition("/")
        return f"{words.role(role, lang)}：{words.kind(kind, lang)}" if lang == "zh" else f"{words.role(role, lang)}: {words.kind(kind, lang)}"
    if group == "all":
        return "全部" if lang == "zh" else "all"
    return words.word(words.STAGES, group, lang)
