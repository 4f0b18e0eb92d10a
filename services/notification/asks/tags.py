"""Tags and reasons in words: why somebody of our pool fits, and what is known of them. Codes that nobody worded are shown as they are."""

from services.notification.look.scene import Scene
from services.notification.wording import T

NOTES = {
    "leads": T("带过团队", "Has led people"),
    "hands_on": T("动手能力强", "Hands-on"),
    "languages": T("能用外语工作", "Works in another language"),
    "mobile": T("愿意换城市", "Would move"),
    "open_now": T("现在愿意看机会", "Open to a move now"),
    "not_soon": T("近期不动", "Not soon"),
}
"""What a recruiter may note of somebody in the pool."""
_WORDS = {
    "interview:strong": T("面试评价很高", "Strong in interviews"),
    "interview:good": T("面试评价好", "Good in interviews"),
    "interview:mixed": T("面试评价不一", "Mixed in interviews"),
    "interview:weak": T("面试评价偏低", "Weak in interviews"),
    "screening:passed": T("初筛通过", "Passed screening"),
    "screening:uncertain": T("初筛待定", "Screening was open"),
    "screening:failed": T("初筛没有通过", "Did not pass screening"),
    "experience:senior": T("八年以上", "Eight years and more"),
    "experience:mid": T("三到七年", "Three to seven years"),
    "experience:junior": T("三年以内", "Under three years"),
    "degree:1": T("高中", "School"),
    "degree:2": T("大专", "Associate"),
    "degree:3": T("本科", "Bachelor"),
    "degree:4": T("硕士", "Master"),
    "degree:5": T("博士", "Doctor"),
    **{f"note:{code}": word for code, word in NOTES.items()},
}


def words(scene: Scene, codes: str) -> str:
    """Codes with commas between them, in the reader's language."""
    return " · ".join(scene.fill(_WORDS[code]) if code in _WORDS else code for code in codes.split(",") if code)
