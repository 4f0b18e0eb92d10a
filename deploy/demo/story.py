"""The demo's own story (the cast of deploy/demo/cast): who does what, what happens when, and how each hire is expected to end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from deploy.demo.people import Rule
from deploy.demo.small import CAST, reference

ATS = "urn:qiheng:ats"
START_DAY = "2026-11-16"
CAMPUS, CHAIRS = "R-127", 6
"""Of the campus group interview on 10 October."""
LAWFUL = "五年以上三类医疗器械注册经验，能适应每月一周出差。"
"""How 云杉 says it after it has read which clause the law does not allow."""
OUTCOMES: Mapping[str, str] = {
    "hired": "settled", "hired_leaves_day_40": "left", "reneges": "reneged", "reserve": "reserve", "replacement": "reserve",
    "interviewed": "rejected", "rejected": "rejected", "uncertain": "rejected", "late_answer": "rejected", "scan": "rejected", "encrypted": "rejected",
    "too_few_years": "rejected", "wrong_field": "rejected", "refused_by_client": "refused", "known_to_client": "refused", "same_group": "refused",
    "silent": "withdrawn", "keeps_present_job": "withdrawn", "declines_interview": "withdrawn", "withdraws": "withdrawn", "no_show": "withdrawn",
    "accepted_elsewhere": "declined",
}
"""Part in the story -> outcome of the hire."""


@dataclass(frozen=True)
class Player:
    """One candidate of the cast."""

    id: str
    name: str
    latin: str
    mail: str
    part: str
    requisition: str

    @property
    def names(self) -> tuple[str, ...]:
        """How pages call this person."""
        return (self.name, self.latin) if self.latin else (self.name,)


def instant(text: str) -> datetime:
    """`2026-09-03 09:00` on Shanghai's wall."""
    return datetime.fromisoformat(text.replace(" ", "T") + "+08:00")


def players() -> list[Player]:
    """Everybody who applies."""
    from ruamel.yaml import YAML

    people = YAML(typ="safe").load((CAST / "people.yaml").read_text(encoding="utf-8"))
    return [Player(p["id"], p["name"], p.get("latin", ""), p.get("mail", ""), p["part"], p["req"]) for p in people if p["part"] != "malformed"]


def numbers() -> dict[str, str]:
    """Telephone -> mail address of everybody who has both: whose telephone it is."""
    from ruamel.yaml import YAML

    people = YAML(typ="safe").load((CAST / "people.yaml").read_text(encoding="utf-8"))
    known = {p["phone"] if p["phone"].startswith("+") else f"+86{p['phone']}": p["mail"] for p in people if p.get("phone") and p.get("mail")}
    firm = [each["data"]["person"] for each in reference() if "person" in each["data"]]
    return known | {person["phone"]: person["email"] for person in firm if person.get("phone")}


def records() -> list[dict[str, Any]]:
    """The thirty-three records of 3 September."""
    return list(json.loads((CAST / "manifest.json").read_text(encoding="utf-8"))["records"])


def file_of(record: Mapping[str, Any]) -> Path:
    """The file of a record."""
    return CAST / str(record["file"])


def rules() -> Sequence[Rule]:
    """What people do that nobody would do without a script."""
    made: list[Rule] = [
        Rule(kind="draft_offer", about=("宋知远", "Song Zhiyuan"), at=instant("2026-09-28 10:03:07"), answer={"start_day": START_DAY}),
        Rule(who="zhiyuan.song@example.cn", kind="offer_answer", at=instant("2026-10-09 19:42:07"), twice=True),
        *_signed(), *_ahead(), *_friday(), *_counter_offer(), *_campus(),
    ]
    for player in players():
        made += _rules_of(player)
    made += [
        Rule(kind="client_offer", answer={"start_day": START_DAY}), Rule(kind="draft_offer", answer={"start_day": START_DAY}),
        Rule(who="lan.zhang@haigang.example.cn", kind="client_verdict", at=instant("2026-09-07 09:48:47"), before=instant("2026-09-07 09:48:00")),
        Rule(who="lan.zhang@haigang.example.cn", kind="client_verdict", after=timedelta(hours=20)),
    ]
    return made


