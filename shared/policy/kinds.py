"""The closed list of obligation kinds a policy may speak of (practice.md, section 3)."""
import re

KINDS: frozenset[str] = frozenset("""
call requirement_questions requirement_confirmation plan_confirmation first_shortlist client_question complaint_answer
agreement review_application screen_out human_review interest represent_consent nda candidate_report client_verdict
introduction_claim ownership_ruling unlawful_reason refusal_review choose_slot confirm_panel attendance debrief scorecard round_verdict
hire_decision word_after_interview silence_guard rejection_words standing verbal_close client_offer draft_offer
approve_offer offer_answer offer_revive late_acceptance offer_withdrawal_review release_others check_consent
adverse_answer check_cleared_word resigned counter_offer_talk documents background_check leaving_certificate keep_warm
eve_of_start started placement_confirmation invoice_details payment worry probation_decision guarantee_call
replacement_decision replacement_shortlist fee_claim client_call_30 pool_consent pool_followup release_report
release_draft wave_decision pause_word data_defect machine_step right_request
pool_search opening_due change_decision plan_review account_review client_survey
""".split())
FAMILIES: tuple[str, ...] = ("checkin_<day>", "prepare_<what>")
_FAMILY = re.compile(r"checkin_\d{1,3}|prepare_[a-z][a-z0-9_]*")


def is_kind(name: str) -> bool:
    """Whether a policy may define this kind: one of KINDS, `checkin_<day>` or `prepare_<what>`."""
    return name in KINDS or _FAMILY.fullmatch(name) is not None
