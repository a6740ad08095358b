from pathlib import Path

import pytest
from fettle_trainer.cadence import Cadence
from fettle_trainer.config import CheckpointCadence


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def cadence(clock: Clock, interval_file: Path | None = None) -> Cadence:
    limits = CheckpointCadence(every_steps=10, every_seconds=900, min_seconds=30)
    return Cadence(limits, interval_file, step=0, now=clock)


def test_steps_or_seconds_make_a_checkpoint_due_whichever_comes_first(clock: Clock) -> None:
    by_step, by_time = cadence(clock), cadence(clock)
    clock.now += 60
    assert (by_step.due(9), by_step.due(10)) == (False, True)
    clock.now += 840
    assert by_time.due(1)


def test_none_is_due_within_the_minimum_of_the_last_or_at_the_step_of_the_last(clock: Clock) -> None:
    c = cadence(clock)
    clock.now += 29
    assert not c.due(10)
    clock.now += 1
    assert c.due(10)
    c.saved(10)
    clock.now += 1000
    assert not c.due(10)


def test_the_interval_file_is_read_again_when_it_changes(clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "interval.json"
    c = cadence(clock, file)
    clock.now += 100
    assert not c.due(1)
    file.write_text('{"every_seconds": 60}')
    assert c.due(1)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"every_second": 1}', '{"every_seconds": "soon"}'])
def test_an_interval_file_that_cannot_be_read_changes_nothing(clock: Clock, tmp_path: Path, text: str) -> None:
    (tmp_path / "interval.json").write_text(text)
    c = cadence(clock, tmp_path / "interval.json")
    clock.now += 899
    assert not c.due(1)
