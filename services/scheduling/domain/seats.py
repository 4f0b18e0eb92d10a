"""Who sits where: a panel is an AND of seats, each an OR of persons; the fairest possible panel is found exactly.

One assignment problem a time: seats against persons, cost = how much they sit already, then the order of the list. Solved by
shortest augmenting paths, so that a pool of forty people costs microseconds and never a search through all combinations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

_NEVER = 10**15
_NOBODY = 10**12
"""Cost of an optional chair that stays empty: more than any load, so that it is filled wherever somebody can."""
_ORDER = 10**4
"""One interview more weighs as much as this many places further down the list."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One chair: anybody of `pool`, who are qualified; of `trainees` only beside somebody qualified in a needed chair.

    `optional`: a shadow's chair, filled where somebody is free, never a reason against a time.
    """

    pool: tuple[UUID, ...]
    trainees: tuple[UUID, ...] = ()
    optional: bool = False

    def people(self) -> tuple[UUID, ...]:
        """All who may sit here, the preferred first."""
        return tuple(dict.fromkeys((*self.pool, *self.trainees)))


def seats_of(panel: Sequence[Sequence[UUID]]) -> tuple[Seat, ...]:
    """Plain chairs without trainees."""
    return tuple(Seat(tuple(pool)) for pool in panel)


def seated(seats: Sequence[Seat], able: Sequence[Collection[UUID]], load: Mapping[UUID, int]) -> tuple[UUID | None, ...] | None:
    """One able person for each seat (`able[n]`: who can at the n-th seat's time), nobody twice; None where it can't be.

    Optional chairs may stay empty (None in their place). Of all possible panels: most chairs filled, then least load in sum, then
    the order of the lists.
    """
    if not seats or all(seat.optional for seat in seats):
        return None
    if not any(seat.trainees for seat in seats):
        best = _assigned(seats, able, load, anchor=None)
    else:  # somebody qualified in some needed chair: the cheapest over which chair that is
        tries = [_assigned(seats, able, load, anchor=n) for n, seat in enumerate(seats) if not seat.optional]
        best = min((one for one in tries if one), default=None, key=lambda one: one[0])
    return best[1] if best else None


def _assigned(
    seats: Sequence[Seat], able: Sequence[Collection[UUID]], load: Mapping[UUID, int], *, anchor: int | None,
) -> tuple[int, tuple[UUID | None, ...]] | None:
    """The cheapest assignment and its cost; at `anchor` only qualified people."""
    allowed = [[one for one in (seat.pool if n == anchor else seat.people()) if one in able[n]] for n, seat in enumerate(seats)]
    people: list[UUID | None] = list(dict.fromkeys(one for row in allowed for one in row))
    cost = []
    for row in allowed:
        rank = {one: place for place, one in enumerate(dict.fromkeys(row))}
        cost.append([load.get(one, 0) * _ORDER + rank[one] if one in rank else _NEVER for one in people if one is not None])
    for n, seat in enumerate(seats):
        if seat.optional:
            people.append(None)
            for m, line in enumerate(cost):
                line.append(_NOBODY if m == n else _NEVER)
    if len(people) < len(seats):
        return None
    first = [min(range(len(line)), key=line.__getitem__) for line in cost]
    columns = first if len(set(first)) == len(first) else cheapest(cost)  # everybody's best choice is mostly another person
    total = sum(cost[n][column] for n, column in enumerate(columns))
    return (total, tuple(people[column] for column in columns)) if total < _NEVER else None


def cheapest(cost: Sequence[Sequence[int]]) -> list[int]:
    """For each row a column of its own with the least sum (rows <= columns): the Hungarian method with potentials."""
    rows, columns = len(cost), len(cost[0])
    row_price, column_price = [0] * (rows + 1), [0] * (columns + 1)
    owner, back = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0], at = row, 0
        least, seen = [_NEVER * 4] * (columns + 1), [False] * (columns + 1)
        while owner[at]:
            seen[at], nearest, step = True, 0, _NEVER * 8
            for column in range(1, columns + 1):
                if not seen[column]:
                    reduced = cost[owner[at] - 1][column - 1] - row_price[owner[at]] - column_price[column]
                    if reduced < least[column]:
                        least[column], back[column] = reduced, at
                    if least[column] < step:
                        step, nearest = least[column], column
            for column in range(columns + 1):
                if seen[column]:
                    row_price[owner[column]] += step
                    column_price[column] -= step
                else:
                    least[column] -= step
            at = nearest
        while at:
            owner[at] = owner[back[at]]
            at = back[at]
    found = [0] * rows
    for column in range(1, columns + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found
