"""Reads chat rows: `{"id": ..., "messages": [{"role", "content"}, ...]}`, one JSON object a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fettle_contract import BadData

ROLES = ("system", "user", "assistant")
Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    messages: list[Message]


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
    return Row(tree["id"], [_message(m, where) for m in messages])


def _message(message: Any, where: str) -> Message:
    role = message.get("role") if isinstance(message, dict) else None
    if role not in ROLES or not isinstance(message.get("content"), str):
        raise BadData(f"{where} has a message with role {role!r}; one of {', '.join(ROLES)} with text is expected")
    return {"role": role, "content": message["content"]}
