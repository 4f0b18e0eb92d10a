"""What a requirement may not say: clauses about a person that have nothing to do with the work, by jurisdiction (practice.md 2.6).

From general knowledge, as every shipped policy: have counsel confirm. Pure: text in, findings out.
"""
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """One finding: the rule, the words that were read, whether they are refused or only warned of, and how to say it lawfully."""

    code: str
    words: str
    refused: bool
    instead: str


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    pattern: re.Pattern[str]
    instead: str
    warned_in: frozenset[str] = frozenset()


def _rule(code: str, pattern: str, instead: str, *warned_in: str) -> _Rule:
    return _Rule(code, re.compile(pattern, re.IGNORECASE), instead, frozenset(warned_in))


_RULES = (
    _rule("sex", r"男性优先|女性优先|限男|限女|仅限?(?:男|女)性?|只招(?:男|女)|\b(?:male|female|men|women) (?:only|preferred)\b",
          "写清工作内容和强度 / describe the work and its strain"),
    _rule("family", r"已婚已育|未婚|已育|不孕|婚育|孕检|怀孕|\b(?:unmarried|childless|pregnan\w*)\b", "写清出差和值班的要求 / say how much travel and duty"),
    _rule("health", r"乙肝|乙型肝炎|HBV|hepatitis b", "只写岗位法定的体检 / only the check that the law asks for"),
    _rule("origin", r"(?:限|仅|只招|不招)[^，。；]{0,6}(?:户籍|户口|籍)|民族不限?以外|\b(?:native|nationality) only\b", "写清工作地点和所需许可 / say place and permit"),
    _rule("religion", r"宗教信仰|无宗教|\breligio\w+\b", "不写 / leave it out"),
    _rule("age", r"\d{2}\s*(?:周?岁)(?:以下|以内|以上)|年龄(?:不超过|在)?\s*\d{2}|\b(?:under|below|max(?:imum)?) (?:age )?\d{2}\b(?: years)?(?! percent)",
          "写年限和能力 / ask for experience and skill", "CN"),
)
"""Rules of every jurisdiction; `warned_in`: where a clause is a warning, elsewhere it is refused."""
_SPOKEN = (
    _rule("sex", r"(?:因为|嫌|毕竟)(?:她|他)?是?个?(?:女|男)|不(?:想)?(?:要|招|用)(?:女|男)(?:的|性|生)|\bbecause (?:she|he) is a (?:wo)?man\b|\bprefer a (?:wo)?man\b",
          "说工作本身 / speak of the work"),
    _rule("family", r"要生(?:孩子|小孩|二胎|三胎)|生二胎|备孕|刚结婚|产假|哺乳期|\bmaternity\b|\b(?:have|having|want) (?:children|kids|a baby)\b|\bjust married\b",
          "说出差和值班 / speak of travel and duty"),
    _rule("origin", r"外地(?:人|户口)|农村户口|\bforeigner\b", "说工作许可和地点 / speak of permit and place"),
    _rule("age", r"(?:年龄|年纪|岁数)(?:太|偏|过|有点|比较)?大|太老|\btoo (?:old|young)\b", "说年限和能力 / speak of experience and skill", "CN"),
)
"""How the same is said of a person, as the reason of a no."""


def reasons(text: str, jurisdiction: str) -> list[Clause]:
    """What the words of a refusal name that may not be a reason for one."""
    return clauses(text, jurisdiction, (*_RULES, *_SPOKEN))


def clauses(text: str, jurisdiction: str, rules: tuple[_Rule, ...] = _RULES) -> list[Clause]:
    """Everything in this text that the law of the jurisdiction refuses or warns of, in order of the rules."""
    country = jurisdiction.partition("-")[0].upper()
    found = []
    for rule in rules:
        hit = rule.pattern.search(text)
        if hit is not None:
            found.append(Clause(rule.code, hit[0], country not in rule.warned_in, rule.instead))
    return found
