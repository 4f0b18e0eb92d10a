"""The demo's files: what people.yaml says is what the parser reads back, and the committed files are the generated ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from deploy.demo.cast import make
from services.intake.parsing import ParserPool, judge

CAST = Path(make.__file__).parent
RECORDS = json.loads((CAST / "manifest.json").read_text(encoding="utf-8"))["records"]
PEOPLE = {p["id"]: p for p in YAML(typ="safe").load((CAST / "people.yaml").read_text(encoding="utf-8"))}


def test_cast_when_generated_again_then_same_bytes(tmp_path: Path) -> None:
    make.main(tmp_path)
    made = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert len(made) == 36
    assert [str(p) for p in made if (tmp_path / p).read_bytes() != (CAST / p).read_bytes()] == []


def test_cast_when_counted_then_as_the_story_tells() -> None:
    expected = [r["expect"] for r in RECORDS]
    assert len(RECORDS) == 33
    assert expected.count("joins") == 2 and expected.count("parked") == 1 and expected.count("hire_with_defect") == 2
    hires = {r["requisition"]: 0 for r in RECORDS}
    for record in RECORDS:
        hires[record["requisition"]] += record["expect"].startswith("hire")
    assert hires == {"R-118": 12, "R-127": 8, "R-121": 6, "R-124": 4}


@pytest.mark.parametrize("record", [r for r in RECORDS if r["expect"] != "parked"], ids=lambda r: str(r["file"]))
async def test_file_when_parsed_then_says_what_the_list_says(record: dict[str, str]) -> None:
    person = PEOPLE[record["who"]]
    path = CAST / record["file"]
    judged = judge(path.name, path.read_bytes())
    async with ParserPool() as pool:
        facts = await pool.parse(path.name, path.read_bytes(), judged=judged)
    if record["expect"] == "hire_with_defect":
        assert facts.defect == record["defect"]
        return
    assert facts.name and facts.name.value == person["name"]
    assert facts.emails[0].value in {person["mail"], person.get("mail2")}
    assert facts.phones[0].value.endswith(str(person["phone"]).lstrip("+"))
    now = [employer for _, end, employer, *_ in person["work"] if not end]
    assert facts.present_employer == (now[0] if now else None)
    assert {s.value for s in facts.schools} == {school for _, _, school, *_ in person["school"]}
    assert facts.skills and facts.languages


def test_malformed_file_when_judged_then_reason_names_the_line() -> None:
    record = next(r for r in RECORDS if r["expect"] == "parked")
    judged = judge(record["file"], (CAST / record["file"]).read_bytes())
    assert judged.reason == "malformed_json" and "line 2" in judged.sentence
