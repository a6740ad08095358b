from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from fettle_contract import BadConfig, bounded, load_config


@dataclass(frozen=True, slots=True)
class Lora:
    r: int = bounded(least=1)
    target_modules: tuple[str, ...] = ("all-linear",)


@dataclass(frozen=True, slots=True)
class Job:
    base_model: Path
    learning_rate: float = bounded(above=0)
    tuning: Literal["lora", "full"] = "lora"
    lora: Lora | None = None
    threads: int | None = None
    quick: bool = False

    def problems(self) -> list[str]:
        return ["lora is null; tuning lora needs it"] if self.tuning == "lora" and not self.lora else []


def load(tmp_path: Path, text: str) -> Job:
    path = tmp_path / "job.json"
    path.write_text(text)
    return load_config(path, Job)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(BadConfig) as refused:
        load(tmp_path, text)
    return list(refused.value.problems)


def test_a_whole_configuration_is_bound_with_its_types(tmp_path: Path) -> None:
    job = load(tmp_path, '{"base_model": "m", "learning_rate": 1, "lora": {"r": 8, "target_modules": ["q", "v"]}}')
    assert job == Job(Path("m"), 1.0, "lora", Lora(8, ("q", "v")))


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    text = '{"learning_rat": 1, "learning_rate": 0, "tuning": "lorra", "lora": {"r": 0.5}, "threads": true}'
    assert problems(tmp_path, text) == [
        "learning_rat is not a known key; did you mean learning_rate?",
        "base_model is missing; a path is expected",
        "learning_rate is 0.0; above 0 is expected",
        'tuning is "lorra"; one of lora, full is expected',
        "lora.r is 0.5; a whole number is expected",
        "threads is true; a whole number is expected",
    ]


def test_cross_field_problems_come_once_the_fields_are_right(tmp_path: Path) -> None:
    assert problems(tmp_path, '{"base_model": "m", "learning_rate": 1}') == ["lora is null; tuning lora needs it"]


@pytest.mark.parametrize("text", ["{", "[1]", '{"base_model": "m", "learning_rate": NaN}', "\xff"])
def test_what_is_not_a_json_object_is_refused_with_a_reason(tmp_path: Path, text: str) -> None:
    assert len(problems(tmp_path, text)) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"absent\.json"):
        load_config(tmp_path / "absent.json", Job)
