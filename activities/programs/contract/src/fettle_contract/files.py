"""Files that are whole or absent, and the list of a directory's files with their hashes."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Puts the file in place in one move: a reader sees the old content, the new one, or none."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def tree_of(root: Path) -> list[dict[str, Any]]:
    """Every file below `root` as {path, bytes, sha256}, sorted by path; paths use '/'."""
    files = sorted(p for p in root.rglob("*") if p.is_file())
    tree = [{"path": p.relative_to(root).as_posix(), "bytes": p.stat().st_size, "sha256": sha256_of(p)} for p in files]
    return sorted(tree, key=lambda entry: entry["path"])