def turns() -> dict[str, timedelta]:
    """Name -> seconds after the first row of a page: in the order of the cast, so that who gets the earlier time is the same in every run.

    Not the campus: after the verdict on them no time of their own is looked for.
    """
    alone = [player for player in players() if player.requisition != CAMPUS]
    return {name: timedelta(seconds=2 * place) for place, player in enumerate(alone) for name in player.names}


def _signed() -> list[Rule]:
    """2 September: 云杉's need is said lawfully, signed by both sides three hours later, planned, and our own pool is asked first."""
    return [
        Rule(kind="requirement_questions", at=instant("2026-09-02 09:48:07"), answer={"talent": LAWFUL}),
        Rule(kind="requirement_confirmation", at=instant("2026-09-02 11:33:07")),
        Rule(kind="plan_confirmation", at=instant("2026-09-02 14:33:07")),
        Rule(kind="pool_search", at=instant("2026-09-02 17:18:07"), answer={"decision": "none_fit"}),
    ]


def _ahead() -> list[Rule]:
    """宋知远 and 顾思齐 are answered first at two points, so that nobody else takes the early times; 宋 takes the second day for his last round."""
    made = [Rule(kind="choose_slot", who="zhiyuan.song@example.cn", answer={"slot": "#2"}, before=instant("2026-09-18 00:00:00"))]
    for names in (("宋知远", "Song Zhiyuan"), ("顾思齐", "Gu Siqi")):
        made += [
            Rule(kind="client_verdict", who="li.he@haigang.example.cn", about=names, at=instant("2026-09-04 09:43:07")),
            Rule(kind="round_verdict", who="jia.lu@qiheng.example.cn", about=names, at=instant("2026-09-09 17:18:07")),
        ]
    return made


def _friday() -> list[Rule]:
    """11 September: 裘若兰 is interviewed on a Friday; nobody has a word for her that day, so the interim word leaves by itself in the evening."""
    who = next(player for player in players() if player.part == "replacement")
    return [
        Rule(who=who.mail, kind="choose_slot", answer={"slot": "#3"}, before=instant("2026-09-09 00:00:00")),
        Rule(kind="word_after_interview", about=who.names, ignore=-1),
    ]


def _counter_offer() -> list[Rule]:
    """9 October: 顾思齐 has a counter-offer and asks; the second version is above the range, so two people approve the difference."""
    day, who = instant("2026-10-09 09:00:00"), "siqi.gu@example.cn"
    return [
        Rule(kind="draft_offer", about=("顾思齐", "Gu Siqi"), at=instant("2026-09-24 09:48:07"), before=day, answer={"start_day": START_DAY}),
        Rule(kind="draft_offer", about=("顾思齐", "Gu Siqi"), at=instant("2026-10-09 14:33:07"), answer={"start_day": START_DAY, "base": "46000"}),
        Rule(who=who, kind="offer_answer", at=instant("2026-10-09 09:48:07"), before=day,
             answer={"decision": "question", "note": "现在的公司要加薪留我，能不能再谈谈？"}),
        Rule(who=who, kind="offer_answer", before=day + timedelta(hours=3), ignore=-1),
        Rule(kind="approve_offer", about=("顾思齐", "Gu Siqi"), at=instant("2026-10-09 17:18:07")),
    ]


def _campus() -> list[Rule]:
    """10 October: one page says who came to the group interview, one page decides on all; who answers too late is asked to another day."""
    late, absent = (next(player for player in players() if player.part == part) for part in ("late_answer", "no_show"))
    eve, together = instant("2026-10-09 00:00:00"), [player for player in players() if player.requisition == CAMPUS]
    return [
        Rule(who=late.mail, kind="choose_slot", at=instant("2026-10-10 11:18:07"), before=eve),
        Rule(who=late.mail, kind="choose_slot", after=timedelta(hours=16), before=instant("2026-10-12 00:00:00")),
        Rule(kind="session_attendance", about=absent.names, at=instant("2026-10-10 09:48:07"), answer={"result": "candidate_absent"}),
        Rule(kind="session_attendance", at=instant("2026-10-10 09:48:07")),
        *(Rule(kind="session_verdict", about=player.names, at=instant("2026-10-13 09:48:07") + timedelta(seconds=2 * place))
          for place, player in enumerate(together)),
        *(Rule(who=player.mail, kind=kind, answer={"last_day": "2026-10-30"}) for player in together if player.part == "hired"
          for kind in ("resigned", "leaving_certificate")),
    ]


