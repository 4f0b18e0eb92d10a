"""Calls, contact kept, consent to be kept, and what a person must mend: duties of our own house.

| kind | field | codes or type | kept |
|---|---|---|---|
| call | done | yes | clear |
| call | reached | yes, no | clear |
| call | note | text | sealed |
| call | serves.<field> | the fields of the Ask the call serves, none required | as there |
| keep_warm | done | yes | clear |
| keep_warm | mood | 1 to 5 | clear |
| keep_warm, data_defect, machine_step | note | text | sealed |
| pool_consent | decision | yes, no | clear |
| data_defect | done | yes | clear |
| data_defect | name, mail, phone | line: the corrected value | sealed |
| machine_step | done | yes | clear |

A `call` whose Ask may be answered on behalf carries its form under `serves.`: filling it answers that Ask (practice.md 1.2).
"""

from dataclasses import replace

from services.notification.asks.base import AskKind, choice, duty, form, given, note, scale
from services.notification.asks.interview import MOODS
from services.notification.look.form import Field, Form
from services.notification.look.scene import Scene
from services.notification.wording import T

SERVES = "serves"


def with_served(own: Form, served: Form, heading: str) -> Form:
    """The call's form with the fields of the Ask it serves, none of them required."""
    loose = tuple(replace(one, required=False, folded="") for one in served.prefixed(SERVES).fields if one.kind != "given")
    first, *rest = loose or (None,)
    titled = () if first is None else (replace(first, label=_titled(heading, first.label)), *rest)
    return replace(own, fields=(*own.fields, *titled))


def _titled(heading: str, label: str) -> str:
    if not heading:
        return label
    return f"{heading[:1].upper()}{heading[1:]}: {label}" if heading.isascii() else f"{heading}：{label}"


def _call(scene: Scene) -> Form:
    return form(
        scene,
        given(scene),
        choice(
            scene,
            "reached",
            T("打通了吗？", "Did you reach them?"),
            (("yes", T("打通了", "Yes"), None), ("no", T("没打通", "No"), T("会再安排一次", "another call is planned"))),
        ),
        note(scene, label=T("说了什么（可不填）", "What was said (optional)")),
        submit=T("已打过电话", "I have called"),
    )


def _line(name: str, label: T):  # noqa: ANN202 - a field maker like every other
    return lambda scene: Field(name, scene.fill(label), "line", sealed=True)


def _pool(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("要我们留着你的材料吗？", "Shall we keep your papers?"),
            (
                (
                    "yes",
                    T("可以，有合适的再联系我", "Yes, tell me when something fits"),
                    T("一年，随时可以撤回", "For a year; you can withdraw it at any time"),
                ),
                (
                    "no",
                    T("不用了", "No"),
                    T("只按法律要求的期限保存，不再联系", "Kept only as long as the law says, and not used to contact you"),
                ),
            ),
        ),
    )



KINDS = (
    AskKind(
        kind="call",
        serves=True,
        audience="staff",
        act=T("请打个电话", "Please call"),
        title=T("给{owner}打个电话：{what}", "Call {owner}: {what}"),
        topic=T("{owner}", "{owner}"),
        lead=(
            T(
                "{cand}，{role}（{code}）。在电话里得到的答复，可以直接填在下面，本人会收到一份回执。",
                "{cand}, {role} ({code}). What you hear on the phone can be filled in below; the person gets a receipt.",
            ),
        ),
        form=_call,
        silence=T("转给你的主管。", "It becomes your lead’s turn."),
    ),
    AskKind(
        kind="keep_warm",
        audience="staff",
        act=T("问候一声", "Keep in touch"),
        title=T("{cand}还没到岗，问候一声", "{cand} has not started yet: keep in touch"),
        lead=(T("{start}到岗。听听有没有犹豫、有没有挽留。", "Starts on {start}. Listen for doubts and counter-offers."),),
        form=duty(
            lambda s: scale(s, "mood", T("听起来怎么样？（可不选）", "How did it sound? (optional)"), MOODS, required=False),
            note,
            submit=T("已联系", "We have talked"),
        ),
        silence=T("主管会看到；不会有机器替你聊。", "Your lead sees it; no machine chats in your place."),
    ),
    AskKind(
        kind="pool_consent",
        audience="candidate",
        act=T("最后问一件事", "one last question"),
        title=T("{you}，要我们留着你的材料吗？", "{you}, shall we keep your papers?"),
        lead=(T("只问这一次。", "We ask this only once."),),
        form=_pool,
        done=T("照你的意思办", "As you wish"),
        after=((T("以后", "Later"), T("在“我们保存了什么”里随时可以改", "change it at any time under “what we hold”")),),
        on_behalf="never",
        silence=T("没有答复：按法律期限保存，不再联系你。", "No answer: kept for the legal term and not used to contact you."),
    ),
    AskKind(
        kind="data_defect",
        audience="staff",
        act=T("有一处要改", "Something to mend"),
        title=T("{cand}：资料有一处读不出来", "{cand}: something could not be read"),
        lead=(
            T(
                "{role}（{code}）。原因：{reason}。打开原件，补上缺的，或重新要一份。",
                "{role} ({code}). Reason: {reason}. Open the original, add what is missing, or ask for it again.",
            ),
        ),
        form=duty(
            _line("name", T("姓名（要改时填）", "Name (if it must change)")),
            _line("mail", T("邮箱（要改时填）", "Mail (if it must change)")),
            _line("phone", T("电话（要改时填）", "Phone (if it must change)")),
            note,
            submit=T("补好了", "Mended"),
        ),
        done=T("补好了，流程继续", "Mended; the hire goes on"),
        silence=T("转给你的主管。", "It becomes your lead’s turn."),
    ),
    AskKind(
        kind="machine_step",
        audience="staff",
        act=T("系统有一步没走完", "A machine step is stuck"),
        topic=T("{code}", "{code}"),
        title=T("系统有一步超过时限没走完", "A machine step has passed its deadline"),
        lead=(T("看看停在哪里、为什么；处理后点一下。", "See where it stands and why; press when it is handled."),),
        form=duty(note, submit=T("处理好了", "Handled")),
        silence=T("转给下一位值班。", "The next operator’s turn."),
    ),
)
