"""Keys by which an exact name is found again: normalised, and as pinyin for Chinese names."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache

# The phrase table costs 40 MB and a name is no phrase; single characters are enough for a stable key.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# Family names whose usual reading is not the character's first one.
_SURNAMES = {"曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "朴": "piao", "任": "ren", "盖": "ge"}


def cjk_share(text: str) -> float:
    """Share of Chinese characters among the letters of `text`, 0 to 1."""
    letters = sum(1 for char in text if char.isalpha())
    return len(_CJK.findall(text)) / letters if letters else 0.0


def has_cjk(text: str) -> bool:
    """Whether any Chinese character stands in `text`."""
    return _CJK.search(text) is not None


def normal_name(name: str) -> str:
    """A full name without the differences that do not matter: width, case, accents' form, spaces, dots."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    return re.sub(r"[\s.\u00b7\u2027·]+", " ", folded).strip() if not _CJK.search(folded) else re.sub(r"\s+", "", folded)


def name_keys(name: str) -> tuple[str, ...]:
    """The normalised name, and its pinyin (`linyue`) where it is Chinese; Latin names also as sorted words.

    Two spellings of one name share at least one key; keys are look-up values for a blind index, never shown.
    """
    normal = normal_name(name)
    if not normal:
        return ()
    if not _CJK.search(normal):
        words = re.findall(r"[^\W\d_]+", normal)
        return tuple(dict.fromkeys([normal, "".join(words), "".join(sorted(words))]))
    return (normal, pinyin(normal))


def pinyin(name: str) -> str:
    """Chinese characters as toneless pinyin without spaces; other characters stay."""
    first = _SURNAMES.get(name[:1]) or _syllable(name[:1])
    return (first + "".join(map(_syllable, name[1:]))).replace(" ", "")


@lru_cache(maxsize=8192)
def _syllable(char: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # loaded only where a Chinese name is met

    return "".join(lazy_pinyin(char)) if char else ""
