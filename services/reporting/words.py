"""Words of the report and the lane, Chinese and English: roles and kinds as people say them. Names of persons are not known here."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

ROLES = {
    "house": ("我们", "the firm"), "candidate": ("候选人", "candidate"), "new_hire": ("新同事", "new hire"), "recruiter": ("招聘", "recruiter"),
    "lead": ("招聘负责人", "lead"), "client_manager": ("客户经理", "client manager"), "client_sponsor": ("客户负责人", "client sponsor"),
    "client_contact": ("客户", "client"), "hiring_manager": ("用人经理", "hiring manager"), "line_manager": ("直属经理", "line manager"),
    "interviewer": ("面试官", "interviewer"), "director": ("总监", "director"), "hr": ("HR", "HR"), "hr_head": ("HR 负责人", "HR head"),
    "finance": ("财务", "finance"), "legal_owner": ("法务", "legal"), "privacy_owner": ("隐私负责人", "privacy"), "consultant": ("顾问", "consultant"),
    "department_head": ("部门负责人", "department head"), "vendor": ("供应商", "vendor"), "operators": ("运维", "operators"), "delegate": ("代理人", "delegate")}
KINDS = {
    "review_application": ("看简历", "review the application"), "data_defect": ("修正材料", "repair the papers"), "choose_slot": ("选时间", "choose a time"),
    "confirm_panel": ("确认面试安排", "confirm the panel"), "attendance": ("谁到场", "who was there"), "session_attendance": ("群面谁到场", "who came to the group"),
    "session_verdict": ("群面决定", "verdict on the group"), "debrief": ("面试后联系", "talk after the interview"),
    "scorecard": ("评分", "scorecard"), "round_verdict": ("本轮决定", "round verdict"), "hire_decision": ("录用决定", "hiring decision"),
    "word_after_interview": ("24 小时内回话", "word within 24 h"), "rejection_words": ("写拒绝原因", "words of the rejection"),
    "interest": ("意向", "interest"), "represent_consent": ("推荐同意", "consent to submit"), "candidate_report": ("推荐报告", "report"),
    "client_verdict": ("客户反馈", "client verdict"), "standing": ("近况", "standing"), "draft_offer": ("起草 offer", "draft the offer"),
    "approve_offer": ("审批 offer", "approve the offer"), "client_offer": ("客户发 offer", "client's offer"), "verbal_close": ("口头谈定", "verbal close"),
    "offer_answer": ("答复 offer", "answer the offer"), "offer_revive": ("是否延长 offer", "revive the offer"), "check_consent": ("背调同意", "consent to the check"),
    "background_check": ("背景调查", "background check"), "documents": ("入职材料", "documents"), "resigned": ("提离职", "resignation"),
    "keep_warm": ("保持联系", "keep warm"), "eve_of_start": ("入职前一天", "eve of the start"), "started": ("到岗确认", "started?"),
    "placement_confirmation": ("确认到岗", "confirm the placement"), "call": ("打电话", "call"), "worry": ("有情况", "worry"),
    "silence_guard": ("别失联", "break the silence"), "pool_consent": ("人才库同意", "pool consent"), "machine_step": ("系统步骤", "machine step"),
    "client_call_30": ("30 天客户回访", "client call, day 30"), "guarantee_call": ("保证期回访", "guarantee call"),
    "probation_decision": ("转正决定", "probation decision"), "leaving_certificate": ("离职证明", "leaving certificate"),
    "client_question": ("客户的问题", "the client's question"), "introduction_claim": ("谁先推荐", "who introduced first"),
    "release_draft": ("放行草稿", "release the draft"), "complaint_answer": ("答复投诉", "answer the complaint"),
    "right_request": ("个人信息请求", "request about personal data"), "counter_offer_talk": ("谈挽留", "talk about the counter-offer"),
    "plan_confirmation": ("确认计划", "confirm the plan"), "pool_search": ("先查人才库", "search the pool first"),
    "first_shortlist": ("第一批名单", "first shortlist"), "human_review": ("人工复核", "human review"),
    "offer_withdrawal_review": ("能否撤回 offer", "may the offer be withdrawn"), "screen_out": ("筛选不通过", "screen out"),
    "adverse_answer": ("回应背调结果", "answer to the check's result"), "agreement": ("数据协议", "data agreement"),
    "requirement_confirmation": ("确认需求书", "confirm the requirement"), "wave_decision": ("这一批的决定", "decision on the wave"),
    "fee_claim": ("费用归属", "claim to the fee"), "account_review": ("客户复盘", "account review"),
    "presence": ("到没到", "are you there"), "presence_panel": ("到没到", "are they there"),
    "client_survey": ("客户满意度", "client survey"), "check_cleared_word": ("背调通过的话", "word that the check is clear"),
    "change_decision": ("变更是否生效", "decide on the change"), "late_acceptance": ("迟到的接受", "late acceptance"),
    "requirement_questions": ("补齐需求", "questions on the requirement"), "release_report": ("放行周报", "release the report"),
    "plan_review": ("复核计划", "review the plan"), "kickoff": ("项目启动", "kick-off"), "nda": ("保密协议", "NDA"),
    "interview_conflict": ("面试撞了日程", "interview conflicts"),
    "interview_touched": ("面试时间要核对", "interview's time to be checked"), "refusal_review": ("复核回绝", "review the refusal"),
    "unlawful_reason": ("理由不合法", "unlawful reason"), "payment": ("付款", "payment"),
    "replacement_shortlist": ("补人名单", "shortlist of replacements"),
    "replacement_decision": ("是否补人", "decide on a replacement"), "calendar_unread": ("日历读不到", "calendar can’t be read"), "no_show_ruling": ("没来怎么办", "ruling on a no-show"),
    "pause_word": ("暂停的话", "word about the pause"), "opening_due": ("名额到期", "opening is due"),
    "ownership_ruling": ("裁定归属", "ruling on ownership"), "pool_followup": ("人才库跟进", "follow up in the pool"),
    "release_others": ("放开其他人", "let the others go"), "invoice_details": ("开票信息", "invoice details")}
STAGES = {
    "screening": ("筛选", "screening"), "submission": ("推荐", "submission"), "interviewing": ("面试", "interviewing"), "deciding": ("决定", "deciding"),
    "offering": ("offer", "offering"), "joining": ("入职准备", "joining"), "settling": ("落地", "settling"), "closed": ("收尾", "closing"),
    "paused": ("暂停", "paused")}
OUTCOMES = {
    "settled": ("满 90 天", "settled, day 90"), "left": ("已离开", "left"), "rejected": ("未通过", "rejected"), "withdrawn": ("本人退出", "withdrew"),
    "refused": ("客户未接受", "refused by the client"), "declined": ("谢绝 offer", "declined the offer"), "lapsed": ("offer 到期", "offer lapsed"),
    "reneged": ("接受后反悔", "reneged"), "not_started": ("未到岗", "did not start"), "closed_by_client": ("客户关闭", "closed by the client"),
    "filled": ("已有人选", "filled"), "reserve": ("候补", "reserve")}
STATES = {
    "met": ("按时", "Met"), "late": ("迟交", "Met late"), "over": ("超时", "Overdue"), "open": ("等对方", "Open"), "them": ("等对方", "Open"), "ours": ("该我们", "Ours"),
    "waived": ("免除", "Released"), "lapsed": ("已失效", "Lapsed"), "house": ("我们", "the firm")}
RUNGS = {"remind": ("提醒", "remind"), "climb": ("上报", "climb"), "call": ("打电话", "call"), "lapse": ("失效", "lapse"), "hold": ("停住", "hold"),
         "transfer": ("转交", "hand on"), "release_slots": ("让出时间", "release the times"),
         "tell": ("告知", "tell")}
OURS = frozenset({"house", "recruiter", "lead", "client_manager", "director", "consultant", "finance", "legal_owner", "privacy_owner", "operators", "delegate"})
"""Roles of the firm itself: what they owe is ours to do."""
METRIC_KINDS = {"cohort": ("按开始的批次", "cohort"), "completion": ("按完成", "completion"), "snapshot": ("此刻", "snapshot")}
SIDES = {"firm": ("我们", "Our side"), "client": ("客户", "The client's side"), "candidate": ("候选人", "Candidates")}
CHANNELS = {"mail": ("邮件", "mail"), "sms": ("短信", "SMS"), "dingtalk": ("钉钉", "DingTalk"), "wecom": ("企业微信", "WeCom"), "feishu": ("飞书", "Feishu"),
            "slack": ("Slack", "Slack"), "hand": ("人工转发", "by hand"), "webhook": ("接口", "web hook")}
ARRIVED = {"sent": ("已发出", "sent"), "delivered": ("已送达", "delivered"), "bounced": ("退回", "came back"), "failed": ("送不到", "not delivered"),
           "suppressed": ("没有发", "held back")}
_TABLES = (ROLES, KINDS, STAGES, OUTCOMES, STATES, SIDES)
_WEEKDAYS = ("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ZONE = ZoneInfo("Asia/Shanghai")


def word(table: dict[str, tuple[str, str]], code: str | None, lang: str) -> str:
    """A code in the reader's language; one that no table knows is shown with spaces."""
    if not code:
        return ""
    if code.startswith("checkin_"):
        day = code.removeprefix("checkin_")
        return f"第 {day} 天回访" if lang == "zh" else f"day-{day} check-in"
    pair = table.get(code)
    return pair[0 if lang == "zh" else 1] if pair else code.replace("_", " ")


