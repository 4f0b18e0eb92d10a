"""What each kind says, word for word, as files to compare with. After a change that is meant:

python -m tests.unit.notification.goldens
"""

from __future__ import annotations

from pathlib import Path

from services.notification import asks, tells
from services.notification.asks.sample import sample_scene
from services.notification.lint import LINKS
from services.notification.look import mail, render

FOLDER = Path(__file__).parent / "goldens"
ZONES = {"zh": "Asia/Shanghai", "en": "Europe/Berlin"}


def all_goldens() -> dict[str, str]:
    """File name -> text: subject, text message and mail of each kind, in both languages, in the zones of their readers."""
    made = {}
    for kind in asks.KINDS.values():
        parts = []
        for lang, zone in ZONES.items():
            scene = sample_scene(kind.kind, kind.audience, lang, zone)
            said = mail.ask_mail(kind, scene, LINKS)
            parts.append(
                f"== {lang} ==\nSubject: {said.subject}\nSMS: {kind.sms(scene, 'go.example/7Kq2')}\n\n{render.mail_text(said)}"
            )
        made[f"ask-{kind.kind}.txt"] = "\n".join(parts)
    for tell in tells.TELLS.values():
        parts = []
        for lang, zone in ZONES.items():
            said = mail.tell_mail(tell, sample_scene(tell.name, tell.audience, lang, zone), LINKS)
            parts.append(f"== {lang} ==\nSubject: {said.subject}\n\n{render.mail_text(said)}")
        made[f"tell-{tell.name}.txt"] = "\n".join(parts)
    return made


def main() -> None:
    """Write all, drop those of kinds that are gone."""
    FOLDER.mkdir(exist_ok=True)
    made = all_goldens()
    for old in FOLDER.glob("*.txt"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, "utf-8")
    print(f"{len(made)} files in {FOLDER.name}; look at the diff: it is the review of the wording")


if __name__ == "__main__":
    main()
