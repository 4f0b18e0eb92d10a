"""A session of several candidates, as offers of times and appointments name it."""

from __future__ import annotations

from uuid import UUID

from .base import Body, Instant


class Period(Body):
    """A time from, to; half-open."""

    starts_at: Instant
    ends_at: Instant


class GroupSession(Body):
    """The place wanted is one of several chairs of one session. It lies in one of `windows`, the earliest that still has a chair."""

    capacity: int
    windows: list[Period]


class Session(Body):
    """What several candidates have in common: `version` is the SEQUENCE of the panel's one entry, apart from each candidate's own."""

    session_id: UUID
    version: int
    capacity: int
    stands: bool = True
    """False: the last chair was left, the panel need not come."""
