"""One believable value for every field of every contract: examples are made from the classes, so that they can't lag behind them.

Deterministic: the same classes give the same bytes. People and companies are invented.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from .base import NAMESPACE, Message

WHEN = "2026-09-03T09:00:00+08:00"
_SAME = {"hire_id": "application_id", "merged_id": "other_person_id", "candidate_id": "person_id", "by": "staff_id", "on_behalf_of": "person_id"}
"""Fields that hold the id of the same thing under another name."""
_TIMES = {
    "ends_at": "2026-09-03T10:00:00+08:00", "due_at": "2026-09-04T18:00:00+08:00", "at_due": "2026-09-04T18:00:00+08:00",
    "starts_at": "2026-09-08T14:00:00+08:00", "start_at": "2026-10-12T09:00:00+08:00", "held_until": "2026-09-04T20:00:00+08:00",
    "not_after": "2026-09-17T18:00:00+08:00", "final_at": "2026-09-03T09:10:00+08:00", "protected_until": "2027-03-03T09:00:00+08:00",
}
_STRINGS = {
    "name": "林悦", "name_latin": "Lin Yue", "email": "lin.yue@mail.example", "phone": "+86 138 0013 8000", "locale": "zh-CN",
    "zone": "Asia/Shanghai", "calendar": "CN", "address": "上海市徐汇区", "externalid": "A-1001", "externalref": "ats/A-1001",
    "requisition": "R-118", "client": "harbour-robotics", "team": "zhou-min", "pools": "chen-wei", "manager": "he-li", "delegate": "gao-yuan",
    "person": "chen-wei", "person_ref": "lin-yue", "referrer": "chen-wei", "group_of": "harbour-group", "successor": "gao-yuan",
    "response_group": "he-li", "present_employer": "old-dynamics", "never_to": "old-dynamics", "title": "高级运动控制工程师",
    "title_en": "Senior Motion Control Engineer", "code": "R-118", "policy": "agency-cn", "policy_version": "sha256:0f3a", "currency": "CNY",
    "location": "上海", "skills": "motion control", "languages": "en", "mail_domains": "harbour.example", "channels": "mail", "roles": "interviewer",
    "document_digest": "a" * 64, "digest": "a" * 64, "sha256": "a" * 64, "content_hash": "a" * 64, "evidence_digest": "a" * 64,
    "commitment": "b" * 64, "hash": "0f3a4c5d6e7f8091", "old_version": "a1b2c3d4e5f60718", "media_type": "application/pdf", "content": "JVBERi0xLjcK", "box": "bm9uY2UrY2lwaGVydGV4dA", "field": "identity",
    "panel": "hiring_manager", "kit": "system design", "rule_id": "years", "rules_version": "sha256:77aa", "wall_start": "2026-09-08T14:00",
    "occasion": "0b7c3a52-6c1d-5f4e-9a57-2f1f0a7c9e10/1", "mode": "video", "reason": "better_fit", "kind": "choose_slot", "purpose": "ask",
    "template": "choose_slot", "command_type": "notification.ask", "decision": "hire", "how": "advanced", "do": "remind", "via": "page",
    "by": "mail", "task": "laptop", "cause_type": "baton.requisition.held", "cause_id": "0d3c", "actor": "operator/zhou-min", "note": "clear",
    "within": "1 wd", "id": "years", "language": "en", "tier": "key", "stage_plan": "engineer", "rule": "within: next wd 12:00", "mail_domain_digest": "c" * 32,
    "closed_how": "lapsed", "defect": "scan_without_text", "places": "page 1", "salary_max": "45000", "rounds": "technical", "role": "lead", "channel": "mail",
    "lunch": "11:30-14:00", "hours": "12:00-14:00", "focus": "WED 09:00-12:00",
}
_NUMBERS = {"years": 6, "degree_level": 4, "level": 3, "minutes": 60, "round": 1, "count": 4, "confidence": 0.9, "score": 0.82, "day": 40, "weight": 1,
            "salary_min": 30000, "salary_max": 45000, "base_salary": 38000, "openings": 2, "capacity": 8, "undo_within": 600, "version": 1, "n": 1,
            "minimum": 1, "visit": 1, "guarantee_months": 3, "probation_months": 3, "requisition_version": 1, "scores": 4}
_OF_CLASS: dict[str, dict[str, Any]] = {
    "Round": {"name": "技术面", "panel": ["hiring_manager"]},
    "DocumentIn": {"name": "resume.pdf", "content": None},
    "PersonIn": {"externalid": "lin-yue"},
    "PersonRegisteredV1": {"externalid": "lin-yue", "present_employer": None, "never_to": []},
    "StaffRegisteredV1": {"externalid": "zhou-min", "roles": ["recruiter", "client_manager", "interviewer"], "manager": None, "delegate": None,
                          "person": {"externalid": "zhou-min", "name": "周敏", "name_latin": "Zhou Min", "email": "zhou.min@qiheng.example",
                                     "locale": "zh-CN", "zone": "Asia/Shanghai"}},
    "StaffChangedV1": {"externalid": "zhou-min", "roles": ["recruiter", "interviewer"], "manager": None, "delegate": None},
    "StaffLeftV1": {"externalid": "zhou-min", "successor": None},
    "AbsenceRecordedV1": {"externalid": "abs-1", "person": "zhou-min", "starts_at": "2026-10-01T00:00:00+08:00", "ends_at": "2026-10-09T00:00:00+08:00"},
    "BusyInV1": {"externalid": "busy-1", "person": "zhou-min"},
    "ClientRegisteredV1": {"externalid": "harbour-robotics", "name": "海港机器人", "name_latin": "Harbour Robotics", "manager": "zhou-min",
                           "response_group": [], "group_of": None},
    "ContactRegisteredV1": {"externalid": "he-li", "client": "harbour-robotics", "roles": ["hiring_manager"], "manager": None, "delegate": None,
                            "person": {"externalid": "he-li", "name": "何莉", "name_latin": "He Li", "email": "he.li@harbour.example",
                                       "locale": "zh-CN", "zone": "Asia/Shanghai"}},
    "AgreementSignedInV1": {"externalid": "agr-1", "client": "harbour-robotics"},
    "ComplaintRaisedInV1": {"externalid": "cmp-1", "client": "harbour-robotics", "by": "he-li", "about": "三周没有候选人"},
    "PositionRegisteredV1": {"externalid": "pos-1", "client": "harbour-robotics"},
    "RoomRegisteredV1": {"externalid": "room-1", "name": "三楼会议室"},
    "RequisitionRaisedV1": {"externalid": "R-118", "client": "harbour-robotics", "stage_plan": "default", "confidential": False, "openings": 1,
                            "team": {"recruiter": "zhou-min", "hiring_manager": "he-li"}, "pools": {}},
    "RequisitionStateInV1": {"externalid": "R-118"}, "RequisitionResumedV1": {"externalid": "R-118"}, "RequisitionClosedV1": {"externalid": "R-118"},
    "ApplicationSubmittedV1": {"externalid": "A-1000"},
    "ApplicationSubmittedV2": {"person_ref": None, "origin": "applied", "referrer": None, "document": None, "present_employer": None},
    "ErasureRequestedV1": {"externalid": "lin-yue"},
    "OperatorCommandV1": {"params": {}},
    "PolicyRecordV1": {"name": "our-house"}, "PolicyAppliedV1": {"name": "our-house"},
    "PolicyCommandV1": {"externalid": "our-house", "hires": "new", "hire_ids": [], "reason": "two days are too short",
                        "text": "policy: our-house\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\nobligations:\n  client_verdict: {within: 3 wd}\n"},
    "ClientRecordV1": {"name": "海港机器人", "name_latin": "Harbour Robotics"}, "RoomRecordV1": {"name": "三楼会议室"},
    "HireInGuard": {"stages": ["interviewing"]},
}
"""What one class says otherwise; the inbound examples name each other, so that publishing them all, in any order, gives a hire."""
_FREE: dict[str, Any] = {
    "resume": {"basics": {"name": "林悦", "email": "lin.yue@mail.example"}, "work": [{"name": "老动力", "position": "工程师", "startDate": "2020-07"}],
               "skills": [{"name": "motion control"}]},
    "body": {"policy": "our-house", "calendar": "CN"}, "changes": {"base_salary": 40000}, "clear": {"choice": "yes"}, "evidence": {"years": 6, "needed": 5}, "params": {"round": 1},
    "sealed": [{"person_id": str(uuid5(NAMESPACE, "sample|person_id")), "field": "answer.remark", "box": "bm9uY2UrY2lwaGVydGV4dA"}],
    "refs": [{"kind": "requisition", "id": str(uuid5(NAMESPACE, "sample|requisition_id")), "version": 1}],
}


def sample_id(name: str) -> UUID:
    """The id that stands for the thing called `name` in every example (an application and its hire share one)."""
    return uuid5(NAMESPACE, "sample|" + _SAME.get(name, name))


def sample_body(cls: type[Message]) -> Message:
    """A complete valid body of this class: every field has a value, optional ones too."""
    return cls.model_validate(_model(cls))


def _model(cls: type[BaseModel]) -> dict[str, Any]:
    own = _OF_CLASS.get(cls.__name__, {})
    return {name: own[name] if name in own else _value(field.annotation, name, field) for name, field in cls.model_fields.items()}


def _value(kind: Any, name: str, field: FieldInfo | None = None) -> Any:
    if name in _FREE and _takes_free(kind):
        return _FREE[name]
    origin = get_origin(kind)
    if origin is Annotated:
        return _value(get_args(kind)[0], name, field)
    if origin is Literal:
        return _literal(kind, field)
    if origin in (Union, types.UnionType):
        return _value(next(arg for arg in get_args(kind) if arg is not type(None)), name, field)
    if origin is list:
        return [_value(arg, name) for arg in _alternatives(get_args(kind)[0])]
    if origin is dict:
        return {_key_for(name): _value(get_args(kind)[1], name)}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _model(kind)
    return _plain(kind, name)


def _takes_free(kind: Any) -> bool:
    return "Any" in str(kind) or get_origin(kind) is dict or "dict" in str(kind)


def _literal(kind: Any, field: FieldInfo | None) -> Any:
    default = field.default if field is not None else PydanticUndefined
    return default if default in get_args(kind) else get_args(kind)[0]


def _alternatives(kind: Any) -> tuple[Any, ...]:
    """The members of a discriminated union, so that a list shows each of them once."""
    inner = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    members = get_args(inner) if get_origin(inner) in (Union, types.UnionType) else ()
    return members if len(members) > 1 and all(isinstance(m, type) and issubclass(m, BaseModel) for m in members) else (kind,)


def _key_for(name: str) -> str:
    return {"team": "recruiter", "pools": "backend", "confidence": "years", "places": "years", "scores": "depth"}.get(name, "years")


def _plain(kind: Any, name: str) -> Any:
    makers: dict[Any, Callable[[], Any]] = {
        UUID: lambda: str(sample_id(name)), datetime: lambda: _TIMES.get(name, WHEN), AwareDatetime: lambda: _TIMES.get(name, WHEN), bool: lambda: True,
        int: lambda: int(_NUMBERS.get(name, 1)), float: lambda: float(_NUMBERS.get(name, 1.0)),
    }
    make = makers.get(kind)
    return make() if make else _STRINGS.get(name, name)
