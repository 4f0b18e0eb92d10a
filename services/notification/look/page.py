"""What a page shows, as data: every state of every link fills the same Page, and one template draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.notification.look.form import Form


@dataclass(frozen=True)
class Step:
    """One of the three places of the handover strip; `here` is where the baton is now."""

    name: str
    note: str
    here: bool = False


@dataclass(frozen=True)
class Row:
    """One Ask of a bundle, beside the others; `state` replaces the form where it is no longer open."""

    ask_id: str
    heading: str
    small: str = ""
    checks: tuple[tuple[str, str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    form: Form | None = None
    state: tuple[str, str] | None = None


@dataclass(frozen=True)
class Line:
    """One line of a board: state code, its word, what, small remark, when, and where it leads."""

    state: str
    word: str
    what: str
    small: str = ""
    due: str = ""
    late: str = ""
    href: str = ""
    who: str = ""


@dataclass(frozen=True)
class Board:
    """A table of lines with its caption; empty says the sentence shown when nothing is there."""

    caption: str
    lines: tuple[Line, ...]
    empty: str
    heads: tuple[str, str, str, str] = ("", "", "", "")


@dataclass(frozen=True)
class Slip:
    """A text that somebody carries by hand: to whom, since when it waits, and the button that says it was sent."""

    id: str
    heading: str
    small: str
    label: str
    text: str
    text_lang: str
    copy: tuple[str, str]
    """The copy button's word, and its word once it has copied."""
    button: str


@dataclass(frozen=True)
class Page:
    """Everything the page template reads."""

    lang: str
    heading: str
    sender: str = "Baton"
    beside: str = ""
    relay: tuple[Step, ...] = ()
    lead: tuple[str, ...] = ()
    small: str = ""
    checks: tuple[tuple[str, str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    remark: str = ""
    form: Form | None = None
    rows: tuple[Row, ...] = ()
    boards: tuple[Board, ...] = ()
    slips: tuple[Slip, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    alert: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    acts: tuple[tuple[str, str], ...] = ()
    """Quiet buttons that post: (value of `do`, label)."""
    links: tuple[tuple[str, str], ...] = ()
    """Quiet buttons that only lead on: (href, label)."""
    after_small: str = ""
    next_title: str = ""
    next_steps: tuple[tuple[str, str], ...] = ()
    more: tuple[str, str] | None = None
    foot: tuple[str, ...] = ()
    foot_links: tuple[tuple[str, str], ...] = ()
    nonce: str = ""
    kind: str = ""
    wide: bool = False
    search: tuple[str, str] | None = None
    """A search field by GET: (label, value)."""
