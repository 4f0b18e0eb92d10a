"""The closed words of a hiring policy: who owes, who is asked next, what a rung may do.

They are closed on purpose: a policy that names a role nobody can resolve would fail at the rung, days later.
Ladder targets are roles, never "manager" (whose?).
"""
from typing import Literal, get_args

Role = Literal[
    "self", "delegate", "own_line", "recruiter", "lead", "director", "consultant", "client_manager", "client_sponsor",
    "client", "client_group", "hiring_manager", "line_manager", "interviewer", "hr", "hr_head", "finance", "approver",
    "department", "department_head", "legal_owner", "privacy_owner", "operators",
    "candidate", "new_hire", "referee", "person", "vendor", "firm", "employer",
]
PartyClass = Literal["staff", "client", "candidate", "new_hire", "referee", "vendor", "house"]
Verb = Literal["remind", "climb", "call", "tell", "transfer", "lapse", "release_slots", "hold"]
Channel = Literal["mail", "sms", "chat", "call", "hand", "webhook"]
Voice = Literal["standard", "executive", "campus", "referral"]

ROLES: frozenset[str] = frozenset(get_args(Role))
PARTY_CLASSES: frozenset[str] = frozenset(get_args(PartyClass))
VERBS: frozenset[str] = frozenset(get_args(Verb))

OUTSIDERS: frozenset[str] = frozenset({"candidate", "new_hire", "referee", "person"})
"""Roles no machine may climb over: for them only our own people pick up the telephone."""

CALLERS: frozenset[str] = frozenset({
    "recruiter", "lead", "director", "consultant", "client_manager", "hr", "hr_head", "finance", "operators",
})
"""Roles of ours that may be asked to call somebody, or to take over somebody's turn."""

CLIENT_ROLES: frozenset[str] = frozenset({"client", "client_group", "client_sponsor"})
PERSON_CLASSES: frozenset[str] = frozenset({"candidate", "new_hire", "referee"})
