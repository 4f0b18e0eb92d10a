"""The form of an Ask as data, and what a POST of it means.

Exists so that page, mail, chat and reported answers share one form: which fields there are, which are clear
(codes, dates, slot ids, numbers of a scale) and which sealed (anything a person wrote), and one reading of what came back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from services.notification.wording import T

TEXT_LIMIT = 4000
_KINDS = ("choice", "scale", "text", "line", "date", "money", "given")


@dataclass(frozen=True)
class Option:
    """One choice: a stable code, what the reader sees, a small remark under it."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Field:
    """One field. `sealed` ones never leave this service in the clear; `needed_if` = (field, value) makes it required then.

    A `given` field is answered by the button itself (hidden on its own page, a tick box in a row of a bundle).
    """

    name: str
    label: str
    kind: str = "text"
    options: tuple[Option, ...] = ()
    required: bool = False
    needed_if: tuple[str, str] | None = None
    unless: str = ""
    """Another field that makes this one needless where it is filled in."""
    hint: str = ""
    folded: str = ""
    sealed: bool = False
    currency: str = ""
    said: str = ""
    """How the answer is named afterwards, where the label only fits the question."""
    limit: int = TEXT_LIMIT
    """Most characters that are taken."""

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"field kind {self.kind!r} is not one of {_KINDS}")

    def prefixed(self, prefix: str) -> "Field":
        """The same field under `<prefix>.<name>`, as a bundle page names it."""
        needs = (f"{prefix}.{self.needed_if[0]}", self.needed_if[1]) if self.needed_if else None
        return replace(self, name=f"{prefix}.{self.name}", needed_if=needs, unless=f"{prefix}.{self.unless}" if self.unless else "")


@dataclass(frozen=True)
class Form:
    """The fields in the order they are read, and the word on the button that hands the baton on."""

    fields: tuple[Field, ...]
    submit: str
    small: str = ""

    def field(self, name: str) -> Field | None:
        """The field called `name`, or None."""
        return next((one for one in self.fields if one.name == name), None)

    def first_choice(self) -> Field | None:
        """The required choice a mail shows as rows of links, or None."""
        return next((one for one in self.fields if one.kind == "choice" and one.required), None)

    def prefixed(self, prefix: str) -> "Form":
        """The form as one row of a bundle."""
        return replace(self, fields=tuple(one.prefixed(prefix) for one in self.fields))


@dataclass(frozen=True)
class Filled:
    """What a POST said: clear and sealed values by field name, and what is missing or wrong by field name."""

    clear: Mapping[str, str] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """True when nothing at all was filled in."""
        return not self.clear and not self.sealed


_MISSING = T("还差这一处", "This one is missing")
_CHOOSE = T("请选一项", "Choose one")
_NOT_OFFERED = T("这一项现在不能选", "This is not one of the choices now")
_DATE = T("请写成 年-月-日，例如 2026-12-08", "Write the date as year-month-day, for example 2026-12-08")
_MONEY = T("请只写数字，例如 38000", "Digits only, for example 38000")


def read(form: Form, posted: Mapping[str, str], lang: str) -> Filled:
    """Judge a POST against the form; unknown fields are ignored, nothing raises on bad input."""
    clear: dict[str, str] = {}
    sealed: dict[str, str] = {}
    errors: dict[str, str] = {}
    for one in form.fields:
        value = posted.get(one.name, "").strip()
        if not value:
            if one.required or (_needed(one, posted) and not (one.unless and posted.get(one.unless, "").strip())):
                errors[one.name] = (_CHOOSE if one.kind in ("choice", "scale", "given") else _MISSING).at(lang)
            continue
        wrong = _wrong(one, value)
        if wrong:
            errors[one.name] = wrong.at(lang)
        else:
            (sealed if one.sealed else clear)[one.name] = value
    return Filled(clear, sealed, errors)


def _needed(one: Field, posted: Mapping[str, str]) -> bool:
    return one.needed_if is not None and posted.get(one.needed_if[0], "").strip() == one.needed_if[1]


def _wrong(one: Field, value: str) -> T | None:
    if one.kind in ("choice", "scale", "given"):
        return None if any(option.value == value for option in one.options) else _NOT_OFFERED
    if one.kind == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return _DATE
        return None
    if one.kind == "money":
        try:
            return None if Decimal(value) >= 0 else _MONEY
        except InvalidOperation:
            return _MONEY
    return T(f"最多 {one.limit} 字", f"At most {one.limit} characters") if len(value) > one.limit else None
