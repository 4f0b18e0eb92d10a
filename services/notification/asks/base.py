"""What an Ask kind is: the shape each registry entry fills.

Exists so that adding a human step means adding one entry of text and form here, not plumbing (architecture.md, Ask).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.notification import wording
from services.notification.look.form import Field, Form, Option
from services.notification.look.scene import Scene
from services.notification.wording import T

Line = T | Callable[[Scene], T]
Facts = tuple[tuple[str, str], ...]
Codes = tuple[tuple[str, T, T | None], ...]
NOTED = T("记下了", "Noted")
DECIDED = T("记下了你的决定", "Your decision is noted")
GOES_ON = ((T("之后", "Then"), T("流程接着走", "the work goes on")),)
FOLLOWED = ((T("接下来", "Next"), T("{rec}会跟进", "{rec} follows up")),)
AUDIENCES = ("candidate", "hire", "client", "interviewer", "staff")


def no_facts(_: Scene) -> Facts:
    """A kind that shows no list of facts."""
    return ()


@dataclass(frozen=True)
class AskKind:
    """One kind of Ask: who reads it, what it says, what it asks, what happens after, what silence means.

    `act` is the short form (subject, text message): for candidates it holds no client, role or word of hiring.
    `topic` follows it for everybody else. `after` are (when, what) lines of the page after the answer; `follower` is who gets the baton next, where
    it is not the Ask's own next holder.
    """

    kind: str
    audience: str
    act: T
    title: Line
    lead: tuple[Line, ...]
    form: Callable[[Scene], Form]
    done: T = NOTED
    after: tuple[tuple[T, T], ...] = GOES_ON
    topic: T = T("{cand}", "{cand}")
    notes: tuple[T, T] = (T("发来", "asked"), T("收到你的答复", "gets your answer"))
    follower: T | None = None
    facts: Callable[[Scene], Facts] = no_facts
    remark: T | None = None
    silence: T | None = None
    on_behalf: str = "allowed"
    blind: bool = False
    dossier: bool = False
    bundle: bool = False
    """Whether one link holds all Asks of this kind that a person owes, side by side."""
    waits_for: frozenset[str] = frozenset()
    """What must be known here before it is asked: `slots`, `disclosure` (beside holder, hire, requisition and offer)."""
    judged: str = ""
    """The sealed field whose words are the reason of a no: one that the law forbids makes the clear answer `unlawful` = yes."""
    proves: str = ""
    """What its first delivery means beside itself: `offer_sent`."""
    serves: bool = False
    """Whether it carries the form of another Ask, named by `serves_ask`."""
    confirms: T = T("点开后再确认一次才算数。", "The page asks you to confirm; nothing counts before that.")
    late: Callable[[Scene], T | None] | None = None
    """What has happened meanwhile, for an answer that comes too late; by default that things have moved on."""
    preheader: Callable[[Scene], T] | None = None
    """What a mail shows beside its subject; by default what silence means."""

    def heading(self, scene: Scene) -> str:
        """The h1 in the reader's language."""
        return scene.fill(self.title(scene) if callable(self.title) else self.title)

    def leads(self, scene: Scene) -> tuple[str, ...]:
        """The first paragraphs in the reader's language."""
        said = (scene.fill(line(scene) if callable(line) else line) for line in self.lead)
        return tuple(one for one in said if one)

    def subject(self, scene: Scene) -> str:
        """The subject line, without line breaks; discreet for candidates and new hires."""
        due = scene.words["due_short"]
        limit = (f"（{due}）" if scene.lang == "zh" else f" ({due})") if due else ""
        colon = "：" if scene.lang == "zh" else ": "
        if self.audience in ("candidate", "hire"):
            return wording.clip(f"{scene.words['rec']}{colon}{scene.fill(self.act)}{limit}", 120)
        return wording.clip(f"{scene.fill(self.act)}{colon}{scene.fill(self.topic)}{limit}", 120)

    def sms(self, scene: Scene, link: str) -> str:
        """One text message: at most 70 characters in Chinese, 160 in English, link included."""
        due = scene.words["due_short"]
        act, you = scene.fill(self.act), wording.clip(scene.words["you"], 16 if scene.lang == "en" else 8)
        if scene.lang == "zh":
            head, limit = f"【{wording.clip(scene.sender, 10)}】{you}，", 70
        else:
            head, limit = f"{wording.clip(scene.sender, 24)}: {you}, ", 160
        tail = (f"（{due}）：{link}" if scene.lang == "zh" else f" {due}: {link}") if due else f" {link}"
        return f"{head}{wording.clip(act, max(4, limit - len(head) - len(tail)))}{tail}"


def choice(scene: Scene, name: str, label: T, options: Sequence[tuple[str, T, T | None]], *, required: bool = True) -> Field:
    """A clear choice: (code, word, remark) each, all of equal size, nothing preselected; one that is not required is folded away."""
    made = tuple(Option(code, scene.fill(word), scene.fill(hint) if hint else "") for code, word, hint in options)
    return Field(name, scene.fill(label), "choice", made, required=required, folded="" if required else scene.fill(label))


def one_of(
    name: str, label: T, options: Codes, *, words: Callable[[Scene], Field] | None = None, submit: T = T("发送我的答复", "Send my answer")
) -> Callable[[Scene], Form]:
    """The form of one choice, and room for words beside it."""
    return lambda scene: form(scene, choice(scene, name, label, options), (words or note)(scene), submit=submit)


def given(scene: Scene, name: str = "done", value: str = "yes", label: T = T("已办好", "Done")) -> Field:
    """A duty that the button itself answers."""
    return Field(name, scene.fill(label), "given", (Option(value, scene.fill(label)),), required=True)


def note(
    scene: Scene, name: str = "note", label: T = T("想说的话（可不填）", "Anything to add (optional)"), **more: object
) -> Field:
    """A sealed free text; keyword arguments of Field (required, needed_if, folded) pass through; `hint` may be a T."""
    if isinstance(more.get("hint"), T):
        more["hint"] = scene.fill(more["hint"])  # type: ignore[arg-type]
    if isinstance(more.get("folded"), T):
        more["folded"] = scene.fill(more["folded"])  # type: ignore[arg-type]
    return Field(name, scene.fill(label), "text", sealed=True, **more)  # type: ignore[arg-type]


def scale(scene: Scene, name: str, label: T, levels: Sequence[tuple[str, T, T | None]], *, required: bool = True) -> Field:
    """A rubric ladder of clear numbers."""
    made = tuple(Option(code, scene.fill(word), scene.fill(hint) if hint else "") for code, word, hint in levels)
    return Field(name, scene.fill(label), "scale", made, required=required)


def day_field(scene: Scene, name: str, label: T, **more: object) -> Field:
    """A clear date."""
    return Field(name, scene.fill(label), "date", **more)  # type: ignore[arg-type]


def form(scene: Scene, *fields: Field, submit: T = T("发送我的答复", "Send my answer"), small: T | None = None) -> Form:
    """The form with its button."""
    return Form(tuple(fields), scene.fill(submit), scene.fill(small) if small else "")


def duty(*fields: Callable[[Scene], Field], submit: T = T("已办好", "Done"), small: T | None = None) -> Callable[[Scene], Form]:
    """The form of a simple duty: clear `done` = yes by the button, then the given fields."""
    return lambda scene: form(scene, given(scene), *(make(scene) for make in fields), submit=submit, small=small)
