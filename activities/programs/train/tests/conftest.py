from collections.abc import Iterator
from pathlib import Path

import pytest
from fettle_contract.forks import Forks
from fettle_contract.trial import Backend


@pytest.fixture(scope="session")
def forks() -> Forks:
    return Forks("fettle_trainer.__main__:main", ["fettle_trainer.train", "fettle_trainer.engine"])


@pytest.fixture(scope="session")
def base_model(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tiny")
    config = folder / "tiny.json"
    config.write_text(f'{{"out": "{folder / "model"}", "seed": 1}}')
    made = forks.start(["tiny", "--config", str(config), "--workdir", str(folder)], folder / "stderr.txt")
    made.join()
    assert made.exitcode == 0, (folder / "stderr.txt").read_text()
    yield folder / "model"


@pytest.fixture(scope="session")
def backend(forks: Forks, base_model: Path) -> Backend:
    return Backend(forks.start, base_model)
