"""Mail addresses and telephone numbers in a text."""

from __future__ import annotations

import re

import phonenumbers

from services.intake.parsing.model import Found, Place
from services.intake.parsing.text import Text

_MAIL = re.compile(r"(?<![\w.+*-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
_PHONE_LABEL = re.compile(r"(手\s*机|电\s*话|联系方式|联系电话|微信|phone|mobile|tel\b|cell|telefon|handy)", re.IGNORECASE)
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_CN_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")


def find_emails(text: Text) -> tuple[Found, ...]:
    """All addresses, lower-cased, once each, in order."""
    found: dict[str, Found] = {}
    for match in _MAIL.finditer(text.body):
        value = match[0].lower().rstrip(".")
        found.setdefault(value, Found(value=value, confidence=0.98, place=text.place(*match.span())))
    return tuple(found.values())


def find_phones(text: Text, region: str | None) -> tuple[Found, ...]:
    """All numbers in E.164; `region` (ISO 3166) reads numbers without a country code."""
    found: dict[str, Found] = {}
    for match in phonenumbers.PhoneNumberMatcher(text.body, region, leniency=phonenumbers.Leniency.VALID):
        _keep(found, match.number, text.place(match.start, match.end), 0.95)
    for mobile in _CN_MOBILE.finditer(text.body):
        _keep(found, phonenumbers.parse(mobile[0], "CN"), text.place(*mobile.span()), 0.9)
    for number, line in enumerate(text.lines):
        if not _PHONE_LABEL.search(line) and "+" not in line:
            continue
        for match in phonenumbers.PhoneNumberMatcher(line, region, leniency=phonenumbers.Leniency.POSSIBLE):
            if "@" not in match.raw_string and len(re.sub(r"\D", "", match.raw_string)) >= 7:
                _keep(found, match.number, text.place_in(number, (match.start, match.end)), 0.6)
    return tuple(found.values())


def _keep(found: dict[str, Found], number: phonenumbers.PhoneNumber, place: Place, confidence: float) -> None:
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    found.setdefault(value, Found(value=value, confidence=confidence, place=place))


def normal_phone(raw: str, region: str | None) -> tuple[str, float] | None:
    """One number in E.164 with a confidence, or None where it cannot be a number."""
    if _E164.fullmatch(raw):
        return raw, 0.9  # as it should be already: the full rules of all countries cost more than the rest of an application
    for guess in dict.fromkeys((region, "CN" if _CN_MOBILE.search(raw) else None, "US")):
        try:
            number = phonenumbers.parse(raw, guess)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            sure = 0.98 if phonenumbers.is_valid_number(number) else 0.6
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), sure
    return None


def normal_email(raw: str) -> str | None:
    """One address in lower case, or None where it is none."""
    match = _MAIL.fullmatch(raw.strip())
    return match[0].lower() if match else None
