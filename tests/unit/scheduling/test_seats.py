"""The fairest panel, against trying every panel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.domain.seats import Seat, cheapest, seated

PEOPLE = [UUID(int=n) for n in range(1, 7)]
A, B, C, D = PEOPLE[:4]
some = st.lists(st.sampled_from(PEOPLE), max_size=4, unique=True).map(tuple)
seats = st.lists(st.builds(Seat, some, st.just(()) | some, st.booleans()), min_size=1, max_size=4)


def every_panel(chairs: Sequence[Seat], able: Sequence[set[UUID]]) -> list[tuple[UUID | None, ...]]:
    """The oracle: all panels that the rules allow."""
    options = [[one for one in seat.people() if one in able[n]] + ([None] if seat.optional else []) for n, seat in enumerate(chairs)]
    panels = []
    for panel in product(*options):
        sits = [one for one in panel if one is not None]
        qualified = any(not seat.optional and one in seat.pool for seat, one in zip(chairs, panel, strict=True))
        if len(sits) == len(set(sits)) and (qualified or not any(seat.trainees for seat in chairs)) and not all(seat.optional for seat in chairs):
            panels.append(panel)
    return panels


def price(panel: Sequence[UUID | None], load: dict[UUID, int]) -> tuple[int, int]:
    """Empty chairs first, then load."""
    return sum(one is None for one in panel), sum(load.get(one, 0) for one in panel if one is not None)


@given(seats, st.lists(st.sets(st.sampled_from(PEOPLE)), min_size=4, max_size=4), st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 5)))
def test_seated_then_possible_and_as_fair_as_the_best_of_all_panels(chairs, able, load):
    found, panels = seated(chairs, able, load), every_panel(chairs, able)
    assert (found is None) == (not panels)
    if found is not None:
        assert found in panels
        assert price(found, load) == min(price(panel, load) for panel in panels)


@given(st.integers(1, 4).flatmap(lambda rows: st.lists(st.lists(st.integers(0, 30), min_size=5, max_size=5), min_size=rows, max_size=rows)))
def test_cheapest_then_no_other_choice_of_columns_costs_less(cost):
    def total(columns: Sequence[int]) -> int:
        return sum(cost[row][column] for row, column in enumerate(columns))
    found = cheapest(cost)
    assert len(set(found)) == len(cost)
    assert total(found) == min(total(columns) for columns in product(range(5), repeat=len(cost)) if len(set(columns)) == len(columns))


@pytest.mark.parametrize(("chairs", "able", "expected"), [
    ([Seat((A,), trainees=(C,))], {C}, None),
    ([Seat((A,), trainees=(C,)), Seat((B,))], {B, C}, (C, B)),
    ([Seat((A,), trainees=(C,)), Seat((B,), trainees=(D,))], {C, D}, None),
    ([Seat((A,)), Seat((C, D), optional=True)], {A}, (A, None)),
    ([Seat((A,)), Seat((C, D), optional=True)], {A, D}, (A, D)),
    ([Seat((C,), optional=True)], {C}, None)])
def test_seated_when_trainees_and_shadows_then_never_without_somebody_qualified(chairs, able, expected):
    assert seated(chairs, [able] * len(chairs), {}) == expected
