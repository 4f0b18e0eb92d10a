"""The relay lane of one hire as SVG: from the story that `reads.hire` gives; names only if the caller has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import words
from .charts import Frame, Hold, relay_lane

NOW = {"zh": "现在", "en": "now"}


def lane_svg(story: Mapping[str, Any], *, lang: str, names: Mapping[str, str] | None = None, hatch: str = "relay") -> str:
    """The picture. `names` maps a party's id to a name; without it a lane is called by its role."""
    legs = story["legs"]
    lanes: list[str] = []
    for leg in legs:
        if (name := _lane(leg, lang, names)) not in lanes:
            lanes.append(name)
    first = legs[0]["since"]
    ended = story.get("closed_at")
    last = max(ended or story["now"], *(leg["until"] or story["now"] for leg in legs))
    holds = [Hold(leg["n"], lanes.index(_lane(leg, lang, names)), leg["since"], leg["until"], leg["due_at"], leg["state"]) for leg in legs]
    frame = Frame(lanes, first.astimezone(words.ZONE), last.astimezone(words.ZONE), None if ended else story["now"].astimezone(words.ZONE),
                  title(story, lang), NOW[lang if lang == "zh" else "en"], lambda at: words.day(at, lang))
    return relay_lane(holds, frame, hatch=hatch)


def _lane(leg: Mapping[str, Any], lang: str, names: Mapping[str, str] | None) -> str:
    return (names or {}).get(str(leg["party_id"])) or words.role(leg["role"], lang)


def title(story: Mapping[str, Any], lang: str) -> str:
    """The finding in words: how many legs, how many late, who has it now."""
    people = [leg for leg in story["legs"] if leg["state"] != "house"]
    late = sum(leg["state"] in ("late", "over", "lapsed") for leg in people)
    holder = words.role(story["baton"]["role"], lang)
    if lang == "zh":
        tail = f"现在在{holder}手里" if holder else f"结果：{words.word(words.OUTCOMES, story['outcome'], lang)}"
        return f"{len(people)} 棒，{late} 棒迟了；{tail}"
    tail = f"now with {holder}" if holder else f"ended: {words.word(words.OUTCOMES, story['outcome'], lang)}"
    return f"{len(people)} legs, {late} late; {tail}"
