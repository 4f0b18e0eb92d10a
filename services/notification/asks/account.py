"""A client over time: reports that a person releases, reviews, surveys, complaints; and persons in the pool, by a person.

| kind | field | codes or type | kept |
|---|---|---|---|
| release_report | decision | release, hold | clear |
| account_review, complaint_answer | done | yes | clear |
| client_survey | mood | 1 to 5 | clear |
| pool_followup | decision | later, star, no | clear |
| pool_followup | tag | leads, hands_on, languages, mobile, open_now, not_soon, none: takes off what was noted | clear |
| all of them | words | text | sealed |
"""

from services.notification.asks import tags
from services.notification.asks.base import AskKind, Facts, choice, duty, form, note, scale
from services.notification.asks.interview import MOODS
from services.notification.asks.requirement import counts, two
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T

_TAGS = (*((code, word, None) for code, word in tags.NOTES.items()), ("none", T("去掉我记过的", "Take off what I noted"), None))
_DONE = ((T("之后", "Then"), T("按约定的节奏继续", "on at the agreed pace")),)


def _survey(scene: Scene) -> Form:
    return form(
        scene,
        scale(scene, "mood", T("和我们合作，感觉怎么样？", "How is it to work with us?"), MOODS),
        note(scene, "words", T("哪里可以更好（可不填）", "What could be better (optional)")),
    )


def _follow(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("聊下来怎么样？", "How did it go?"),
            (
                ("later", T("保持联系", "Keep in touch"), None),
                ("star", T("很合适，早点再联系", "A very good one: sooner again"), None),
                ("no", T("不想再被联系", "No more contact"), T("从此不再联系", "we stop for good")),
            ),
        ),
        choice(scene, "tag", T("记一个标签（可不选）", "Note a tag (optional)"), _TAGS, required=False),
        note(scene, "words", T("聊了什么（可不填）", "What was said (optional)")),
    )


def _known(scene: Scene) -> Facts:
    """What is known of the person, dimension by dimension."""
    shown = tags.words(scene, scene.params.get("tags", ""))
    return ((scene.fill(T("标签", "Tags")), shown),) if shown else ()


KINDS = (
    AskKind(
        kind="release_report",
        audience="staff",
        act=T("请放行周报", "Release the report"),
        topic=T("{client}", "{client}"),
        title=T("给{client}的进展报告", "The progress report for {client}"),
        lead=(T("数字是现在的。你点了放行，它才会发出。", "The numbers are of now. It leaves only when you release it."),),
        form=two(("release", T("放行", "Release")), ("hold", T("这次不发", "Not this time")), T("你的决定", "Your decision")),
        done=T("收到你的决定", "Your decision is in"),
        after=_DONE,
        facts=counts,
        silence=T("转给你的主管；没有人放行就不发。", "It becomes your lead’s turn; unreleased it does not leave."),
    ),
    AskKind(
        kind="account_review",
        audience="staff",
        act=T("合作回顾", "Account review"),
        topic=T("{client}", "{client}"),
        title=T("和{client}一起回顾合作", "Review the cooperation with {client}"),
        lead=(T("约一次会：做得好的、要改的、接下来的需求。", "Meet: what went well, what to change, what is next."),),
        form=duty(lambda s: note(s, "words", T("要点（可不填）", "Main points (optional)")), submit=T("已经回顾", "Reviewed")),
        after=_DONE,
        facts=counts,
        silence=T("转给总监。", "It becomes the director’s turn."),
    ),
    AskKind(
        kind="client_survey",
        audience="client",
        act=T("一分钟：和我们合作得怎么样", "One minute: how are we doing"),
        topic=T("{client}", "{client}"),
        title=T("和我们合作，感觉怎么样？", "How is it to work with us?"),
        lead=(T("一个问题。不满意的，会有人马上联系你。", "One question. If you are not content, a person calls you."),),
        form=_survey,
        done=T("谢谢", "Thank you"),
        after=_DONE,
        silence=T("不回答也没关系。", "You need not answer."),
    ),
    AskKind(
        kind="complaint_answer",
        audience="staff",
        act=T("客户有意见", "The client complains"),
        topic=T("{client}", "{client}"),
        title=T("{client}有意见：请回答", "{client} complains: please answer"),
        lead=(T("先打电话，再写下你的答复；它会发给对方。", "Call first, then write your answer; it goes to them."),),
        form=duty(
            lambda s: note(s, "words", T("你的答复", "Your answer"), required=True), submit=T("发送答复", "Send the answer")
        ),
        done=T("答复已发出，计划也会再看一遍", "Sent; the plan is looked at as well"),
        after=_DONE,
        silence=T("转给总监。", "It becomes the director’s turn."),
    ),
    AskKind(
        kind="pool_followup",
        audience="staff",
        act=T("问候人才库里的人", "Somebody in our pool"),
        topic=T("人才库", "pool"),
        title=T("问候一声：{owner}", "Get in touch: {owner}"),
        lead=(T("由你本人联系，机器不发任何消息。", "By you in person; no machine writes to them."),),
        form=_follow,
        facts=_known,
        after=_DONE,
        silence=T("进入公海，谁有空谁联系。", "Into the common pool: whoever has time."),
    ),
)