def role(code: str | None, lang: str) -> str:
    """A role."""
    return word(ROLES, code, lang)


def kind(code: str | None, lang: str) -> str:
    """What is owed."""
    return word(KINDS, code, lang)


def moment(at: datetime | None, lang: str) -> str:
    """An instant in the firm's zone, as look.md writes dates."""
    if at is None:
        return ""
    here = at.astimezone(ZONE)
    if lang == "zh":
        return f"{here.month}月{here.day}日（周{_WEEKDAYS[0][here.weekday()]}）{here:%H:%M}"
    return f"{_WEEKDAYS[1][here.weekday()]} {here.day} {_MONTHS[here.month]}, {here:%H:%M}"


def day(at: datetime, lang: str) -> str:
    """A date as axis label."""
    here = at.astimezone(ZONE)
    return f"{here.month}/{here.day}" if lang == "zh" else f"{here.day} {_MONTHS[here.month]}"


def span(seconds: float, lang: str) -> str:
    """How long: hours below two days, else days."""
    hours = seconds / 3600
    if hours < 1:
        return f"{round(seconds / 60)} {'分钟' if lang == 'zh' else 'min'}"
    if hours < 48:
        return f"{hours:.0f} {'小时' if lang == 'zh' else 'h'}"
    return f"{hours / 24:.1f} {'天' if lang == 'zh' else 'days'}"
