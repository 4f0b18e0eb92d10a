"""What clients, interviewers and our own people are told."""

from services.notification.tells.base import TellKind, nothing, when
from services.notification.wording import T

KINDS = (
    TellKind(
        "invitation_panel",
        "interviewer",
        T("面试安排", "Interview set"),
        T("面试：{cand}", "Interview: {cand}"),
        (
            T(
                "{role}。结束后请在下一个工作日 12:00 前评分，约 4 分钟。",
                "{role}. Your scorecard is due by 12:00 on the next working day; about 4 minutes.",
            ),
        ),
        when,
        "REQUEST",
        urgent=True,
    ),
    TellKind(
        "moved_panel",
        "interviewer",
        T("面试改期", "Interview moved"),
        T("面试改期：{cand}", "Interview moved: {cand}"),
        (T("日历会自己更新。", "Your calendar updates itself."),),
        when,
        "REQUEST",
        urgent=True,
    ),
    TellKind(
        "cancelled_panel",
        "interviewer",
        T("面试取消", "Interview off"),
        T("面试取消：{cand}", "Interview off: {cand}"),
        (T("日历里的安排会自动移除。", "The entry leaves your calendar."),),
        nothing,
        "CANCEL",
        urgent=True,
    ),
    TellKind(
        "session_panel",
        "interviewer",
        T("群面安排", "Group interview set"),
        T("群面：{role}", "Group interview: {role}"),
        (
            T(
                "需求 {code}。名单会变，这一条日历不变；结束后请给每一位评分。",
                "Requirement {code}. Who comes may change, this one entry stays; afterwards a scorecard for each.",
            ),
        ),
        when,
        "REQUEST",
        topic=T("{code}", "{code}"),
        urgent=True,
    ),
    TellKind(
        "session_off_panel",
        "interviewer",
        T("群面不用来了", "No need to come"),
        T("群面不用来了：{role}", "Group interview, no need to come: {role}"),
        (T("日历里的安排会自动移除。", "The entry leaves your calendar."),),
        nothing,
        "CANCEL",
        topic=T("{code}", "{code}"),
        urgent=True,
    ),
    TellKind(
        "told_second",
        "client",
        T("已经有人答复", "Already answered"),
        T("{owner} 已经答复了", "{owner} has answered"),
        (T("以先到的答复为准。有不同意见就回复这封邮件。", "The first answer counts. Reply if you see it differently."),),
    ),
    TellKind(
        "told_late",
        "client",
        T("收到，晚了一点", "Received, a little late"),
        T("收到你的答复，晚了一点", "Your answer came a little late"),
        (T("这期间已经往下走了；{rec}会和你说明。", "Things have moved on meanwhile; {rec} explains."),),
    ),
    TellKind(
        "told_lapsed",
        "staff",
        T("到期没有答复", "No answer by the due time"),
        T("{owner}没有答复：{what}", "No answer from {owner}: {what}"),
        (
            T(
                "{cand}，{role}（{code}）。按约定的默认处理已经执行。",
                "{cand}, {role} ({code}). The agreed default has been taken.",
            ),
        ),
    ),
    TellKind(
        "climb",
        "staff",
        T("有件事过期了", "Something is overdue"),
        T("{owner}还没有完成：{what}", "{owner} has not done it yet: {what}"),
        (
            T(
                "{cand}，{role}（{code}），约定 {due}。请看看需要什么帮助。",
                "{cand}, {role} ({code}), agreed {due}. Please see what is in the way.",
            ),
        ),
    ),
    TellKind(
        "told",
        "staff",
        T("知会", "For your information"),
        T("{cand}：{what}", "{cand}: {what}"),
        (T("{role}（{code}）。", "{role} ({code})."),),
    ),
    TellKind(
        "waits_longer",
        "client",
        T("还要等一下", "It takes longer"),
        T("{role}：还要等一下", "{role}: it takes longer"),
        (T("{rec}会告诉你新的日期。", "{rec} tells you the new date."),),
    ),
    TellKind(
        "hired",
        "client",
        T("接受了", "Accepted"),
        T("{cand}接受了", "{cand} has accepted"),
        (T("{role}（{code}），到岗 {start}。", "{role} ({code}), starting {start}."),),
    ),
    TellKind(
        "closed_client",
        "client",
        T("到此为止", "It ends here"),
        T("{cand}：到此为止", "{cand}: it ends here"),
        (T("{role}（{code}）。{rec}会说明接下来怎么补。", "{role} ({code}). {rec} explains what comes instead."),),
    ),
    TellKind(
        "home",
        "staff",
        T("今天的首页", "Your page today"),
        T("{you}，今天的首页", "{you}, your page for today"),
        (T("我欠谁、谁欠我、要找的人，都在这一页。", "What you owe, who owes you, whom you look for: all on this page."),),
        urgent=False,
    ),
    TellKind(
        "digest",
        "staff",
        T("今天等你的", "Waiting for you today"),
        T("{you}，今天等你的事和面试", "{you}, what waits for you today"),
        (T("每天一封。点开首页就能一件件处理。", "One mail a day. Your page has each of them to deal with."),),
        lambda scene: scene.listed,
        topic=T("{sender}", "{sender}"),
    ),
    TellKind(
        "refused",
        "staff",
        T("没有发出", "Not sent"),
        T("{cand}：没有发出", "{cand}: not sent"),
        (T("原因：{reason}。", "Reason: {reason}."),),
    ),
)
