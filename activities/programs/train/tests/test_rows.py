import json
from pathlib import Path
from typing import Any

import pytest
from fettle_contract import BadData
from fettle_trainer.rows import Row, read_rows

SAID = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]


def read(folder: Path, *rows: dict[str, Any]) -> list[Row]:
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return list(read_rows(file))


def test_a_row_without_tools_is_what_it_was(tmp_path: Path) -> None:
    assert read(tmp_path, {"id": "1", "messages": SAID, "tools": []}) == [Row("1", SAID, None)]


def test_tools_calls_and_their_answers_are_read(tmp_path: Path) -> None:
    tools, calls = [{"type": "function"}], [{"function": {"name": "f", "arguments": {}}}]
    said = [
        SAID[0],
        {"role": "assistant", "content": "", "tool_calls": calls},
        {"role": "tool", "content": "x", "tool_call_id": "c"},
        SAID[1],
    ]
    assert read(tmp_path, {"id": "1", "messages": said, "tools": tools}) == [Row("1", said, tools)]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"tools": "f"}, "line 1 has tools that are no list of objects"),
        ({"messages": [{**SAID[1], "tool_calls": [1]}]}, "line 1 has tool_calls that are no list of objects"),
        (
            {"messages": [{"role": "tool", "content": "x", "tool_call_id": 1}]},
            "line 1 has a tool_call_id that is no text",
        ),
    ],
)
def test_what_is_no_call_is_bad_data(tmp_path: Path, more: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadData, match=reason):
        read(tmp_path, {"id": "1", "messages": SAID, **more})
