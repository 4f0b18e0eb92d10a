"""Reads policies and calendars from YAML; the only file of this package that touches a file or knows what YAML is.

A wrong policy is refused whole, with file, line, column, what was read and what would be right: it steers people's
lives for weeks, so it is never loaded in part or repaired by guessing.
"""
import copy
import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from shared.policy.calendar import WorkingCalendar
from shared.policy.conduct import doubts
from shared.policy.grammar import GrammarError
from shared.policy.kinds import is_kind
from shared.policy.model import Policy
from shared.policy.rules import Fault, allowed_fields, faults, unknown_kind

PACKAGE = "shared.policy"
BASE = "practice"
MAX_DEPTH = 12
OVERLAID: tuple[str, ...] = ("windows", "budgets", "tiers", "ladders", "offers", "onboarding", "undo")
_TOLD = re.compile(r"read (.*?); (.*)", re.DOTALL)
_EXPECTED = re.compile(r"'([^']+)'")


class PolicyError(ValueError):
    """A policy that is refused. `line` and `column` count from 1 and point at what was read."""

    def __init__(self, fault: Fault, *, file: str, line: int, column: int) -> None:
        where = ".".join(str(part) for part in fault.path)
        super().__init__(f"{file}:{line}:{column}: {where + ': ' if where else ''}read {fault.read!r}; {fault.cure}")
        self.file, self.line, self.column = file, line, column
        self.path, self.read, self.cure = fault.path, fault.read, fault.cure


@dataclass(frozen=True)
class Judged:
    """What `judge` found; `policy` is None where there are errors."""

    policy: Policy | None
    errors: tuple[PolicyError, ...]
    doubts: tuple[PolicyError, ...]


def load_policy(source: str | Path, *, name: str = "policy.yaml", calendars: Collection[str] = ()) -> Policy:
    """The policy in this file, or in this text (a string with a line break); `calendars`: names known besides the shipped.

    Kinds, ladders and windows it does not name are those of practice.yaml. Raises PolicyError, the first of `judge`.
    """
    judged = judge(source, name=name, calendars=calendars)
    if judged.policy is None:
        raise judged.errors[0]
    return judged.policy


def judge(source: str | Path, *, name: str = "policy.yaml", calendars: Collection[str] = ()) -> Judged:
    """Everything that can be said about a policy file at once: all errors, and what is allowed but unusual. Raises nothing."""
    try:
        text, file = _source(source, name)
        tree = _tree(text, file)
        merged = _merged(_practice(), _plain(tree, file))
    except PolicyError as error:
        return Judged(None, (error,), ())
    own = tree.get("obligations") or {}
    unknown = [Fault(("obligations", kind), str(kind), unknown_kind(str(kind)), at_key=True) for kind in own if not is_kind(str(kind))]
    found: list[Fault] = unknown
    policy: Policy | None = None
    try:
        policy = Policy.model_validate(merged)
    except ValidationError as error:
        strange = {fault.path for fault in unknown}
        found += [_fault_of(one) for one in error.errors(include_url=False) if tuple(one["loc"][:2]) not in strange]
    if policy is not None:
        found = [*faults(policy, {*available_calendars(), *calendars}), *_reopened(policy)]
    unusual = tuple(_at(tree, fault, file) for fault in doubts(policy)) if policy is not None else ()
    return Judged(None if found else policy, tuple(_at(tree, fault, file) for fault in found), unusual)


def _reopened(policy: Policy) -> Iterator[Fault]:
    """When a clock starts is the story's business: a policy says how long it runs."""
    for kind, entry in _practice()["obligations"].items():
        usual = entry.get("opens", "fact")
        if kind in policy.obligations and policy.obligations[kind].opens != usual:
            yield Fault(("obligations", kind, "opens"), policy.obligations[kind].opens, f"the clock of {kind} starts by {usual}: leave 'opens' out")


@cache
def shipped_policy(name: str) -> Policy:
    """A policy that comes with Baton, e.g. `agency-cn` or `inhouse-cn`. Raises PolicyError for another name."""
    if name not in shipped_names():
        raise PolicyError(Fault((), name, f"no such shipped policy: write one of {', '.join(shipped_names())}"), file=name, line=1, column=1)
    return load_policy(shipped_text(name), name=f"{name}.yaml")


@cache
def shipped_names() -> tuple[str, ...]:
    """Names of the policies that come with Baton; practice.yaml is not one of them but the defaults of all."""
    names = (entry.name.removesuffix(".yaml") for entry in files(PACKAGE).joinpath("shipped").iterdir())
    return tuple(sorted(name for name in names if name != BASE))


def shipped_text(name: str) -> str:
    """The file of a shipped policy, or of `practice`, as it was written."""
    return files(PACKAGE).joinpath("shipped", f"{name}.yaml").read_text("utf-8")


@cache
def available_calendars() -> tuple[str, ...]:
    """Names of the calendars that come with Baton."""
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in files(PACKAGE).joinpath("calendars").iterdir()))


@cache
def load_calendar(name: str) -> WorkingCalendar:
    """A calendar that comes with Baton: CN, DE-BY, IN-KA, US. Raises PolicyError for another name."""
    if name not in available_calendars():
        cure = f"there is no such calendar: write one of {', '.join(available_calendars())}"
        raise PolicyError(Fault((), name, cure), file=name, line=1, column=1)
    text = files(PACKAGE).joinpath("calendars", f"{name}.yaml").read_text("utf-8")
    return WorkingCalendar.model_validate(_plain(_tree(text, f"{name}.yaml")))


