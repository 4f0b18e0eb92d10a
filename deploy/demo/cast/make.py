"""Writes the demo's résumé files, events and manifest.json from people.yaml and world.yaml: `python -m deploy.demo.cast.make`.

The files are committed; a test runs this into another folder and compares, so that list and files stay one thing.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import docx
from ruamel.yaml import YAML

from deploy.demo.cast.pdf import scan_pdf, text_pdf

HERE = Path(__file__).parent
FIRST_AT = datetime.fromisoformat("2026-09-03T09:00:00+08:00")
SOURCES = {
    "web_hook": "https://jobs.example.com/hooks/apply",
    "mail": "mailto:cv@qiheng.example.cn",
    "referral": "urn:qiheng:referral",
    "wechat": "urn:qiheng:wechat",
    "campus": "urn:qiheng:campus-fair",
}
ORIGINS = {"web_hook": "applied", "mail": "applied", "referral": "referred", "wechat": "sourced", "campus": "campus"}
EXTENSIONS = {"pdf": "pdf", "scan": "pdf", "encrypted": "pdf", "docx": "docx", "txt": "txt", "json": "json"}
DEFECTS = {"scan": "scan", "encrypted": "encrypted"}
MALFORMED = b'{"basics": {"name": "\xe4\xbd\x95\xe5\xbf\x97\xe8\xbf\x9c", "email": "zhiyuan.he@example.cn",\n  "work": [{"name": '


def main(target: Path = HERE) -> None:
    """Write files/ and manifest.json below `target`."""
    people = YAML(typ="safe").load((HERE / "people.yaml").read_text(encoding="utf-8"))
    sent = [(person, *way) for person in people for way in person["send"]]
    records = []
    for n, (person, channel, form) in enumerate(_spread(sent), start=1):
        path = f"files/{person['req']}/{person['id']}.{EXTENSIONS[form]}"
        _save(target / path, _bytes(person, form))
        records.append(_record(n, person, channel, form, path))
    path = "files/R-118/unfinished-upload.json"
    _save(target / path, MALFORMED)
    records.append({
        "n": len(records) + 1, "file": path, "requisition": "R-118", "channel": "web_hook", "source": SOURCES["web_hook"],
        "externalid": "he-zhiyuan", "origin": "applied", "at": _at(len(records) + 1), "who": "he-zhiyuan", "part": "malformed", "expect": "parked",
    })  # fmt: skip
    world = YAML(typ="safe").load((HERE / "world.yaml").read_text(encoding="utf-8"))
    for part, at in (("reference", "2026-09-02T08:00:00+08:00"), ("requisitions", "2026-09-02T14:00:00+08:00")):
        events = [_event(world["source"], body, at) for body in world[part]]
        _save(target / f"{part}.json", (json.dumps(events, ensure_ascii=False, indent=1) + "\n").encode())
    manifest = {"files": {r["file"]: r["requisition"] for r in records}, "records": records, "web_hook_repeats": True}
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    _save(target / "manifest.json", (text + "\n").encode())


def _event(source: str, body: dict[str, Any], at: str) -> dict[str, Any]:
    data = {key: value for key, value in body.items() if key != "type"}
    name = f"baton.{body['type']}"
    return {
        "specversion": "1.0", "id": f"{body['type']}/{body['externalid']}", "source": source, "type": name, "time": at,
        "dataschema": f"https://baton.example/schemas/{name}/1.json", "datacontenttype": "application/json", "data": data,
    }  # fmt: skip


def _spread(sent: list[Any]) -> list[Any]:
    """Channels interleaved, as a morning brings them; a second or third sending of one person comes after the first."""
    late = [s for n, s in enumerate(sent) if any(s[0] is earlier[0] for earlier in sent[:n])]
    first = [s for s in sent if not any(s is other for other in late)]
    return sorted(first, key=lambda s: (not s[0].get("before_requisition", False), hash_of(s[0]["id"]))) + late


def hash_of(name: str) -> int:
    """A number from a name that is the same in every run (Python's own hash is not)."""
    return sum((n + 7) * ord(char) for n, char in enumerate(name)) % 997


def _at(n: int) -> str:
    return (FIRST_AT + timedelta(minutes=6 * (n - 1))).isoformat()


def _record(n: int, person: dict[str, Any], channel: str, form: str, path: str) -> dict[str, Any]:
    first = person["send"][0] == [channel, form]
    expect = "joins" if not first else ("hire_with_defect" if form in DEFECTS else "hire")
    return {
        "n": n, "file": path, "requisition": person["req"], "channel": channel, "source": SOURCES[channel],
        "externalid": person["id"] if first else f"{person['id']}-{channel}", "origin": ORIGINS[channel], "at": _at(n),
        "who": person["id"], "part": person["part"], "expect": expect,
        **({"before_requisition": True} if person.get("before_requisition") else {}),
        **({"defect": DEFECTS[form]} if form in DEFECTS else {}),
        **({"channels": person["channels"]} if "channels" in person else {}),
    }  # fmt: skip


def _bytes(person: dict[str, Any], form: str) -> bytes:
    if form == "json":
        return (json.dumps(_json_resume(person), ensure_ascii=False, indent=1) + "\n").encode()
    if form == "docx":
        return _docx(person)
    if form == "scan":
        return scan_pdf()
    lines = _english(person) if person.get("lang") == "en" else _chinese(person)
    if form == "txt":
        encoding = "utf-8" if person.get("lang") == "en" else "gb18030"
        return ("\n".join(line.lstrip("# ") for line in lines) + "\n").encode(encoding)
    return text_pdf(lines, password="Qiheng-2026" if form == "encrypted" else "")  # noqa: S106  # a demo file, locked on purpose


def _chinese(person: dict[str, Any]) -> list[str]:
    lines = [f"# {person['name']}", f"{person['title']} | 现居：{person['city']}", f"手机：{person['phone']}  邮箱：{person['mail']}", "", person["summary"], ""]
    if person["work"]:
        lines.append("# 工作经历")
        for start, end, employer, title, did in person["work"]:
            lines += [f"{start.replace('-', '.')} - {end.replace('-', '.') or '至今'} | {employer} | {title}", f"- {did}"]
    lines += ["", "# 教育背景"]
    lines += [f"{s.replace('-', '.')} - {e.replace('-', '.')} | {school} | {subject} | {degree}" for s, e, school, subject, degree in person["school"]]
    return [*lines, "", "# 专业技能", "、".join(person["skills"]), "", "# 语言能力", *person["languages"]]


def _english(person: dict[str, Any]) -> list[str]:
    lines = [f"# {person['name']}", person["title"], f"{person['mail']} | {person['phone']} | {person['city']}", "", "# Summary", person["summary"], ""]
    lines.append("# Experience")
    for start, end, employer, title, did in person["work"]:
        lines += [f"{title}, {employer}", f"{_month(start)} - {_month(end) if end else 'Present'}", f"- {did}"]
    lines += ["", "# Education"]
    lines += [f"{degree}, {subject}, {school}, {s[:4]} - {e[:4]}" for s, e, school, subject, degree in person["school"]]
    return [*lines, "", "# Skills", ", ".join(person["skills"]), "", "# Languages", ", ".join(person["languages"])]


def _month(iso: str) -> str:
    return datetime.fromisoformat(iso + "-01").strftime("%b %Y")


def _docx(person: dict[str, Any]) -> bytes:
    english = person.get("lang") == "en"
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = FIRST_AT.replace(tzinfo=None)
    document.core_properties.author = ""
    if english:
        for line in _english(person):
            document.add_paragraph(line.lstrip("# "))
        return _stable(document)
    document.add_heading("个人简历", level=1)
    address = person["mail2"] if "mail2" in person else person["mail"]
    _table(document, [["姓名", person["name"], "应聘职位", person["title"]], ["电话", person["phone"], "邮箱", address], ["现居", person["city"], "语言", "，".join(person["languages"])]])
    document.add_heading("工作经历", level=2)
    if person["work"]:
        _table(document, [[f"{s.replace('-', '.')}-{e.replace('-', '.') or '至今'}", employer, title] for s, e, employer, title, _ in person["work"]])
        for entry in person["work"]:
            document.add_paragraph("- " + entry[4])
    document.add_heading("教育背景", level=2)
    _table(document, [[f"{s.replace('-', '.')}-{e.replace('-', '.')}", school, subject, degree] for s, e, school, subject, degree in person["school"]])
    document.add_heading("专业技能", level=2)
    document.add_paragraph("、".join(person["skills"]))
    return _stable(document)


def _table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _stable(document: Any) -> bytes:
    """The file with fixed times inside, so that the same list gives the same bytes."""
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, (2026, 9, 1, 0, 0, 0)), old.read(entry), compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _json_resume(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
        "basics": {
            "name": person["name"], "label": person["title"], "email": person["mail"], "phone": person["phone"], "summary": person["summary"],
            "location": {"city": person["city"], **({} if person.get("lang") == "en" else {"countryCode": "CN"})},
        },
        "work": [{"name": e, "position": t, "startDate": s, **({"endDate": u} if u else {}), "highlights": [d]} for s, u, e, t, d in person["work"]],
        "education": [{"institution": i, "area": a, "studyType": d, "startDate": s, "endDate": e} for s, e, i, a, d in person["school"]],
        "skills": [{"name": skill} for skill in person["skills"]],
        "languages": [{"language": spoken.split(" ")[0], "fluency": spoken.partition(" ")[2]} for spoken in person["languages"]],
    }  # fmt: skip


def _save(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
