"""The fixed words of the frame: the parts every page and mail shares, in both languages."""

from collections.abc import Mapping

_ZH = {
    "other_lang": "English", "other_code": "en", "relay": "接力：谁交来，现在在谁手里，下一棒是谁", "you": "你", "for": "代{name}", "to": "致{name}",
    "stop": "。", "sep": "：", "comma": "，", "met": "符合", "partly": "部分", "not_shown": "还没看到", "unknown": "还不清楚", "next": "之后会怎样", "send": "发送",
    "what_we_hold": "看看我们保存了你的哪些信息", "other_way": "换一种方式联系我", "withdraw": "不再应聘",
    "foot_candidate": "你收到这页，是因为你应聘了{client}的职位，由{sender}代为联系。这个链接只给你本人，请勿转发。",
    "foot_candidate_house": "你收到这页，是因为{sender}在为你办理应聘。这个链接只给你本人，请勿转发。",
    "foot_other": "这个链接只给你本人，处理完或换人后即失效。", "not_mine": "这不归我负责", "why_me": "为什么发给我？", "foot_nobody": "这一页不显示任何人的信息。",
    "mail_why": "你收到它，是因为你应聘了{client}的职位。", "mail_why_blind": "你收到它，是因为{sender_plain}在为你留意机会。", "reply_read": "直接回复这封邮件，会有人看。",
    "link_ends": "这个链接只给你本人，处理完或换人后即失效。", "confirm_there": "点开后再确认一次才算数。", "confirm_slot": "点开后再确认一次才算选定。",
    "please_by": "请在 {due}答复。", "reminder": "提醒一次：这件事还在等你（{due}）。", "open": "打开", "open_all": "打开", "slots_ready": "{n} 个时间可选，都不合适也没关系。",
    "bundle_heading": "{n} 件事等你：{act}", "bundle_lead": "都在一页上，可以只答一件，其余会留着。", "before_you": "前", "typed_here": "你填的内容还在下面。",
    "missing": "还差一处：{what}", "missing_n": "还差 {n} 处", "choose_one": "至少填一位再发送", "field_error": "还差一处",
    "not_open": "已经不需要了", "answered_by": "{who} 已答复（{when}）", "confidential": "", "search": "找人或编号", "find": "查找", "home": "首页", "my_page": "我的首页：我欠的、欠我的",
}
_EN = {
    "other_lang": "中文", "other_code": "zh", "relay": "Relay: who had it, who has it now, who is next", "you": "You", "for": "for {name}", "to": "to {name}",
    "stop": ". ", "sep": ": ", "comma": ", ", "met": "Shown", "partly": "Partly", "not_shown": "Not shown", "unknown": "Not known", "next": "What happens next", "send": "Send",
    "what_we_hold": "See what we hold about you", "other_way": "Contact me another way", "withdraw": "Withdraw",
    "foot_candidate": "You get this page because you applied to {client}; {sender} handles the contact. The link is for you only, please do not forward it.",
    "foot_candidate_house": "You get this page because {sender} handles your application. The link is for you only, please do not forward it.",
    "foot_other": "This link is for you only and ends when the question is answered or passed to someone else.", "not_mine": "This is not mine", "why_me": "Why did I get this?",
    "foot_nobody": "This page shows nothing about anyone.",
    "mail_why": "You get this because you applied to {client}.", "mail_why_blind": "You get this because {sender_plain} looks out for opportunities for you.", "reply_read": "Reply to this mail and a person reads it.",
    "link_ends": "This link is for you only and ends when the question is answered or passed to someone else.", "confirm_there": "The page asks you to confirm; nothing counts before that.",
    "confirm_slot": "The page asks you to confirm; nothing is fixed before that.",
    "please_by": "Please answer {due}.", "reminder": "One reminder: this is still waiting for you ({due}).", "open": "Open", "open_all": "Open them", "slots_ready": "{n} times to choose from; it is fine if none fits.",
    "bundle_heading": "{n} waiting for you: {act}", "bundle_lead": "All on one page; answer one now and keep the rest.", "before_you": "by", "typed_here": "What you wrote is still below.",
    "missing": "One thing is missing: {what}", "missing_n": "{n} things are missing", "choose_one": "Fill in at least one before you send", "field_error": "One thing is missing",
    "not_open": "no longer needed", "answered_by": "{who} answered ({when})", "confidential": "", "search": "Name or number", "find": "Search", "home": "Home", "my_page": "My page: what I owe, who owes me",
}


def ui(lang: str) -> Mapping[str, str]:
    """The frame's words in `lang`."""
    return _ZH if lang == "zh" else _EN
