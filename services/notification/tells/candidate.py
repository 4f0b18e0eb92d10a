"""What candidates and new hires are told."""

from services.notification.tells.base import TellKind, nothing, when
from services.notification.wording import T

KINDS = (
    TellKind(
        "receipt",
        "candidate",
        T("收到了", "received"),
        T("{you}，收到了", "{you}, we have it"),
        (
            T(
                "{role}：你的材料已经收到。{rec}会看，两个工作日内给你下一步的消息。",
                "{role}: your papers are with us. {rec} looks at them; you hear about the next step within two working days.",
            ),
        ),
    ),
    TellKind(
        "receipt_referred",
        "candidate",
        T("有人提到了你", "somebody named you"),
        T("{you}，有人向我们提到你", "{you}, somebody named you to us"),
        (
            T(
                "如果你不想被联系，点下面“不再应聘”，我们就停下。",
                "If you would rather not be contacted, press “Withdraw” below and we stop.",
            ),
        ),
    ),
    TellKind(
        "invitation",
        "candidate",
        T("时间定了", "the time is set"),
        T("{you}，时间定了", "{you}, the time is set"),
        (T("日历邀请附在这封邮件里。需要改期，直接回复。", "The calendar entry is attached. To move it, just reply."),),
        when,
        "REQUEST",
        urgent=True,
    ),
    TellKind(
        "moved",
        "candidate",
        T("时间有变", "the time has changed"),
        T("{you}，时间改了", "{you}, the time has changed"),
        (
            T(
                "新的时间在下面，日历会自己更新。给你添麻烦了。",
                "The new time is below; your calendar updates itself. We are sorry for the trouble.",
            ),
        ),
        when,
        "REQUEST",
        urgent=True,
    ),
    TellKind(
        "cancelled",
        "candidate",
        T("这次取消了", "this one is off"),
        T("{you}，这次面谈取消了", "{you}, this one is off"),
        (T("日历里的安排会自动移除。{rec}会告诉你下一步。", "The entry leaves your calendar. {rec} tells you what comes next."),),
        nothing,
        "CANCEL",
        urgent=True,
    ),
    TellKind(
        "interview_reminder",
        "candidate",
        T("明天见", "a reminder"),
        T("{you}，提醒一次，只此一次", "{you}, one reminder, and only one"),
        (T("准备好了就行，不用回复。", "Nothing to answer; just be ready."),),
        when,
        urgent=True,
    ),
    TellKind(
        "guide",
        "candidate",
        T("准备一下", "how to prepare"),
        T("{you}，面谈怎么进行", "{you}, how it will go"),
        (
            T(
                "大约多久、和谁谈、谈什么，都在下面。需要便利就直接回复。",
                "How long, with whom, about what. Reply if anything would help you take part.",
            ),
        ),
        when,
    ),
    TellKind(
        "interim",
        "candidate",
        T("还没有结果，先告诉你", "no result yet, a word in between"),
        T("{you}，还没有结果，先告诉你一声", "{you}, no result yet, a word in between"),
        (
            T(
                "大家还在商量。下一次消息：{next_word}，无论有没有结果。",
                "People are still talking. The next word comes {next_word}, whatever the state.",
            ),
        ),
    ),
    TellKind(
        "status",
        "candidate",
        T("进展", "where things stand"),
        T("{you}，现在到哪一步了", "{you}, where things stand"),
        (
            T(
                "还在进行，没有忘记你。下一次消息：{next_word}。",
                "Still under way; you are not forgotten. The next word comes {next_word}.",
            ),
        ),
    ),
    TellKind(
        "passed",
        "candidate",
        T("好消息", "good news"),
        T("{you}，这一轮通过了", "{you}, you passed this round"),
        (T("{rec}会打电话说说下一步。", "{rec} calls about the next step."),),
    ),
    TellKind(
        "result",
        "candidate",
        T("结果", "the result"),
        T("{you}，结果来了", "{you}, the result"),
        (T("{role}：{client}希望继续。{rec}会打电话给你。", "{role}: {client} would like to go on. {rec} calls you."),),
    ),
    TellKind(
        "rejection",
        "candidate",
        T("给你的答复", "our answer"),
        T("{you}，{role}这个职位，我们决定不再继续", "{you}, we have decided not to go on with {role}"),
        (
            T("{words}", "{words}"),
            T(
                "想聊聊可以直接回复，{rec}会给你打电话。你的材料只按法律期限保存，你也可以要求今天就删除。",
                "Reply if you would like to talk about it; {rec} will call. Your papers are kept for the legal term only, or deleted today if you ask.",
            ),
        ),
        bad_news=True,
    ),
    TellKind(
        "reserve",
        "candidate",
        T("给你的答复", "our answer"),
        T("{you}，你排在候补", "{you}, you are in reserve"),
        (
            T(
                "这次先录用了另一位；情况有变，你是第一个知道的。不用为此等待。",
                "Another person was chosen first; if that changes you are the first to know. Do not wait for it.",
            ),
        ),
        bad_news=True,
    ),
    TellKind(
        "filled",
        "candidate",
        T("给你的答复", "our answer"),
        T("{you}，这个职位已经有人了", "{you}, the role has been filled"),
        (
            T(
                "不是因为你不好。想聊聊可以直接回复，{rec}会给你打电话。",
                "It was not about you. Reply if you would like to talk; {rec} will call.",
            ),
        ),
        bad_news=True,
    ),
    TellKind(
        "withdrawn",
        "candidate",
        T("照你的意思办", "as you wished"),
        T("{you}，已经停下了", "{you}, it has stopped"),
        (T("与此有关的提醒都停了。谢谢你告诉我们。", "Every message about it has stopped. Thank you for telling us."),),
    ),
    TellKind(
        "submitted",
        "candidate",
        T("已经发出", "it went out"),
        T("{you}，推荐已发给{client}", "{you}, {client} has your report"),
        (T("只为{role}。对方答复后，{rec}告诉你。", "For {role} only. When they answer, {rec} tells you."),),
    ),
    TellKind(
        "not_submitted",
        "candidate",
        T("没有发出任何东西", "nothing was sent"),
        T("{you}，什么都没有发出", "{you}, nothing was sent"),
        (T("没有你的同意，你的名字不会离开我们这里。", "Without your yes your name does not leave our house."),),
    ),
    TellKind(
        "slots_released",
        "candidate",
        T("还可以选时间", "times can still be chosen"),
        T("{you}，时间先让出来了，机会还在", "{you}, the times went back; your place has not"),
        (T("{rec}会打电话和你另约。", "{rec} calls you to find another time."),),
    ),
    TellKind(
        "answer_noted",
        "candidate",
        T("已替你记下", "noted for you"),
        T("{you}，{rec}替你记下了答复", "{you}, {rec} noted your answer"),
        (T("不对的话，点下面打开就能改，或直接回复。", "If it is not right, open it below and change it, or just reply."),),
    ),
    TellKind(
        "late_welcome",
        "candidate",
        T("收到，谢谢", "received, thank you"),
        T("{you}，收到了，虽然晚了一点", "{you}, we have it, a little late"),
        (T("这期间发生了什么，{rec}会告诉你。", "{rec} tells you what has happened meanwhile."),),
    ),
    TellKind(
        "offer_lapsed",
        "candidate",
        T("那份文件到期了", "the letter has lapsed"),
        T("{you}，offer 到期了", "{you}, the offer has lapsed"),
        (
            T(
                "没有收到你的答复，它已按约定失效。想谈谈就回复，{rec}会打电话。",
                "There was no answer, so it lapsed as agreed. Reply if you would like to talk; {rec} calls.",
            ),
        ),
        bad_news=True,
    ),
    TellKind(
        "offer_accepted",
        "candidate",
        T("收到你的答复", "your answer is in"),
        T("{you}，欢迎", "{you}, welcome"),
        (
            T(
                "合同当天寄出。等盖章的书面录用和审核结果都到了，再提离职。",
                "The contract leaves today. Do not resign before the sealed letter and the cleared check.",
            ),
        ),
    ),
    TellKind(
        "offer_declined",
        "candidate",
        T("收到你的答复", "your answer is in"),
        T("{you}，谢谢你坦率的答复", "{you}, thank you for your frank answer"),
        (
            T(
                "以后有合适的，我们再联系你；不想被联系也只要说一声。",
                "We may write when something fits better; say so if you would rather not.",
            ),
        ),
    ),
    TellKind(
        "check_cleared",
        "hire",
        T("可以放心了", "all clear"),
        T("{you}，审核通过了", "{you}, the check has cleared"),
        (T("书面录用已盖章，现在可以提离职了。", "The letter is sealed: it is safe to resign now."),),
    ),
    TellKind(
        "start_guide",
        "hire",
        T("第一天", "your first day"),
        T("{you}，第一天怎么安排", "{you}, your first day"),
        (
            T(
                "{start}，{client}。到了找{rec}说的那位同事，带好身份证。",
                "{start}, {client}. Ask for the colleague {rec} named, and bring your identity card.",
            ),
        ),
    ),
    TellKind(
        "welcome",
        "hire",
        T("欢迎", "welcome"),
        T("{you}，第一天顺利", "{you}, have a good first day"),
        (T("有任何事，直接回复这封邮件。", "For anything at all, reply to this mail."),),
        urgent=True,
    ),
    TellKind(
        "pause_word",
        "candidate",
        T("先停一下", "a pause"),
        T("{you}，这个职位暂停了", "{you}, this role is paused"),
        (T("不是因为你。恢复或取消，我们都会告诉你。", "It is not about you. You hear when it goes on or ends."),),
    ),
)
