"""`python -m fettle_artifact {base|merge} --config FILE.json --workdir DIR`, in the train environment."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fettle_contract import FINISHED, Verb, Workdir, run

from fettle_artifact.merged import MergeConfig
from fettle_artifact.sources import HubSource, PackageSource, PathSource, Source

# Spinning threads would starve an engine or a trainer on the same cores; read when torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One of: a package and its name, a hub id and its revision, a path."""

    kind: Literal["package", "hub", "path"]
    name: str | None = None
    id: str | None = None
    revision: str | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class BaseConfig:
    """`out` is replaced whole."""

    source: SourceConfig
    out: Path

    def problems(self) -> list[str]:
        wanted = {"package": ("name",), "hub": ("id", "revision"), "path": ("path",)}[self.source.kind]
        every = ("name", "id", "revision", "path")
        missing = [k for k in wanted if not getattr(self.source, k)]
        surplus = [k for k in every if k not in wanted and getattr(self.source, k) is not None]
        return [f"source.{k} is missing; kind {self.source.kind} needs {' and '.join(wanted)}" for k in missing] + [
            f"source.{k} does not belong to kind {self.source.kind}; leave it out" for k in surplus
        ]

    def chosen(self) -> Source:
        match self.source:
            case SourceConfig(kind="package", name=str(name)):
                return PackageSource(name)
            case SourceConfig(kind="hub", id=str(id_), revision=str(revision)):
                return HubSource(id_, revision)
            case SourceConfig(kind="path", path=Path() as path):
                return PathSource(path)
        raise AssertionError(f"problems() let {self.source} through")


def _base(config: BaseConfig, workdir: Workdir) -> int:
    if config.source.kind == "hub":
        os.environ.pop("HF_HUB_OFFLINE", None)  # every program is started with it; the client reads it when imported
    from fettle_artifact.base import make_base

    workdir.events.beat()
    workdir.result(make_base(config.chosen(), config.out, workdir.events.progress))
    return FINISHED


def _merge(config: MergeConfig, workdir: Workdir) -> int:
    from fettle_artifact.merge import merge

    workdir.events.beat()
    workdir.result(merge(config, workdir.events.progress))
    return FINISHED


def main(arguments: list[str] | None = None) -> int:
    return run("fettle_artifact", {"base": Verb(BaseConfig, _base), "merge": Verb(MergeConfig, _merge)}, arguments)


if __name__ == "__main__":
    sys.exit(main())
