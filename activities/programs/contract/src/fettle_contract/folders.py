"""Model folders: what makes one acceptable, and how one is put in place whole or not at all."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fettle_contract.codes import BadConfig
from fettle_contract.files import sync_directory

TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
)
# All that a model folder is made of. No pickled weights and no code, whatever else its source holds.
MODEL_FILES = (
    "*.safetensors",
    "*.safetensors.index.json",
    "config.json",
    "generation_config.json",
    *TOKENIZER_FILES,
    "LICENSE*",
    "README.md",
)


def check_model(folder: Path) -> dict[str, Any]:
    """The config of a folder that Fettle can load: safetensors, a tokenizer, no remote code.

    Raises BadConfig with one sentence, naming the folder, for the first thing that is wrong.
    """
    config = read_json(folder / "config.json")
    names = {file.name for file in folder.iterdir()}
    weights = {n for n in names if n.endswith(".safetensors")}
    if not weights:
        raise BadConfig(no_weights(folder))
    if "model.safetensors.index.json" in names:
        wanted = set(read_json(folder / "model.safetensors.index.json").get("weight_map", {}).values())
        if missing := sorted(wanted - weights):
            raise BadConfig(f"{folder} lacks {missing[0]}, which its index names; copy the whole model again")
    if not names & {"tokenizer.json", "tokenizer.model", "vocab.json"}:
        raise BadConfig(f"{folder} has no tokenizer; expected tokenizer.json beside config.json")
    for name in ("config.json", "tokenizer_config.json"):
        if name in names and read_json(folder / name).get("auto_map"):
            raise BadConfig(
                f"{folder / name} asks for remote code (auto_map), which is never run; "
                "use a model of a built-in architecture"
            )
    return config


def no_weights(folder: Path) -> str:
    """Why a folder without safetensors is refused."""
    pickled = sorted(f.name for f in folder.iterdir() if f.suffix in {".bin", ".pt", ".pth", ".ckpt", ".pkl"})
    found = f"only pickled weights ({pickled[0]}), which can run code when loaded" if pickled else "no *.safetensors"
    return f"{folder} has {found}; save the model with safe_serialization=True and give that folder"


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object of a model folder."""
    try:
        value = json.loads(file.read_text("utf-8"))
    except FileNotFoundError as e:
        raise BadConfig(f"{file} is missing; give a Hugging Face model folder") from e
    except ValueError as e:
        raise BadConfig(f"{file} is no JSON: {e}") from e
    if not isinstance(value, dict):
        raise BadConfig(f"{file} holds a {type(value).__name__}; expected an object")
    return value


@contextmanager
def published(out: Path) -> Iterator[Path]:
    """A folder to fill; on success it replaces `out` in one rename, on failure `out` is untouched.

    Repeating is safe: a half-filled folder of a killed try is dropped, a finished one replaced.
    """
    if out.exists() and not (out / "config.json").is_file() and any(out.iterdir()):
        raise BadConfig(f"out is {out}, which holds something that is no model; name an empty or a new folder")
    partial = out.with_name(out.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    yield partial
    for file in (f for f in partial.rglob("*") if f.is_file()):
        file.chmod(0o644)  # some writers leave 0600; an engine may run as somebody else
        sync_directory(file)
    sync_directory(partial)
    shutil.rmtree(out, ignore_errors=True)
    partial.rename(out)
    sync_directory(out.parent)