def _rules_of(player: Player) -> list[Rule]:
    about, mail = player.names, player.mail
    no = {"decision": "reject", "reason_code": "experience"}
    table: dict[str, list[Rule]] = {
        "too_few_years": [Rule(kind="screen_out", about=about, answer=no), Rule(kind="review_application", about=about, answer=no)],
        "wrong_field": [Rule(kind="screen_out", about=about, answer={**no, "reason_code": "skills"}),
                        Rule(kind="review_application", about=about, answer={**no, "reason_code": "skills"})],
        "scan": [Rule(kind="review_application", about=about, answer=no), Rule(kind="screen_out", about=about, answer=no)],
        "encrypted": [Rule(kind="review_application", about=about, answer=no), Rule(kind="screen_out", about=about, answer=no)],
        "silent": [Rule(who=mail, ignore=-1)],
        "reserve": [Rule(kind="hire_decision", about=about, answer={"decision": "reserve"})],
        "replacement": [Rule(kind="hire_decision", about=about, answer={"decision": "reserve"})],
        "interviewed": [Rule(kind="round_verdict", about=about, answer={"decision": "fail", "reason_code": "skills"})],
        "rejected": [Rule(kind="hire_decision", about=about, answer=no)],
        "uncertain": [Rule(kind="hire_decision", about=about, answer=no)],
        "late_answer": [Rule(kind="hire_decision", about=about, answer=no)],
        "keeps_present_job": [Rule(who=mail, kind="represent_consent", answer={"decision": "no"}), Rule(who=mail, kind="interest", answer={"decision": "no"})],
        "refused_by_client": [Rule(kind="client_verdict", about=about, answer={"decision": "refused", "reason_code": "experience"})],
        "known_to_client": [Rule(kind="client_verdict", about=about, answer={
            "decision": "refused", "reason_code": "known", "known_since": "2026-03-02", "reason": "三月起就认识。"})],
        "accepted_elsewhere": [Rule(who=mail, kind="offer_answer", answer={"decision": "decline", "reason_code": "other_offer"})],
        "no_show": [Rule(kind="scorecard", about=about, ignore=-1)],
        "hired": [Rule(who=mail, kind="offer_answer", twice=True)],
    }
    return table.get(player.part, [])


@dataclass(frozen=True)
class Report:
    """Something another system tells about an application at its instant."""

    at: datetime
    type: str
    who: str
    data: Mapping[str, Any]
    said: str


def reports() -> list[Report]:
    """What the other systems tell after the applications."""
    by_part = {player.part: player for player in players()}
    return [
        Report(instant("2026-09-10 10:05:11"), "application.withdrawn", by_part["withdraws"].id, {"reason": "personal"}, "何知行 withdraws"),
        Report(instant("2026-09-14 10:05:11"), "application.withdrawn", by_part["declines_interview"].id, {"reason": "no_interview"}, "a candidate declines the interview"),
        Report(instant("2026-10-12 10:05:11"), "application.withdrawn", by_part["no_show"].id, {"reason": "no_show"}, "the no-show withdraws"),
        Report(instant("2026-09-30 10:05:11"), "command.act", "song-zhiyuan", {"act": "unhire", "reason": "headcount_freeze"},
               "海港 freezes headcount: take 宋知远's offer back"),
        Report(instant("2026-10-09 10:05:11"), "command.act", by_part["reneges"].id, {"act": "revise", "reason": "counter_offer"},
               "顾思齐 has a counter-offer: his is written anew"),
        Report(instant("2026-11-16 09:20:11"), "start.reported", by_part["reneges"].id, {"result": "reneged"}, "顾思齐 does not come: the seat goes to the reserve"),
        Report(instant("2026-12-25 10:05:11"), "departure.reported", by_part["hired_leaves_day_40"].id,
               {"left_at": "2026-12-25T09:00:00+08:00", "reason": "family"}, "R-121's hire leaves on day 40"),
    ]


def expected() -> dict[str, str]:
    """Candidate -> expected outcome."""
    return {player.id: OUTCOMES[player.part] for player in players()}
