"""What the parser reads out of résumés and postings, and what it does with files that cannot be read."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import docx
import pytest

from services.intake.parsing import ParserPool, facts_of_json_resume, judge, name_keys, parse_posting, parse_resume
from services.intake.parsing.dates import iso, spans, years_covered

CHINESE = """
个人简历
姓 名：秦望舒    性别：女    现居：上海市浦东新区
手机：139 0000 0101    邮箱：Wangshu.Qin@example.cn

教育背景
2010.09 - 2014.06 | 江南工业大学 | 自动化 | 本科
2014.09 - 2017.03 | 东海理工学院 | 控制工程 | 硕士

工作经历
2020.04 - 至今 | 远帆自动化有限公司 | 运动控制工程师
- 负责 EtherCAT 总线伺服系统
2017.04—2020.03 | 北辰数控科技 | 嵌入式软件工程师

专业技能
C++、EtherCAT、轨迹规划、FreeRTOS

语言能力
英语 CET-6
"""
ENGLISH = """Maren Holt
maren.holt@example.com | +49 1512 0000123 | Munich

EXPERIENCE
General Manager, Nordlicht Antriebe GmbH
Jan 2018 - Present
- P&L of 40 MEUR, joint venture in Wuxi

EDUCATION
MBA, Alpine University, 2009 - 2011

