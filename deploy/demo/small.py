"""A small world for tests and chaos: the cast's firm and clients, one requisition, and as many plain applications as wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from deploy.demo.door import event
from deploy.demo.people import SHANGHAI, Habit, Rule, Script

CAST = Path(__file__).parent / "cast"
SOURCE = "urn:qiheng:ats"
SURNAMES, NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许", "安博晨达恩凡高航嘉俊凯乐明宁鹏琪瑞思涛文"
HOLIDAYS = (("2026-09-25", "2026-09-27"), ("2026-10-01", "2026-10-07"), ("2027-01-01", "2027-01-03"), ("2027-02-05", "2027-02-11"))

MADE_UP = ("2026-09-20", "2026-10-10")
"""Days of weekends that China works instead of days around its holidays."""


def reference() -> list[dict[str, Any]]:
    """Staff, clients, contacts, rooms."""
    return list(json.loads((CAST / "reference.json").read_text(encoding="utf-8")))


def requisitions() -> dict[str, dict[str, Any]]:
    """The cast's requisitions as events, by code."""
    return {each["data"]["externalid"]: each for each in json.loads((CAST / "requisitions.json").read_text(encoding="utf-8"))}


def application(n: int, requisition: str, *, at: datetime, source: str = SOURCE) -> dict[str, Any]:
    """The n-th plain application: structured facts, no document."""
    name = SURNAMES[n % 20] + NAMES[n // 20 % 20] + NAMES[(n * 7) % 20]
    person = {"name": name, "email": f"candidate-{n:04d}@example.net", "phone": f"+86139{10_000_000 + n}", "locale": "zh-CN"}
    data = {"externalid": f"small-{n:04d}", "requisition": requisition, "person": person, "origin": "applied", "submitted_at": at.isoformat(),
            "skills": ["运动控制", "EtherCAT", "法规事务"], "years": 6 + n % 5, "degree_level": 4, "languages": ["zh", "en"]}
    return event("application.submitted", data, source=source, at=at.isoformat(), version=2)


def numbers(count: int) -> dict[str, str]:
    """Telephone -> mail address of so many plain applicants."""
    people = [application(n, "", at=datetime.min.replace(tzinfo=UTC))["data"]["person"] for n in range(count)]
    return {person["phone"]: person["email"] for person in people}


def habits() -> dict[str, Habit]:
    """Office people keep office hours of their country; everybody else answers at noon and in the evening."""
    office = Habit(moments="office", weekends=False, away=HOLIDAYS, at_work=MADE_UP)
    munich = Habit(zone="Europe/Berlin", moments="far", clock=SHANGHAI, weekends=False, away=(("2026-12-24", "2027-01-03"),))
    india = Habit(zone="Asia/Kolkata", moments="far", clock=SHANGHAI, weekends=False)
    found: dict[str, Habit] = {}
    for each in reference():
        person = each["data"].get("person") or {}
        if person.get("email"):
            found[person["email"]] = {"Europe/Berlin": munich, "Asia/Kolkata": india}.get(person.get("zone", ""), office)
    return found


def mixed_rules(count: int) -> Sequence[Rule]:
    """Several of every ten candidates go another way than the straight one, always the same ones."""
    rules = []
    for n in range(count):
        who = f"candidate-{n:04d}@example.net"
        if n % 10 == 3:
            rules.append(Rule(who=who, kind="offer_answer", answer={"decision": "decline", "reason_code": "pay"}))
        elif n % 10 == 5:
            rules.append(Rule(who=who, kind="represent_consent", ignore=-1))
        elif n % 10 == 7:
            rules.append(Rule(who=who, kind="choose_slot", ignore=1))
        elif n % 10 == 9:
            rules.append(Rule(who=who, twice=True))
    return rules


def script(rules: Sequence[Rule] = (), *, seed: int = 1, turns: Mapping[str, timedelta] | None = None) -> Script:
    """Rules with the cast's habits; `turns` as in Script."""
    return Script(rules=rules, habits=habits(), default=Habit(away=()), seed=seed, turns=turns or {})
