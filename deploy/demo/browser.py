"""What a browser knows of a page: its form with hidden values, radio groups, ticks and text fields, and how to send it.

Simulated people use it so that they can do nothing that a person with a phone could not do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Control:
    """One named thing of a form: `kind` is radio, checkbox, text, date, money, textarea or hidden; `values` what can be chosen."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    required: bool = False


@dataclass
class Seen:
    """What a page shows: its heading, all text, and the form if there is one. `rows` are the Asks of a bundle by id with their text."""

    heading: str = ""
    text: str = ""
    kind: str = ""
    has_form: bool = False
    controls: dict[str, Control] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Seen()
        self._in_form = False
        self._row = ""
        self._heading = False
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form" and a.get("method", "").lower() == "post":
            self._in_form = self.page.has_form = True
            self.page.kind = a.get("data-kind", "")
        elif tag == "article" and a.get("data-ask"):
            self._row = a["data-ask"]
            self.page.rows[self._row] = ""
        elif tag == "h1":
            self._heading = True
        elif self._in_form and a.get("name") and tag in ("input", "textarea"):
            money = a.get("inputmode") == "decimal"
            self._control("textarea" if tag == "textarea" else "money" if money else a.get("type", "text"), a)

    def _control(self, kind: str, a: dict[str, str]) -> None:
        control = self.page.controls.setdefault(a["name"], Control(a["name"], kind))
        control.required |= "required" in a
        if kind in ("radio", "checkbox", "hidden"):
            control.values.append(a.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif tag == "article":
            self._row = ""
        elif tag == "h1":
            self._heading = False

    def handle_data(self, data: str) -> None:
        word = data.strip()
        if not word:
            return
        self._words.append(word)
        if self._heading:
            self.page.heading += word
        if self._row:
            self.page.rows[self._row] += " " + word

    def done(self) -> Seen:
        self.page.text = " ".join(self._words)
        return self.page


def read_page(html: str) -> Seen:
    """Parse one page."""
    reader = _Reader()
    reader.feed(html)
    return reader.done()


def hidden_values(page: Seen) -> dict[str, str]:
    """What the browser sends without being asked: the one-time value, the version, what the button itself answers."""
    return {one.name: one.values[-1] for one in page.controls.values() if one.kind == "hidden"}


def short_name(name: str) -> str:
    """The field's own name: a bundle calls it `<ask id>.<field>`."""
    return name.partition(".")[2] if len(name.partition(".")[0]) == 36 else name
