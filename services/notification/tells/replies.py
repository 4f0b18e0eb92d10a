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


KINDS = (*_kinds("", "candidate"), *_kinds("_other", "staff"))
