"""The closed list of obligation kinds a policy may speak of: those that practice.yaml gives a default (practice.md, section 3).

Read from there, so that a new kind has its entry in one place; by its keys alone, without a parser, since everything imports this.
"""
import re
from importlib.resources import files

FAMILIES: tuple[str, ...] = ("checkin_<day>", "prepare_<what>")
_FAMILY = re.compile(r"checkin_\d{1,3}|prepare_[a-z][a-z0-9_]*")
_SECTION = re.compile(r"^obligations:\n(.*?)^[a-z]", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"^  ([a-z][a-z0-9_]*):", re.MULTILINE)


def _written(text: str) -> frozenset[str]:
    found = _SECTION.search(text)
    if found is None:
        raise ValueError("practice.yaml has no section 'obligations'")
    return frozenset(key for key in _KEY.findall(found[1]) if not _FAMILY.fullmatch(key))


KINDS: frozenset[str] = _written(files("shared.policy").joinpath("shipped", "practice.yaml").read_text("utf-8"))


def is_kind(name: str) -> bool:
    """Whether a policy may define this kind: one of KINDS, `checkin_<day>` or `prepare_<what>`."""
    return name in KINDS or _FAMILY.fullmatch(name) is not None
