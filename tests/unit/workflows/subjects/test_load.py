"""New work goes to whoever speaks the language, sits in the zone and has least to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.contracts.party import PersonRecord
from workflows.load import least_loaded


def staff(n: int, **more: Any) -> PersonRecord:
    """One recruiter."""
    return PersonRecord(person_id=UUID(int=n), version=1, party_class="staff", roles=["recruiter"], **more)


def test_the_one_with_least_to_do_gets_it_and_ties_go_by_id() -> None:
    team = [staff(1), staff(2), staff(3)]
    assert least_loaded(team, {UUID(int=1): 4, UUID(int=2): 1, UUID(int=3): 1}, locale="zh-CN", zone="Asia/Shanghai") == UUID(int=2)


def test_language_and_zone_come_before_load_where_somebody_has_them() -> None:
    team = [staff(1), staff(2, locale="en"), staff(3, locale="en", zone="Europe/Berlin")]
    loads = {UUID(int=2): 5, UUID(int=3): 9}
    assert least_loaded(team, loads, locale="en", zone="Europe/Berlin") == UUID(int=3)
    assert least_loaded(team, loads, locale="en", zone="US/Pacific") == UUID(int=2)


def test_who_has_left_gets_nothing_and_nobody_is_no_error() -> None:
    gone = staff(1, left_at=datetime(2026, 9, 1, tzinfo=UTC))
    assert least_loaded([gone, staff(2)], {UUID(int=2): 50}, locale="zh-CN", zone="Asia/Shanghai") == UUID(int=2)
    assert least_loaded([gone], {}, locale="zh-CN", zone="Asia/Shanghai") is None
