"""Check-ins of day 1, 7, 30, 60 and 90, what a bad sign opens, and the client call of day 30.

| kind | field | codes or type | kept |
|---|---|---|---|
| checkin_1, checkin_7, checkin_30, checkin_60, checkin_90 | mood | 1 to 5 | clear |
| checkin_<n> | text | text: confidential | sealed |
| checkin_<n> | release | text: the one sentence the other side may read | sealed |
| checkin_<n> | call_me | yes, no | clear |
| worry, client_call_30 | done | yes | clear |
| worry, client_call_30 | note | text | sealed |
"""

from services.notification.asks.base import AskKind, Line, choice, duty, form, note, scale
from services.notification.asks.interview import MOODS
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T

DAYS = (1, 7, 30, 60, 90)


def _form(scene: Scene) -> Form:
    me = scene.self_report
    mood = T("这几天怎么样？", "How has it been?") if me else T("{cand}这几天怎么样？", "How is {cand} doing?")
    return form(
        scene,
        scale(scene, "mood", mood, MOODS),
        note(scene, "text", T("想说的话（保密，可不填）", "What you would like to say (confidential, optional)")),
        choice(
            scene,
            "call_me",
            T("要{rec}打个电话吗？（可不选）", "Shall {rec} call? (optional)"),
            (("yes", T("好", "Yes"), None), ("no", T("不用", "No need"), None)),
            required=False,
        ),
        note(
            scene,
            "release",
            T("这一句可以给对方看", "This sentence may be shown"),
            folded=T("想让对方知道一句话？", "One sentence for the other side?"),
        ),
    )


def _title(day: int) -> Line:
    def title(scene: Scene) -> T:
        if scene.self_report:
            return T(f"{{you}}，第 {day} 天，还好吗？", f"{{you}}, day {day}: how are you?")
        return T(f"{{cand}}到岗第 {day} 天：还顺利吗？", f"{{cand}}, day {day}: is it going well?")

    return title


_PRIVATE = T(
    "你写的只有{rec}能看到。对方只会看到你自己放出来的那一句。",
    "Only {rec} reads what you write. The other side sees only the sentence you release.",
)


def _kind(day: int) -> AskKind:
    return AskKind(
        kind=f"checkin_{day}",
        audience="hire",
        act=T(f"第 {day} 天，还好吗", f"day {day}, how are you"),
        title=_title(day),
        lead=(_PRIVATE,),
        form=_form,
        done=T("收到，谢谢你说", "Thank you for telling us"),
        notes=(T("问一声", "asks"), T("看到你的话", "reads it")),
        after=(
            (
                T("如果不太好", "If it is not going well"),
                T("{rec}会在 4 个工作小时内联系你", "{rec} is in touch within 4 working hours"),
            ),
        ),
        silence=T("{rec}会打个电话。", "{rec} calls."),
    )


_DONE = ((T("之后", "Then"), T("记在这次入职的时间线上", "it stands in the timeline of this start")),)

KINDS = (
    *(_kind(day) for day in DAYS),
    AskKind(
        kind="worry",
        audience="staff",
        act=T("请尽快联系", "Please call soon"),
        title=T("{cand}那边有不好的信号", "A bad sign from {cand}"),
        lead=(T("先打电话，听本人说。不告诉直属主管。", "Call first and listen. The line manager is not told."),),
        form=duty(note, submit=T("已通话", "We have talked")),
        after=_DONE,
        silence=T("转给你的主管，不会转给对方主管。", "Your lead’s turn; never the line manager’s."),
    ),
    AskKind(
        kind="client_call_30",
        audience="staff",
        act=T("30 天回访", "The call of day 30"),
        topic=T("{client}", "{client}"),
        title=T("给{client}打个电话：{cand}到岗 30 天", "Call {client}: {cand} has been there for 30 days"),
        lead=(T("满意吗？有没有新的需求？本人说过的话不转告。", "Satisfied? New needs? What the person told us stays with us."),),
        form=duty(note, submit=T("已通话", "We have talked")),
        after=_DONE,
        silence=T("转给你的主管。", "It becomes your lead’s turn."),
    ),
)
