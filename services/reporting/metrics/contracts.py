"""What each number means, from which facts: the contracts that are printed with it and compared with the catalogue by a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.contracts import application, hire, notification, obligation, offer, scheduling, screening
from shared.contracts.base import Message

Kind = Literal["cohort", "completion", "snapshot"]


@dataclass(frozen=True)
class Contract:
    """One metric: name, definition for people, kind, the facts that open and end its clock, unit, and a note on who is counted."""

    id: str
    name: str
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    kind: Kind
    start: tuple[type[Message], ...]
    end: tuple[type[Message], ...]
    unit: Literal["hours", "rate"]
    target: str = ""

    def described(self) -> dict[str, object]:
        """As JSON prints it: with facts by their wire names."""
        return {"id": self.id, "name": self.name, "title": {"zh": self.title_zh, "en": self.title_en},
                "definition": {"zh": self.definition_zh, "en": self.definition_en}, "kind": self.kind, "unit": self.unit, "target": self.target,
                "start_facts": [cls.TYPE for cls in self.start], "end_facts": [cls.TYPE for cls in self.end]}


_ENDS = (obligation.ObligationMet, obligation.ObligationLapsed, obligation.ObligationWaived, obligation.ObligationOverdue,
         obligation.ObligationTransferred, obligation.ObligationCancelled)
CONTRACTS: dict[str, Contract] = {c.id: c for c in (
    Contract("M7", "time_in_stage", "阶段停留时间", "Time in stage",
             "离开该阶段的每次停留从进入到离开的时间，按结果分列；未离开的另计年龄，中位数用 Kaplan-Meier 把未结束的也算入。",
             "Time from entering a stage to leaving it, one value a visit that ended, split by result; open visits stand apart as age, and the"
             " median is Kaplan-Meier's so that they count.", "completion", (hire.StageEntered,), (hire.StageLeft,), "hours"),
    Contract("M8", "stage_pass_rate", "阶段通过率", "Stage pass rate",
             "按进入该阶段的批次：进入下一步的 ÷（进入下一步 + 不通过 + 本人退出）；只算已离开的，其他原因结束的另列。",
             "By entry to the stage: went on ÷ (went on + rejected + withdrew); only visits that ended; ended for other reasons stands apart.",
             "cohort", (hire.StageEntered,), (hire.StageLeft,), "rate"),
    Contract("M11", "offer_acceptance_rate", "offer 接受率", "Offer acceptance rate",
             "已送达的 offer：接受 ÷（接受 + 谢绝 + 到期 + 本人退出）；一份申请算一次，公司撤回的另列，未到期的不算。",
             "Offers delivered: accepted ÷ (accepted + declined + lapsed + candidate withdrew); one an application, the firm's own endings stand"
             " apart, open ones do not count.", "cohort", (offer.OfferSent,), (offer.OfferAccepted, offer.OfferDeclined, offer.OfferLapsed,
                                                                            hire.HireClosed), "rate"),
    Contract("M12", "joining_rate", "到岗率", "Joining rate",
             "已接受且约定到岗日加三个工作日已过（或已有结果）的 offer 中，实际到岗的比例；改期的按新日期。",
             "Of accepted offers whose agreed start plus three working days has passed (or whose end is known): started. A moved start moves the"
             " date.", "cohort", (offer.OfferAccepted,), (hire.HireStarted, hire.HireNotStarted, hire.HireReneged), "rate", ">= 90 %"),
    Contract("M17", "sla_adherence", "守约率", "Duties kept",
             "到期的事项：按时完成 ÷（按时 + 迟交 + 超时未完 + 失效），按谁欠、欠什么分列；免除、转交、取消另列。",
             "Duties that fell due: met in time ÷ (met in time + met late + overdue open + lapsed), by who owes and what; waived, handed on and"
             " cancelled stand apart.", "completion", (obligation.ObligationOpened,), _ENDS, "rate"),
    Contract("M18", "feedback_turnaround", "面试反馈用时", "Feedback turnaround",
             "面试结束到评分提交的时间；未交的作为未完结计入中位数，不剔除。",
             "From the interview's end to the card; cards still missing enter the median as not yet ended, they are not dropped.",
             "completion", (scheduling.InterviewAttended,), (screening.FeedbackSubmitted,), "hours"),
    Contract("M19", "result_notice_24h", "24 小时内告知", "Told within 24 hours",
             "作出决定后 24 小时内候选人已收到消息（送达，不只是发出）或电话记录的比例；只算已满 24 小时或已告知的决定。",
             "Of decisions that are 24 elapsed hours old (or told): the candidate had word, delivered and not merely sent, or by a logged call,"
             " within 24 h.", "cohort", (hire.DecisionMade,), (notification.MessageDelivered, application.CandidateContacted), "rate", "24 h"),
)}
