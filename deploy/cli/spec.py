"""`baton spec`: what a foreign program needs to know, from the code that runs: AsyncAPI, JSON Schemas, topics, the policy's schema."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.console import JsonOption, emit, fail, say, table

app = typer.Typer(no_args_is_help=True, help="AsyncAPI, schemas, topics, policy schema.")
OutOption = Annotated[Path | None, typer.Option("--out", help="Write into this file (schemas: folder) instead of printing.")]


@app.command()
def asyncapi(out: OutOption = None, as_json: JsonOption = False) -> None:
    """The AsyncAPI 3 document of every topic and message.

    Example: baton spec asyncapi --out baton.asyncapi.json
    """
    from shared.contracts.asyncapi import document

    _give(document(), out)


@app.command()
def schemas(
    name: Annotated[str, typer.Argument(help="One type, e.g. baton.application.submitted; default: the list.")] = "",
    version: Annotated[int, typer.Option("--version", "-v", help="Version; default: the newest.")] = 0,
    example: Annotated[bool, typer.Option("--example", help="The complete example event instead of the schema.")] = False,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the types, or print one JSON Schema or example; with --out write all of them into a folder.

    Example: baton spec schemas baton.application.submitted --example
    """
    from shared.contracts import export
    from shared.contracts.catalog import LATEST, REGISTRY

    if not name and out is not None:
        say(f"{len(export.write(out))} files written into {out}")
        return
    if not name:
        _list(as_json)
        return
    full = name if name.startswith("baton.") else f"baton.{name}"
    cls = REGISTRY.get((full, version)) if version else LATEST.get(full)
    if cls is None:
        fail(f"Type {full} version {version or 'newest'} is not in the catalogue.", "`baton spec schemas` lists what is.")
    _give(export.example_of(cls) if example else export.schema_of(cls), out)


def _list(as_json: bool) -> None:
    from shared.contracts.export import classes
    from shared.contracts.topics import topic_of

    rows = [{"type": cls.TYPE, "version": cls.VERSION, "topic": topic_of(cls).name, "summary": (cls.__doc__ or "").strip().split("\n")[0]}
            for cls in classes()]
    emit(rows) if as_json else table(("type", "v", "topic", "what"), [tuple(row.values()) for row in rows])


@app.command()
def topics(as_json: JsonOption = False) -> None:
    """Every topic with its owner, key, partitions, retention and types.

    Example: baton spec topics --json
    """
    from shared.contracts.topics import DAY_MS, TOPICS

    rows = [{"topic": t.name, "owner": t.owner, "key": t.key, "partitions": t.partitions,
             "keeps": "the last of each key" if t.compacted else f"{t.retention_ms // DAY_MS} d", "types": [cls.TYPE for cls in t.carries]}
            for t in TOPICS]
    if as_json:
        emit(rows)
    else:
        table(("topic", "owner", "key", "parts", "keeps", "types"), [
            (row["topic"], row["owner"], row["key"], row["partitions"], row["keeps"], len(t.carries)) for row, t in zip(rows, TOPICS, strict=True)])


@app.command()
def policy(out: OutOption = None, as_json: JsonOption = False) -> None:
    """The JSON Schema of a policy file.

    Example: baton spec policy --out policy.schema.json
    """
    from shared.policy.model import Policy

    _give(Policy.model_json_schema(), out)


def _give(value: object, out: Path | None) -> None:
    if out is None:
        emit(value)
        return
    import json

    try:
        out.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.", "Name another file with --out.")
    say(f"written: {out}")
