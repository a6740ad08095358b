"""Reads chat rows: `{"id": ..., "messages": [{"role", "content"}, ...]}`, one JSON object a line.

A row may declare `tools`, an assistant's message may have `tool_calls` and a tool's a `tool_call_id`: OpenAI's form.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fettle_contract import BadData

ROLES = ("system", "user", "assistant", "tool")
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    messages: list[Message]
    tools: list[dict[str, Any]] | None = None


def read_rows(path: Path) -> Iterator[Row]:
    """Yields the rows in order; the first line that is no row ends it with `BadData` and the line's number."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _row(line, f"{path.name} line {number}")


def _row(line: bytes, where: str) -> Row:
    try:
        tree = json.loads(line.decode("utf-8"))
    except ValueError as e:
        raise BadData(f"{where} is not JSON in UTF-8 ({e})") from e
    messages = tree.get("messages") if isinstance(tree, dict) else None
    if not isinstance(messages, list) or not messages or not isinstance(tree.get("id"), str):
        raise BadData(f'{where} is not a row; {{"id": text, "messages": [...]}} is expected')
    return Row(tree["id"], [_message(m, where) for m in messages], _objects(tree, "tools", where))


def _message(message: Any, where: str) -> Message:
    role = message.get("role") if isinstance(message, dict) else None
    if role not in ROLES or not isinstance(message.get("content"), str):
        raise BadData(f"{where} has a message with role {role!r}; one of {', '.join(ROLES)} with text is expected")
    read: Message = {"role": role, "content": message["content"]}
    calls = _objects(message, "tool_calls", where)
    if calls is not None:
        read["tool_calls"] = calls
    if "tool_call_id" in message:
        if not isinstance(message["tool_call_id"], str):
            raise BadData(f"{where} has a tool_call_id that is no text")
        read["tool_call_id"] = message["tool_call_id"]
    return read


def _objects(tree: dict[str, Any], key: str, where: str) -> list[dict[str, Any]] | None:
    """None where the key is missing or empty, so that a template sees no tools at all."""
    value = tree.get(key) or None
    if value is not None and not (isinstance(value, list) and all(isinstance(v, dict) for v in value)):
        raise BadData(f"{where} has {key} that are no list of objects")
    return value
