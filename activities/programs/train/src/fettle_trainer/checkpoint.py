"""Checkpoint directories: whole or absent, and never read without every file's hash being checked."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fettle_contract import Failure, sha256_of, sync_directory, tree_of, write_json

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Saved:
    path: Path
    bytes: int


def write_checkpoint(folder: Path, step: int, about: dict[str, Any], fill: Callable[[Path], None]) -> Saved:
    """Fills a draft, syncs its files and folders, puts the manifest last and moves the whole into place."""
    target = folder / f"step-{step:010}"
    draft = folder / f".draft-{os.getpid()}-{step:010}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    fill(draft)
    _sync_tree(draft)
    files = tree_of(draft)
    write_json(draft / MANIFEST, {"format": FORMAT, "step": step, **about, "files": files})
    if target.exists():  # an earlier attempt in this folder got as far; the newer state is the one that goes on
        target.rename(draft.with_name(f"{draft.name}-old"))
    draft.rename(target)
    sync_directory(folder)
    shutil.rmtree(draft.with_name(f"{draft.name}-old"), ignore_errors=True)
    return Saved(target, sum(f["bytes"] for f in files))


def remove_drafts(folder: Path) -> None:
    for draft in folder.glob(".draft-*"):
        shutil.rmtree(draft, ignore_errors=True)


def read_manifest(checkpoint: Path) -> dict[str, Any]:
    """The manifest of a checkpoint whose every file is there and unchanged.

    Anything else is a crash and not a bad configuration: the agent may fetch the files again, or an older checkpoint.
    """
    try:
        manifest: dict[str, Any] = json.loads((checkpoint / MANIFEST).read_text(encoding="utf-8"))
        files = {f["path"]: (f["bytes"], f["sha256"]) for f in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise Failure(f"checkpoint {checkpoint.name} has no readable manifest ({e}); resume from an older one") from e
    if manifest.get("format") != FORMAT:
        raise Failure(f"checkpoint {checkpoint.name} has format {manifest.get('format')}; this trainer reads {FORMAT}")
    for path, (size, sha256) in files.items():
        file = checkpoint / path
        if not file.is_file() or file.stat().st_size != size or sha256_of(file) != sha256:
            raise Failure(
                f"checkpoint {checkpoint.name} is not whole: {path} is missing or changed; resume from an older one"
            )
    return manifest


def _sync_tree(root: Path) -> None:
    for path in sorted(root.rglob("*")):
        if path.is_dir():
            sync_directory(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
