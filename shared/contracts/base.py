"""What every message that crosses a boundary has in common: its wire name, its version, and ids derived from causes.

A wire name is spelled once, in the class statement of the event; the catalogue collects the classes from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Self, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

NAMESPACE = UUID("6ba0b1c5-0b47-5c5e-9f0e-ba7045e1d001")
"""Root of all derived ids; never change it: every stored id would be another one."""
_ROOT = NAMESPACE.bytes

Instant = AwareDatetime
"""An absolute instant with an offset; written to the wire in RFC 3339."""

ShortText = Annotated[str, Field(max_length=300)]
Code = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9_.:@/+\- ]*$")]


def derive_id(owner: str, kind: str, *causes: object) -> UUID:
    """The id of a thing born from causes (agreements.md 1): the same causes give the same id, in every run and retry.

    `owner` is the minting service, `kind` the aggregate, `causes` e.g. the causing event's source, id and an ordinal.
    """
    # uuid.uuid5(NAMESPACE, ...) bit by bit: four ids are made for every application, and the library's way is half the work again.
    digest = hashlib.sha1(_ROOT + "|".join([owner, kind, *[cause if type(cause) is str else str(cause) for cause in causes]]).encode(), usedforsecurity=False).digest()
    return _made(digest[:6] + _VERSION[digest[6]] + digest[7:8] + _VARIANT[digest[8]] + digest[9:16])


_VERSION = [bytes((byte & 0x0F | 0x50,)) for byte in range(256)]
_VARIANT = [bytes((byte & 0x3F | 0x80,)) for byte in range(256)]


def _uuid_of(raw: bytes) -> UUID:
    return UUID(bytes=raw)


_made: Callable[[bytes], UUID] = _uuid_of


def make_ids_with(maker: Callable[[bytes], UUID]) -> None:
    """Let derived ids be made by a quicker class with the same values; a process does this once, at its start."""
    global _made  # noqa: PLW0603
    _made = maker


_AnyBody = TypeVar("_AnyBody", bound="Body")


@cache
def _fields(cls: type[BaseModel]) -> set[str]:
    """Shared by all instances that were made with all of them; bodies are frozen, nobody adds to it."""
    return set(cls.model_fields)


class Body(BaseModel):
    """Base of every value in a message: frozen, tolerant of fields it does not know (a newer sender)."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    @classmethod
    def known(cls, **values: Any) -> Self:
        """One of our own making, every field given by its name: nothing is checked again, which costs as much as the rest of a hot path.

        Raises TypeError where a field is missing or unknown. What comes from outside is validated, never made like this.
        """
        fields = _fields(cls)
        if values.keys() != fields:
            raise TypeError(f"{cls.__name__}: these fields are missing or unknown: {', '.join(sorted(values.keys() ^ fields))}")
        return _built(cls, values, fields)

    def replaced(self, **values: Any) -> Self:
        """The same with other values of our own, unchecked; `model_copy` in a third of its time."""
        return _built(type(self), {**self.__dict__, **values}, self.__pydantic_fields_set__ | values.keys())


def _built(cls: type[_AnyBody], values: dict[str, Any], given: set[str]) -> _AnyBody:
    made = cls.__new__(cls)
    for name, value in (("__dict__", values), ("__pydantic_fields_set__", given), ("__pydantic_extra__", None), ("__pydantic_private__", None)):
        object.__setattr__(made, name, value)
    return made


class Message(Body):
    """An event or a command: a body with a wire name. Subclass with `type=` and `version=`; both together are unique."""

    TYPE: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    SUBJECT: ClassVar[str] = ""
    """`<kind>:<field>`: which aggregate the message is about and which field holds its id."""
    _KIND: ClassVar[str] = ""
    _ID_FIELD: ClassVar[str] = ""
    REGISTRY: ClassVar[dict[tuple[str, int], type[Message]]] = {}

    def __init_subclass__(cls, *, type: str = "", version: int = 1, about: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not type:
            return
        name = "baton." + type
        if (name, version) in Message.REGISTRY:
            raise TypeError(f"{name} version {version} is spelled twice: {Message.REGISTRY[name, version].__name__} and {cls.__name__}")
        cls.TYPE, cls.VERSION, cls.SUBJECT = name, version, about
        cls._KIND, _, cls._ID_FIELD = about.partition(":")
        Message.REGISTRY[name, version] = cls

    def subject(self) -> str:
        """`<kind>/<uuid>` of the aggregate this message is about."""
        return f"{self._KIND}/{getattr(self, self._ID_FIELD)}"

    def key(self) -> str:
        """Kafka key: the hire for anything about one hire, else the aggregate's own id (agreements.md 1)."""
        hire = getattr(self, "hire_id", None)
        return str(hire if hire is not None else getattr(self, self._ID_FIELD))


class Event(Message):
    """A fact: noun and past participle; its body is the state at the time of the event."""


class Command(Message):
    """An order to one service, imperative; answered by one of the events that topics.py names for it."""


class Record(Message):
    """The whole current state of one entity, on a compacted topic."""


def isoformat(instant: datetime) -> str:
    """RFC 3339 with offset, as all instants stand on the wire."""
    return instant.isoformat()
