"""An organisation's own words and mark, from a folder: no fork of the templates, and nothing that the lint would refuse.

    <folder>/wording.yaml      asks: {choose_slot: {zh: {act: ..., title: ..., lead: [...], done: ..., silence: ...}}}
                               tells: {invitation: {en: {act: ..., title: ..., lead: [...]}}}
    <folder>/mark.svg          drawn in place of ours beside the sender's name, up to 4 kB of plain shapes

What is left out stays as shipped. Places like {rec} are the closed list of `Scene.words`. A wrong folder ends the start with one line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ruamel.yaml import YAML, YAMLError

from services.notification.asks.base import AskKind, Line
from services.notification.lint import lint
from services.notification.look.scene import Scene
from services.notification.tells import TellKind
from services.notification.wording import LANGS, T

PARTS = {"asks": ("act", "title", "lead", "done", "silence"), "tells": ("act", "title", "lead")}
MARK_LIMIT = 4096
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_ATTRIBUTES = set(
    "viewBox d x y x1 x2 y1 y2 width height rx ry cx cy r points transform fill stroke stroke-width stroke-linecap stroke-linejoin fill-rule opacity".split()
)


class WordingError(ValueError):
    """The folder says something that can't be used; the text names file, place and what to do."""


@dataclass(frozen=True)
class HouseWording:
    """What a folder says: replaced entries of the registries, and the mark as SVG text (empty: ours)."""

    asks: Mapping[str, AskKind]
    tells: Mapping[str, TellKind]
    mark: str = ""


def load(folder: Path, asks: Mapping[str, AskKind], tells: Mapping[str, TellKind]) -> HouseWording:
    """Read and judge a folder against the shipped registries. Raises WordingError."""
    said = _yaml(folder / "wording.yaml")
    made = HouseWording(
        {name: _ask(asks[name], texts) for name, texts in _entries(said, "asks", asks)},
        {name: _tell(tells[name], texts) for name, texts in _entries(said, "tells", tells)},
        _mark(folder / "mark.svg"),
    )
    problems = lint(made.asks.values(), made.tells.values())
    if problems:
        raise WordingError(
            f"{folder / 'wording.yaml'}: {problems[0]}" + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")
        )
    return made


def _yaml(path: Path) -> Mapping[str, Any]:
    if not path.exists():
        return {}
    try:
        said = YAML(typ="safe").load(path.read_text("utf-8"))
    except (YAMLError, UnicodeDecodeError) as problem:
        raise WordingError(f"{path}: this is no YAML in UTF-8 ({type(problem).__name__})") from None
    if said is None:
        return {}
    if not isinstance(said, dict) or set(said) - set(PARTS):
        raise WordingError(f"{path}: the top level has `asks` and `tells`, nothing else")
    return said


def _entries(said: Mapping[str, Any], which: str, known: Mapping[str, object]) -> list[tuple[str, dict[str, dict[str, Any]]]]:
    made = []
    for name, texts in (said.get(which) or {}).items():
        if name not in known:
            raise WordingError(f"wording.yaml: {which}: {name!r} is not a kind; see `python -m services.notification.preview`")
        for lang, parts in texts.items():
            if lang not in LANGS or set(parts) - set(PARTS[which]):
                raise WordingError(
                    f"wording.yaml: {which}: {name}: {lang}: only {', '.join(PARTS[which])} in zh or en can be said differently"
                )
        made.append((name, texts))
    return made


def _line(base: Line, texts: Mapping[str, Any], part: str) -> Line:
    own = {lang: str(parts[part]) for lang, parts in texts.items() if part in parts}
    if not own:
        return base
    if isinstance(base, T):
        return T(own.get("zh", base.zh), own.get("en", base.en))
    return lambda scene: T(own[scene.lang], own[scene.lang]) if scene.lang in own else base(scene)


def _plain(base: T, texts: Mapping[str, Any], part: str) -> T:
    made = _line(base, texts, part)
    assert isinstance(made, T)
    return made


def _leads(base: tuple[Line, ...], texts: Mapping[str, Any]) -> tuple[Line, ...]:
    """Paragraph by paragraph; where a language has fewer or more of its own, the rest of that language is silent."""
    own = {lang: [str(one) for one in parts["lead"]] for lang, parts in texts.items() if "lead" in parts}
    if not own:
        return base
    length = max(len(base), *(len(one) for one in own.values()))
    return tuple(_nth(base[n] if n < len(base) else T("", ""), own, n) for n in range(length))


def _nth(base: Line, own: Mapping[str, list[str]], n: int) -> Line:
    def said(scene: Scene) -> T:
        if scene.lang in own:
            text = own[scene.lang][n] if n < len(own[scene.lang]) else ""
            return T(text, text)
        return base(scene) if callable(base) else base

    return said


def _ask(base: AskKind, texts: Mapping[str, Any]) -> AskKind:
    spoken = {lang for lang, parts in texts.items() if "silence" in parts}
    if spoken and base.silence is None and spoken != set(LANGS):
        raise WordingError(f"wording.yaml: asks: {base.kind}: silence: said in both languages or in none")
    return replace(
        base,
        act=_plain(base.act, texts, "act"),
        title=_line(base.title, texts, "title"),
        lead=_leads(base.lead, texts),
        done=_plain(base.done, texts, "done"),
        silence=_plain(base.silence or T("", ""), texts, "silence") if base.silence or spoken else None,
    )


def _tell(base: TellKind, texts: Mapping[str, Any]) -> TellKind:
    return replace(
        base, act=_plain(base.act, texts, "act"), title=_plain(base.title, texts, "title"), lead=_leads(base.lead, texts)
    )


def _mark(path: Path) -> str:
    """The mark, if there is one, made of plain shapes: no script, no style, nothing that loads anything."""
    if not path.exists():
        return ""
    text = path.read_text("utf-8")
    if len(text.encode()) > MARK_LIMIT or "<!" in text.replace("<!--", ""):
        raise WordingError(f"{path}: at most {MARK_LIMIT} bytes of SVG without a document type")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise WordingError(f"{path}: this is no SVG") from None
    for one in root.iter():
        name = str(one.tag).removeprefix(_SVG)
        strange = [key for key, value in one.attrib.items() if key not in _ATTRIBUTES or "url(" in value or ":" in value]
        if name not in _SHAPES or strange or (one.text or "").strip():
            raise WordingError(f"{path}: <{name}> {' '.join(strange)}: only plain shapes with plain attributes")
        one.tag = name
    root.attrib["aria-hidden"] = "true"
    return ElementTree.tostring(root, encoding="unicode")
