"""The demo's folder of files: every file becomes exactly one delivery, and what the door cannot take is handed over all the same."""

import json
from pathlib import Path

from deploy.demo.files import BIGGEST, read_folder
from deploy.demo.result import lost_files, with_joined
from services.intake.parsing.model import MAX_DOCUMENT_BYTES

AT = "2026-09-03T01:00:00+00:00"
RESUME = {"basics": {"name": "Ada Example", "email": "ada@example.org"}, "work": [{"name": "Example", "position": "Engineer", "startDate": "2020-01"}]}
POSTING = {"@context": "https://schema.org", "@type": "JobPosting", "title": "Engineer", "description": "Builds.",
           "hiringOrganization": {"@type": "Organization", "name": "Example"}}


def folder(tmp_path: Path) -> Path:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "ada.json").write_text(json.dumps(RESUME))
    (tmp_path / "one" / "job.json").write_text(json.dumps(POSTING))
    (tmp_path / "odd.json").write_text(json.dumps({"hello": 1}))
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "huge.bin").write_bytes(b"\0" * (MAX_DOCUMENT_BYTES + 1))
    return tmp_path


def test_folder_when_read_then_each_file_is_one_delivery(tmp_path: Path):
    batch = read_folder(folder(tmp_path), at=AT)
    assert sorted(one.path for one in batch.deliveries) == ["empty.pdf", "huge.bin", "odd.json", "one/ada.json", "one/job.json"]
    by_path = {one.path: one for one in batch.deliveries}
    assert by_path["one/job.json"].raises and by_path["one/ada.json"].applies_to == by_path["one/job.json"].raises
    assert MAX_DOCUMENT_BYTES < BIGGEST


def test_folder_when_a_file_is_neither_then_its_own_bytes_reach_the_door_unless_it_takes_no_such_size(tmp_path: Path):
    by_path = {one.path: one for one in read_folder(folder(tmp_path), at=AT).deliveries}
    assert by_path["odd.json"].raw == b'{"hello": 1}' and by_path["odd.json"].trouble
    assert by_path["huge.bin"].raw is None and by_path["empty.pdf"].raw is None
    assert by_path["huge.bin"].event["data"] == {"file": "huge.bin"}


def test_sum_when_a_file_joined_a_hire_then_it_is_a_duplicate_and_a_missing_one_is_told():
    counts = with_joined({"accepted": 5, "hires": 2, "requisitions": 1, "duplicates": 0, "parked": 1}, 1)
    assert counts["accepted"] == 4 and counts["duplicates"] == 1
    assert lost_files(counts, 5) == []
    assert lost_files(counts, 6) == ["file_sum: 6 files, but 2 hires + 1 requisitions + 1 duplicates + 1 parked = 5"]
