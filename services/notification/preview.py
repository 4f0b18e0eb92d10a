"""Writes every template in both languages to a folder to look at, and says what the lint has against them.

    python -m services.notification.preview OUT [WORDING]      exit 1 where the lint finds something, 2 where the wording folder is wrong

`WORDING` is an organisation's own folder (house_wording.py): look at it here before BATON_WORDING names it.
"""

import sys
from pathlib import Path

from services.notification import asks, house_wording, tells
from services.notification.asks.sample import sample_scene
from services.notification.lint import LINKS, lint
from services.notification.look import ask_page, mail, render
from services.notification.wording import LANGS


def write(out: Path) -> int:
    """Pages, mails, text twins and text messages of all kinds with their samples; returns how many files."""
    out.mkdir(parents=True, exist_ok=True)
    style = f"<style>{render.CSS.read_text('utf-8')}</style>"
    files: dict[str, str] = {}
    for lang in LANGS:
        for kind in asks.KINDS.values():
            scene, name = sample_scene(kind.kind, kind.audience, lang), f"ask-{kind.kind}.{lang}"
            page = render.page_html(ask_page.ask_page(kind, scene, "#", {}))
            files[f"{name}.page.html"] = page.replace('<link rel="stylesheet" href="/static/baton.css">', style)
            files |= _mails(name, mail.ask_mail(kind, scene, LINKS))
            files[f"{name}.sms.txt"] = kind.sms(scene, "go.example/7Kq2") + "\n"
        for tell in tells.TELLS.values():
            scene = sample_scene(tell.name, tell.audience, lang)
            files |= _mails(f"tell-{tell.name}.{lang}", mail.tell_mail(tell, scene, LINKS))
    for name, text in files.items():
        (out / name).write_text(text, "utf-8")
    return len(files)


def _mails(name: str, made: mail.Mail) -> dict[str, str]:
    return {f"{name}.mail.html": render.mail_html(made), f"{name}.mail.txt": f"{made.subject}\n\n{render.mail_text(made)}"}


def main(arguments: list[str]) -> int:
    """The command line; returns the exit code."""
    if not arguments or len(arguments) > 2:
        print(__doc__)
        return 2
    if len(arguments) == 2:
        try:
            own = house_wording.load(Path(arguments[1]), asks.KINDS, tells.TELLS)
        except house_wording.WordingError as problem:
            print(problem)
            return 2
        asks.say_differently(own.asks)
        tells.say_differently(own.tells)
        render.wear(own.mark)
    found = lint(asks.KINDS.values(), tells.TELLS.values())
    print(f"{write(Path(arguments[0]))} files in {arguments[0]}")
    for one in found:
        print(one)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