LANGUAGES
German (native), English (fluent), Mandarin (basic)
"""


def test_chinese_resume_when_plain_text_then_facts_with_places() -> None:
    facts = parse_resume(CHINESE, as_of=date(2026, 9, 3))
    assert facts.name and facts.name.value == "秦望舒" and facts.name.confidence > 0.9
    assert [e.value for e in facts.emails] == ["wangshu.qin@example.cn"]
    assert [p.value for p in facts.phones] == ["+8613900000101"]
    assert facts.degree and facts.degree.value == "master"
    assert [s.value for s in facts.schools] == ["江南工业大学", "东海理工学院"]
    assert facts.present_employer == "远帆自动化有限公司"
    assert [(e.start, e.end) for e in facts.employers] == [("2020-04", ""), ("2017-04", "2020-03")]
    assert facts.years == pytest.approx(9.5, abs=0.2)
    assert {"skill:cpp", "skill:ethercat", "skill:motion-control", "skill:rtos"} <= {s.id for s in facts.skills}
    assert [found.value for found in facts.languages] == ["en"]
    assert facts.text_language == "zh"
    assert facts.text.split("\n")[facts.degree.place.line - 1].endswith("硕士")
    assert facts.text[facts.emails[0].place.start : facts.emails[0].place.end] == "Wangshu.Qin@example.cn"


def test_english_resume_when_dates_below_the_title_then_employer_is_found() -> None:
    facts = parse_resume(ENGLISH, as_of=date(2026, 9, 3))
    assert facts.name and facts.name.value == "Maren Holt"
    assert facts.present_employer == "Nordlicht Antriebe GmbH"
    assert facts.employers[0].title == "General Manager"
    assert {found.value for found in facts.languages} == {"de", "en", "zh"}
    assert facts.degree and facts.degree.value == "master"
    assert facts.location and facts.location.value == "Munich"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2018-06-至今", ("2018-06", "")),
        ("2019年3月 至 2021年12月", ("2019-03", "2021-12")),
        ("2014-09-01-2018-06-30", ("2014-09", "2018-06")),
        ("Mar 2019 – Present", ("2019-03", "")),
        ("03/2019 - 11/2020", ("2019-03", "2020-11")),
        ("2017 - 2019", ("2017-01", "2019-01")),
    ],
)
def test_span_when_written_in_many_ways_then_same_months(line: str, expected: tuple[str, str]) -> None:
    span = spans(line)[0]
    assert (iso(span.start), iso(span.end)) == expected
    assert span.present == (expected[1] == "")


def test_years_when_jobs_overlap_then_months_count_once() -> None:
    assert years_covered([("2020-01", "2022-01"), ("2021-01", "2023-01")], None) == 3.0


def test_json_resume_when_old_field_names_then_same_facts() -> None:
    value = {
        "basics": {"name": "Ada Brook", "email": "ADA@example.com", "phone": "(912) 555-4321", "location": {"countryCode": "US"}},
        "work": [{"company": "Brook Ltd", "position": "Engineer", "startDate": "2020-01-01"}],
        "education": [{"institution": "Hill College", "studyType": "Bachelor"}],
        "skills": [{"name": "Web", "keywords": ["React", "Weaving"]}],
    }
    facts = facts_of_json_resume(value, as_of=date(2026, 1, 1))
    assert facts.name and facts.name.value == "Ada Brook"
    assert facts.emails[0].value == "ada@example.com" and facts.phones[0].value == "+19125554321"
    assert facts.present_employer == "Brook Ltd" and facts.years == 6.0
    assert {"skill:react", "skill:x-weaving"} <= {s.id for s in facts.skills}


@pytest.mark.parametrize("broken", [{"basics": 3}, {"basics": {"name": ["x"]}, "work": "none", "skills": [1, None]}, {"work": [[]], "skills": {}}])
def test_json_resume_when_types_are_wrong_then_no_error(broken: dict[str, object]) -> None:
    assert facts_of_json_resume(broken).name is None


@pytest.mark.parametrize(
    ("name", "data", "kind", "reason"),
    [
        ("a.json", b'{"basics": {"name": "A"}}', "json_resume", ""),
        ("a.json", b'{"@context": "https://schema.org", "@type": ["JobPosting"], "title": "x"}', "job_posting", ""),
        ("a.json", b'{"title": "x", "company": "y", "description": "z"}', "json_resume_job", ""),
        ("a.json", b'{"specversion": "1.0", "type": "t", "source": "s", "id": "1"}', "cloudevent", ""),
        ("a.json", b'{"action": "new_candidate_application", "payload": {}}', "greenhouse", ""),
        ("a.json", b'{"basics": {"name": ', "unsupported", "malformed_json"),
        ("a.json", b"[" * 100_000, "unsupported", "malformed_json"),
        ("a.json", b'{"x": NaN}', "unsupported", "malformed_json"),
        ("a.json", b'{"x": 1}', "unsupported", "unknown_json"),
        ("a.pdf", b"", "pdf", ""),
        ("strange", b"%PDF-1.4 ...", "pdf", ""),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unsupported", "word_97"),
        ("a.txt", "张三".encode("gb18030"), "txt", ""),
        ("a.md", b"# hello", "unsupported", "unknown_type"),
        ("a.png", b"\x89PNG....", "unsupported", "image"),
        ("a.zip", b"PK\x03\x04....", "unsupported", "archive"),
        ("a.pdf", b"x" * (10 * 1024 * 1024 + 1), "unsupported", "too_large"),
    ],
)
def test_judge_when_given_bytes_then_says_what_they_are(name: str, data: bytes, kind: str, reason: str) -> None:
    judged = judge(name, data)
    assert (judged.kind, judged.reason) == (kind, reason)
    assert (judged.sentence != "") == (kind == "unsupported")


def test_posting_when_schema_org_then_requisition_facts() -> None:
    value = {
        "@type": "JobPosting", "title": "嵌入式工程师", "hiringOrganization": {"name": "海岸机械"}, "totalJobOpenings": 3,
        "jobLocation": {"address": {"addressLocality": "上海", "addressCountry": "CN"}}, "employmentType": "FULL_TIME",
        "baseSalary": {"@type": "MonetaryAmount", "currency": "CNY", "value": {"minValue": 20000, "maxValue": 35000, "unitText": "MONTH"}},
        "skills": "C++, FreeRTOS, EtherCAT 优先", "experienceRequirements": "3 年以上经验", "educationRequirements": "本科",
    }  # fmt: skip
    facts = parse_posting(judge("p.json", json.dumps(value).encode()))
    assert (facts.title, facts.organisation, facts.openings, facts.country) == ("嵌入式工程师", "海岸机械", 3, "CN")
    assert facts.salary and (facts.salary.low, facts.salary.high, facts.salary.unit) == (2_000_000, 3_500_000, "MONTH")
    assert facts.must_skills == ("skill:cpp", "skill:rtos") and facts.nice_skills == ("skill:ethercat",)
    assert (facts.min_years, facts.min_degree) == (3.0, "bachelor")


def test_posting_when_currency_unknown_then_warning_not_error() -> None:
    facts = parse_posting(judge("p.json", b'{"@type":"JobPosting","title":"x","baseSalary":100,"salaryCurrency":"QQQ"}'))
    assert facts.salary is None and facts.warnings == ("unknown_currency",)


def test_name_keys_when_same_name_written_differently_then_one_key_shared() -> None:
    assert set(name_keys("林 悦")) & set(name_keys("林悦"))
    assert set(name_keys("Lin Yue")) & set(name_keys("林悦"))
    assert set(name_keys("Holt Maren")) & set(name_keys("Maren Holt"))
    assert not set(name_keys("林悦")) & set(name_keys("林跃华"))


def _table_resume() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "应聘：嵌入式工程师"
    table = document.add_table(rows=2, cols=4)
    for cell, text in zip(table.rows[0].cells, ["姓名", "贺知秋", "学历", "本科"], strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ["电话", "13900000102", "邮箱", "heqiu@example.cn"], strict=True):
        cell.text = text
    document.add_paragraph("工作经历")
    document.add_paragraph("2019.07-至今  海岸机械有限公司  嵌入式工程师")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (120 * 1024 * 1024))
    return out.getvalue()


async def test_pool_when_docx_is_made_of_tables_then_facts_are_read() -> None:
    async with ParserPool() as pool:
        facts = await pool.parse("简历.docx", _table_resume())
    assert facts.defect is None
    assert facts.name and facts.name.value == "贺知秋"
    assert facts.phones[0].value == "+8613900000102" and facts.degree and facts.degree.value == "bachelor"
    assert facts.present_employer == "海岸机械有限公司"


@pytest.mark.parametrize(
    ("name", "data", "defect"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-1.7 and then nothing", "damaged"),
        ("a.docx", b"PK\x03\x04 word/document.xml broken", "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted package", "encrypted"),
        ("a.txt", b"   \n ", "empty"),
        ("a.txt", bytes(range(256)) * 20, "damaged"),
        ("a.txt", "只有几个字".encode(), "empty"),
    ],
)
async def test_pool_when_content_unreadable_then_defect_not_error(name: str, data: bytes, defect: str) -> None:
    async with ParserPool() as pool:
        facts = await pool.parse(name, data)
    assert facts.defect == defect and facts.sentence


async def test_pool_when_docx_is_a_bomb_then_refused_and_next_file_is_read() -> None:
    async with ParserPool() as pool:
        assert (await pool.parse("bomb.docx", _bomb())).defect == "zip_bomb"
        assert (await pool.parse("next.docx", _table_resume())).defect is None


async def test_pool_when_child_is_too_slow_then_killed_and_replaced() -> None:
    async with ParserPool(wall_seconds=0.001) as pool:
        assert (await pool.parse("slow.docx", _table_resume())).defect == "too_slow"
    async with ParserPool() as pool:
        assert (await pool.parse("fine.docx", _table_resume())).defect is None


async def test_pool_when_asked_for_a_program_then_says_why_not() -> None:
    async with ParserPool() as pool:
        with pytest.raises(ValueError, match="program"):
            await pool.parse("a.exe", b"MZ....")
