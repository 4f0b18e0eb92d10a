"""A message between its transaction and Kafka: the row of the outbox that lasts, and beside it the record as Kafka gets it.

The row alone counts. The record kept in memory spares the relay of the same process reading and unpacking what was written a
moment ago; whatever is not at hand (another process wrote it, or this one was started anew) is read from its row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic_core import from_json

MOST = 8_000
"""Records kept at most, some 3 kB each: two of the greatest batches. A backlog beyond them waits in its rows only."""
_CONTENT = ("content-type", b"application/json")


class _Names(dict[str, str]):
    """Attribute -> name of its header, each made once."""

    def __missing__(self, name: str) -> str:
        self[name] = made = "ce_" + name
        return made


_NAMES = _Names()


class Outgoing(NamedTuple):
    """One record on its way to Kafka."""

    key: bytes
    headers: list[tuple[str, bytes]]
    value: bytes | None

    def numbered(self, key: str, number: int) -> Outgoing:
        """With its key and its number in the sequence of its subject, which are known last."""
        self.headers.extend((("ce_sequence", b"%d" % number), _CONTENT))
        return Outgoing(key.encode(), self.headers, self.value)


def as_record(attributes: Mapping[str, str], value: bytes | None) -> Outgoing:
    """A message as a CloudEvent in binary mode, but for its key and number."""
    return Outgoing(b"", [(_NAMES[name], said.encode()) for name, said in attributes.items()], value)


def of_row(row: Mapping[str, Any]) -> Outgoing:
    """What a row of the outbox (key, headers, value) becomes."""
    _, headers, value = as_record(from_json(row["headers"]), row["value"])
    return Outgoing(row["key"].encode(), [*headers, _CONTENT], value)


class Shelf:
    """Records of this process's own rows, by the row's id. An id is never given twice, so nothing here can be wrong, only missing."""

    def __init__(self) -> None:
        self.wanted = False
        """Whether a relay of this process comes for them."""
        self._kept: dict[int, Outgoing] = {}

    def keep(self, ids: Sequence[int], records: Sequence[Outgoing]) -> None:
        """Put records aside, if anybody comes for them; the oldest go where there are too many."""
        if not self.wanted:
            return
        self._kept.update(zip(ids, records, strict=True))
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def look(self) -> dict[int, Outgoing]:
        """What is here now; the answer stays whole while others are kept and dropped."""
        return dict(self._kept)

    def drop(self, ids: Sequence[int]) -> None:
        """Their rows are gone."""
        for number in ids:
            self._kept.pop(number, None)
