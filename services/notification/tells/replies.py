"""What somebody is told who answered by mail: what was noted, or why it was not and where to say it. Never a word of what they wrote."""

from services.notification.look.scene import Scene
from services.notification.tells.base import TellKind
from services.notification.wording import T

_WHY = {
    "page_only": T(
        "这一件要你本人在页面上确认，邮件里的话我们没有当作答复。",
        "This one needs your own confirmation on its page; the mail was not taken as an answer.",
    ),
    "settled": T(
        "这件事在你回信之前已经有了结果。打开就能看到。", "This was settled before your reply came. Open it to see how."
    ),
    "changed": T(
        "问题在那封邮件之后有了变化，请看一下现在的。", "The question changed after that mail; please look at it as it is now."
    ),
    "unclear": T(
        "我们怕理解错，所以还没有记下。请打开选一下；或只回复选项的编号。",
        "We would rather ask than guess, so nothing is noted yet. Please choose on the page, or reply with just the number of a choice.",
    ),
}


def _why(scene: Scene) -> T:
    return _WHY.get(scene.params.get("reason", ""), _WHY["unclear"])


def _kinds(suffix: str, audience: str) -> tuple[TellKind, ...]:
    return (
        TellKind(
            f"reply_taken{suffix}",
            audience,
            T("记下了", "noted"),
            T("{you}，你的答复记下了", "{you}, your answer is noted"),
            (
                T("记下的是：{what}。", "Noted: {what}."),
                T("不对的话，打开就能改。", "If that is not right, open it and change it."),
            ),
            urgent=True,
        ),
        TellKind(
            f"reply_unclear{suffix}",
            audience,
            T("还差一步", "one more step"),
            T("{you}，收到你的回信，还差一步", "{you}, your reply is here; one more step"),
            (_why,),
            urgent=True,
        ),
    )


_INVITED = {
    "changed": T("你回复的是原来的时间，现在的安排是：{meeting}。", "Your answer was about an earlier time. It is now: {meeting}."),
    "delegated": T("这次面谈只能由你本人参加。", "This one can only be attended by you."),
}
_YES_OR_NO = T("请在日历里选择接受、拒绝，或提议另一个时间；也可以直接回信。", "Please accept, decline or propose another time in your calendar, or reply in words.")


def _why_not_heard(scene: Scene) -> T:
    return _INVITED.get(scene.params.get("reason", ""), T("“暂定”我们不敢当作答应：{meeting}。", "“Maybe” is not taken for a yes: {meeting}."))


def _invited(suffix: str, audience: str) -> tuple[TellKind, ...]:
    return (
        TellKind(
            f"invitation_unclear{suffix}",
            audience,
            T("还差一步", "one more step"),
            T("{you}，你的日历回复还差一步", "{you}, your calendar’s answer needs one more step"),
            (_why_not_heard, _YES_OR_NO),
            urgent=True,
        ),
        TellKind(
            f"invitation_proposed{suffix}",
            audience,
            T("收到你提议的时间", "your proposed time"),
            T("{you}，收到你提议的时间", "{you}, your proposed time is here"),
            (T("{rec}会看一看。在那之前，原来的安排不变：{meeting}。", "{rec} looks at it. Until then the appointment stands: {meeting}."),),
            urgent=True,
        ),
    )


KINDS = (*_invited("", "candidate"), *_invited("_other", "interviewer"), *_kinds("", "candidate"), *_kinds("_other", "staff"))