def _source(source: str | Path, name: str) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return source, name
    path = Path(source)
    try:
        return path.read_text("utf-8"), path.name
    except OSError as error:
        fault = Fault((), str(source), f"the file cannot be read ({error.strerror}): give the path of a policy file")
    except UnicodeDecodeError:
        fault = Fault((), str(source), "the file is not UTF-8: save it as UTF-8")
    raise PolicyError(fault, file=path.name, line=1, column=1)


def _tree(text: str, file: str) -> CommentedMap:
    try:
        tree = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise PolicyError(_syntax_fault(text, line, error), file=file, line=line, column=column) from error
    except YAMLError as error:
        before = text[: getattr(error, "position", 0)]
        fault = Fault((), text[len(before):][:1], "a character that cannot be printed: remove it")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise PolicyError(fault, file=file, line=line, column=column) from error
    if not isinstance(tree, CommentedMap):
        fault = Fault((), text.strip()[:40], "a policy starts with its name: write 'policy: my-policy'")
        raise PolicyError(fault, file=file, line=1, column=1)
    return tree


def _syntax_fault(text: str, line: int, error: MarkedYAMLError) -> Fault:
    lines = text.splitlines()
    read = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    double = re.search(r'found duplicate key "([^"]*)"', str(error.problem))
    if double:
        return Fault((), double[1], f"{double[1]!r} stands twice in the same map: keep one of the two")
    return Fault((), read, f"not well-formed here ({error.problem}): check indentation, brackets, quotes; quote a value with a comma in it")


def _plain(node: Any, file: str = "", depth: int = 0) -> Any:
    """Tree of plain dicts and lists; merged keys (`<<`) are filled in. Raises PolicyError for one that contains itself."""
    if depth > MAX_DEPTH:
        fault = Fault((), "*", f"nested deeper than {MAX_DEPTH} levels, or a map that contains itself: write it out")
        raise PolicyError(fault, file=file, line=node.lc.line + 1 if hasattr(node, "lc") else 1, column=1)
    if isinstance(node, CommentedMap):
        return {key: _plain(node[key], file, depth + 1) for key in node}
    return [_plain(item, file, depth + 1) for item in node] if isinstance(node, CommentedSeq) else node


@cache
def _practice() -> dict[str, Any]:
    return _plain(_tree(shipped_text(BASE), f"{BASE}.yaml"))


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The policy over the defaults: maps key by key, an obligation field by field, everything else replaced."""
    whole = {**copy.deepcopy(base), **own}
    for section in OVERLAID:
        if isinstance(own.get(section), dict) and isinstance(base.get(section), dict):
            whole[section] = {**base[section], **own[section]}
    mine = own.get("obligations")
    if "obligations" in own and isinstance(mine, dict):
        whole["obligations"] = dict(base["obligations"])
        for kind, entry in mine.items():
            known = base["obligations"].get(kind, {})
            whole["obligations"][kind] = {**known, **entry} if isinstance(entry, dict) else entry
    return whole


def _fault_of(first: Any) -> Fault:
    path, kind, read = tuple(first["loc"]), first["type"], first["input"]
    if kind == "missing":
        return Fault(path[:-1], "nothing", f"{path[-1]!r} is missing here: add '{path[-1]}: ...'", at_key=True)
    if kind == "extra_forbidden":
        return Fault(path, str(path[-1]), _nearest_field(path), at_key=True)
    if kind == "literal_error":
        return Fault(_without_key(path), str(read), _nearest(str(read), _EXPECTED.findall(first["ctx"]["expected"])), path[-1:] == ("[key]",))
    inner = first.get("ctx", {}).get("error")
    if isinstance(inner, GrammarError):
        return Fault(path, inner.read, inner.cure)
    told = _TOLD.match(str(inner))
    if told:
        return Fault(path, told[1].strip("'"), told[2])
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return Fault(path, str(read), "a map is needed here: write '{within: 2 wd}' or the fields below it, one on a line")
    return Fault(_without_key(path), str(read), first["msg"][0].lower() + first["msg"][1:])


def _without_key(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return path[:-1] if path[-1:] == ("[key]",) else path


def _nearest(read: str, allowed: list[str]) -> str:
    near = difflib.get_close_matches(read.replace(" ", "_"), allowed, 1, 0.5)
    return f"write {near[0]!r}" if near else f"write one of {', '.join(allowed)}"


def _nearest_field(path: tuple[str | int, ...]) -> str:
    allowed = allowed_fields(path[:-1])
    return f"no such field: {_nearest(str(path[-1]), allowed)}" if allowed else "no such field here: remove it"


def _at(tree: CommentedMap, fault: Fault, file: str) -> PolicyError:
    line, column = _position(tree, fault)
    return PolicyError(fault, file=file, line=line, column=column)


def _position(tree: CommentedMap, fault: Fault) -> tuple[int, int]:
    """Where the path stands in the file; of what comes from the defaults, the nearest that was written."""
    node: Any = tree
    found = (0, 0)
    for depth, part in enumerate(fault.path):
        last = depth == len(fault.path) - 1
        if isinstance(node, CommentedMap) and part in node:
            positions = node.lc.data or {}
            if part in positions:
                found = node.lc.key(part) if last and fault.at_key else node.lc.value(part)
            node = node[part]
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            found = node.lc.item(part)
            node = node[part]
        elif not isinstance(part, int):
            break
    return found[0] + 1, found[1] + 1
