"""A folder of files as deliveries: postings raise requisitions, résumés apply, everything else is handed over as it is and set aside
by the door with a reason. Files = hires + requisitions + duplicates + parked; no file stops anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.demo.small import SOURCE
from services.intake.foreign import APPLICATION, REQUISITION, event_of_file
from services.intake.parsing.model import MAX_DOCUMENT_BYTES
from shared.contracts.envelope import Envelope, EnvelopeError

FOLDER = "urn:qiheng:folder"
MANIFEST = "manifest.json"
BIGGEST = 60_000_000
DEFAULT = "R-DEFAULT"
TEAM = {"recruiter": f"{SOURCE}#lu-jia", "lead": f"{SOURCE}#zhou-min", "client_manager": f"{SOURCE}#zhou-min", "finance": f"{SOURCE}#qian-yu"}


@dataclass
class Delivery:
    """One file and what it is handed over as; `data` is put to the documents first where the event names it by digest."""

    path: str
    event: dict[str, Any]
    data: bytes | None = None
    raises: str = ""
    applies_to: str = ""
    trouble: str = ""
    """Why it is no résumé or posting; the door will say it too."""
    raw: bytes | None = None
    """Such a file's content, to be handed over as it is, unless it is bigger than the door takes."""


@dataclass
class Batch:
    """What one folder holds: requisitions first, then everything else in the order of paths."""

    requisitions: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def files(self) -> int:
        """Every file of the folder but the manifest."""
        return len(self.deliveries)


def read_folder(folder: Path, *, requisition: str = "", at: str, limit: int = 0) -> Batch:
    """Judge every file below `folder`. `requisition` is for résumés that nothing else names one for; `limit` ends after so many résumés.

    A résumé applies to what the manifest names, else to the only posting in its folder, else to `requisition`, else to a default one.
    """
    named = _manifest(folder)
    paths = list(_paths(folder))
    postings = {path: event for path in paths if (event := _posting(folder, path, at)) is not None}
    batch = Batch(requisitions=[*_clients(postings.values(), at)])
    resumes, defaulted = 0, False
    for path in paths:
        if path in postings:
            batch.deliveries.append(Delivery(path, postings[path], raises=postings[path]["data"]["externalid"]))
            continue
        beside = [event["data"]["externalid"] for other, event in postings.items() if Path(other).parent == Path(path).parent]
        wanted = named.get(path) or (beside[0] if len(beside) == 1 else "") or requisition or DEFAULT
        delivery = _delivery(folder, path, wanted, at)
        resumes += not delivery.trouble
        if limit and resumes > limit:
            break
        defaulted |= wanted == DEFAULT
        batch.deliveries.append(delivery)
    known = {event["data"]["externalid"] for event in postings.values()}
    missing = {delivery.applies_to for delivery in batch.deliveries if delivery.applies_to} - known
    batch.requisitions += [default_requisition(name, at) for name in sorted(missing)]
    hooks = {job for delivery in batch.deliveries if (job := _hook_job(delivery.event))}
    batch.requisitions += [default_requisition(name, at, source=FOLDER) for name in sorted(hooks)]
    return batch


def _hook_job(event: Mapping[str, Any]) -> str:
    """The job that a web hook's application names: another system's requisition, which is raised for it."""
    application = (event["data"].get("payload") or {}).get("application") if event["data"].get("action") == "new_candidate_application" else None
    jobs = (application or {}).get("jobs") or [{}]
    return str(jobs[0].get("requisition_id") or jobs[0].get("id") or "")


def _paths(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and name != MANIFEST and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield name


def _manifest(folder: Path) -> Mapping[str, str]:
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {str(path): str(name) for path, name in files.items()} if isinstance(files, dict) else {}


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BIGGEST)


def _structured(envelope: Envelope, at: str) -> dict[str, Any]:
    event = {**envelope.attributes(), "time": at, "datacontenttype": "application/json", "data": json.loads(envelope.data)}
    return event


