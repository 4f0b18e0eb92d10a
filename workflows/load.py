"""Whom new work goes to: of several in a role the one with the right language and zone who has least to do (C189). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from shared.contracts.party import PersonRecord


def least_loaded(able: Iterable[PersonRecord], loads: Mapping[UUID, int], *, locale: str, zone: str) -> UUID | None:
    """The person of `able` to give this to; None where nobody is there.

    Language first, then zone, each only where somebody has it; of those left whoever has the fewest open duties, then the lowest id, so
    that the same state always gives the same person. `loads`: open duties by person.
    """
    there = [one for one in able if one.left_at is None]
    speaking = [one for one in there if one.locale == locale] or there
    near = [one for one in speaking if one.zone == zone] or speaking
    return min(((loads.get(one.person_id, 0), one.person_id) for one in near), default=(0, None))[1]
