"""What clients hear of their account: a released report, the answer to a complaint."""

from services.notification.asks.requirement import counts
from services.notification.tells.base import TellKind
from services.notification.wording import T

KINDS = (
    TellKind(
        "weekly_report",
        "client",
        T("进展报告", "Progress report"),
        T("{client}：目前的进展", "{client}: where we stand"),
        (T("下面是现在的数字；有问题就找{rec}。", "The numbers as of now; ask {rec} about any of them."),),
        counts,
    ),
    TellKind(
        "complaint_answered",
        "client",
        T("我们的答复", "Our answer"),
        T("关于你提的意见", "About what you told us"),
        (T("{words}", "{words}"),),
    ),
)
