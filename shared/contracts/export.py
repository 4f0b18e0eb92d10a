"""Everything about the contracts that others read without our code: JSON Schemas and one complete example per type and version.

They are generated from the classes, committed, and compared in tests: `python -m shared.contracts.export` writes them again.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from .base import Message, derive_id
from .catalog import REGISTRY
from .envelope import SCHEMA_BASE
from .inbound import Inbound
from .samples import WHEN, sample_body
from .topics import topic_of

HERE = Path(__file__).parent
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def classes() -> list[type[Message]]:
    """Every message class, by type and version."""
    return [REGISTRY[name] for name in sorted(REGISTRY)]


def schema_path(cls: type[Message]) -> str:
    """Path of the schema under shared/contracts and under `SCHEMA_BASE`'s host."""
    return f"schemas/{cls.TYPE}/{cls.VERSION}.json"


def schema_of(cls: type[Message]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a body, with the `$id` that `dataschema` names."""
    made = cls.model_json_schema()
    return {"$schema": DRAFT, "$id": f"{SCHEMA_BASE}/{cls.TYPE}/{cls.VERSION}.json", **made}


def example_of(cls: type[Message]) -> dict[str, Any]:
    """A complete structured CloudEvent of this class, the same in every run."""
    body = sample_body(cls)
    inbound = issubclass(cls, Inbound)
    source = "https://ats.partner.example" if inbound else f"baton/{topic_of(cls).owner.split(',')[0]}"
    event_id = f"evt-{cls.TYPE.removeprefix('baton.')}-{cls.VERSION}" if inbound else str(derive_id("sample", "event", cls.TYPE, cls.VERSION))
    event = {
        "specversion": "1.0", "id": event_id, "source": source, "type": cls.TYPE,
        "dataschema": f"{SCHEMA_BASE}/{cls.TYPE}/{cls.VERSION}.json", "subject": body.subject(), "time": WHEN,
        "datacontenttype": "application/json",
    }
    if not inbound:
        event |= {"recordedtime": datetime.fromisoformat(WHEN).isoformat(), "sequence": "1", "correlationid": "evt-application.submitted-2",
                  "causationid": "evt-application.submitted-2", "externalref": "ats/A-1001"}
    return event | {"data": body.model_dump(mode="json")}


def artefacts() -> dict[str, str]:
    """Path under shared/contracts -> exact text, of everything that is generated and committed."""
    out: dict[str, str] = {}
    for cls in classes():
        out[schema_path(cls)] = _text(schema_of(cls))
        out[f"examples/{cls.TYPE}.{cls.VERSION}.json"] = _text(example_of(cls))
    return out


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def stale(folder: Path = HERE) -> list[str]:
    """Paths whose committed text differs from the generated one, is missing, or should not be there."""
    wanted = artefacts()
    there = {str(path.relative_to(folder)) for part in ("schemas", "examples") for path in (folder / part).rglob("*.json")}
    differing = {path for path, text in wanted.items() if path in there and (folder / path).read_text() != text}
    return sorted(differing | (set(wanted) ^ there))


def write(folder: Path = HERE) -> list[str]:
    """Write what differs and remove what no class stands for; returns the touched paths."""
    touched, wanted = stale(folder), artefacts()
    for path in touched:
        target = folder / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path])
        else:
            target.unlink()
    return touched


if __name__ == "__main__":
    print(f"{len(write())} files written")
