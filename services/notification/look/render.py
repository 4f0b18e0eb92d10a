"""Draws a Page, a Mail and its text twin from the service's own templates.

Only templates of this folder are rendered (never a user's), in a sandbox, escaped, and a name that a template
misspells is an error, not an empty place.
"""

from functools import lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from services.notification import wording
from services.notification.look.mail import Mail
from services.notification.look.page import Page
from services.notification.look.strings import ui

HERE = Path(__file__).parent
CSS = HERE / "static" / "baton.css"
DRAFT = HERE / "static" / "draft.js"
COPY = HERE / "static" / "copy.js"


@lru_cache(maxsize=2)
def _environment(html: bool) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["ui"] = ui
    made.globals["html_lang"] = wording.html_lang
    made.globals["mark"] = ""
    return made


def wear(mark: str) -> None:
    """Draw this mark (SVG that house_wording judged) in place of ours, from now on."""
    _environment(True).globals["mark"] = Markup(mark)


def page_html(page: Page) -> str:
    """The whole HTML document of a page."""
    return _environment(True).get_template("page.html").render(page=page)


def mail_html(mail: Mail) -> str:
    """The HTML part of a mail: one table, styles inline, dark mode by media query, no image, nothing that calls home."""
    return _environment(True).get_template("mail.html").render(mail=mail)


def mail_text(mail: Mail) -> str:
    """The text twin: the same times, zones and names, letter for letter."""
    text = _environment(False).get_template("mail.txt").render(mail=mail)
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