def _posting(folder: Path, path: str, at: str) -> dict[str, Any] | None:
    try:
        envelope = event_of_file(path, _read(folder / path), source=SOURCE, requisition="", externalid=Path(path).stem)
    except (EnvelopeError, OSError, ValueError):
        return None
    if envelope.type != REQUISITION:
        return None
    event = _structured(envelope, at)
    client = event["data"]["client"]
    event["data"]["team"] = {**TEAM, "hiring_manager": f"hm-{client}", "line_manager": f"hm-{client}", "client_contact": f"hm-{client}"}
    return event


def _clients(postings: Any, at: str) -> list[dict[str, Any]]:
    """Each organisation that a posting names becomes a client with one contact."""
    made: list[dict[str, Any]] = []
    for name in sorted({event["data"]["client"] for event in postings}):
        mail = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name.removeprefix("org:"))[:40].strip("-") or "client"
        person = {"name": f"Hiring Manager ({name.removeprefix('org:')})", "email": f"hiring@{mail}.example.com", "locale": "en", "zone": "Asia/Shanghai"}
        made.append(_event("client.registered", {"externalid": name, "name": name.removeprefix("org:"), "manager": "zhou-min", "data_agreement": True,
                                                  "response_group": [f"hm-{name}"]}, at))
        made.append(_event("contact.registered", {"externalid": f"hm-{name}", "client": name, "person": person, "calendar": "CN",
                                                   "roles": ["client_contact", "hiring_manager", "line_manager", "interviewer"]}, at))
    return made


def default_requisition(name: str, at: str, *, source: str = SOURCE) -> dict[str, Any]:
    """A requisition for résumés that come without one: no rules, so a person looks at each."""
    people = {role: f"{SOURCE}#{who}" for role, who in (("hiring_manager", "he-li"), ("line_manager", "he-li"), ("client_contact", "zhang-lan"))}
    return _event("requisition.raised", {
        "externalid": name, "client": f"{SOURCE}#haigang", "title": "Open application" if name == DEFAULT else name, "policy": "agency-cn",
        "openings": 50, "team": {**TEAM, **people}, "location": "Shanghai"}, at, source=source)


def _event(type_: str, data: Mapping[str, Any], at: str, *, source: str = SOURCE) -> dict[str, Any]:
    return {"specversion": "1.0", "id": f"{type_}/{data['externalid']}", "source": source, "type": f"baton.{type_}", "time": at,
            "dataschema": f"https://baton.example/schemas/baton.{type_}/1.json", "datacontenttype": "application/json", "data": dict(data)}


def _delivery(folder: Path, path: str, requisition: str, at: str) -> Delivery:
    data = b""
    try:
        data = _read(folder / path)
        envelope = event_of_file(path, data, source=FOLDER, requisition=f"{SOURCE}#{requisition}", externalid=path)
    except (EnvelopeError, OSError, ValueError) as problem:
        return Delivery(path, _odd(path, at), trouble=str(problem), raw=data if 0 < len(data) <= MAX_DOCUMENT_BYTES else None)
    event = _structured(envelope, at)
    needs = data if "document" in event["data"] else None
    applies = requisition if event["type"] == APPLICATION and "requisition" in event["data"] else ""
    return Delivery(path, event, data=needs, applies_to=applies)


def _odd(path: str, at: str) -> dict[str, Any]:
    """A file that cannot be handed over (empty, unreadable, too big): the door gets told of it all the same, and parks that."""
    return {"specversion": "1.0", "id": f"file/{path}", "source": FOLDER, "type": APPLICATION, "time": at,
            "dataschema": "https://jsonresume.org/schema", "datacontenttype": "application/json", "data": {"file": path}}


def expected_names(batch: Batch) -> Sequence[str]:
    """External ids of the requisitions that the folder raises."""
    return [delivery.raises for delivery in batch.deliveries if delivery.raises]
