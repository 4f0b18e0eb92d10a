"""What a tell is, and the facts that those about an appointment show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from services.notification import wording
from services.notification.look.scene import Scene
from services.notification.wording import T

Facts = tuple[tuple[str, str], ...]


def nothing(_: Scene) -> Facts:
    return ()


@dataclass(frozen=True)
class TellKind:
    """One thing told: its discreet act (subject), its title, its paragraphs."""

    name: str
    audience: str
    act: T
    title: T
    lead: tuple[T | Callable[[Scene], T], ...]
    facts: Callable[[Scene], Facts] = nothing
    calendar: Literal["", "REQUEST", "CANCEL"] = ""
    topic: T = T("{cand}", "{cand}")
    """Follows the act in the subject of whoever is no candidate, and names the calendar's entry."""
    bad_news: bool = False
    urgent: bool = False

    def subject(self, scene: Scene) -> str:
        """The subject line; discreet for candidates and new hires."""
        colon = "：" if scene.lang == "zh" else ": "
        if self.audience in ("candidate", "hire"):
            return wording.clip(f"{scene.words['rec']}{colon}{scene.fill(self.act)}", 120)
        return wording.clip(f"{scene.fill(self.act)}{colon}{scene.fill(self.topic)}", 120)

    def leads(self, scene: Scene) -> tuple[str, ...]:
        """The paragraphs in the reader's language."""
        said = (scene.fill(line(scene) if callable(line) else line) for line in self.lead)
        return tuple(one for one in said if one)


def when(scene: Scene) -> Facts:
    if scene.meeting is None:
        return ()
    zh = scene.lang == "zh"
    who = wording.listing(scene.panel, scene.lang)
    rows = [("时间" if zh else "When", scene.words["meeting"]), ("怎么谈" if zh else "How", mode_of(scene))]
    return (*rows, ("有谁" if zh else "With", who)) if who else tuple(rows)


def mode_of(scene: Scene) -> str:
    mode = scene.meeting.mode if scene.meeting else "video"
    words = {"video": ("视频", "by video"), "phone": ("电话", "by phone"), "onsite": ("当面", "in person")}
    return words.get(mode, words["video"])[0 if scene.lang == "zh" else 1]
