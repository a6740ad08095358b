import math
import random

import pytest
from fettle_contract import Diverged
from fettle_trainer.config import EarlyStopping
from fettle_trainer.verdict import Verdict


def stepped(verdict: Verdict, *losses: float) -> Verdict:
    for step, loss in enumerate(losses, start=1):
        verdict.stepped(step, loss, 1.0)
    return verdict


@pytest.mark.parametrize(("loss", "grad_norm"), [(math.nan, 1.0), (math.inf, 1.0), (1.0, math.nan), (1.0, math.inf)])
def test_a_loss_or_a_gradient_that_is_no_number_is_divergence_at_once(loss: float, grad_norm: float) -> None:
    with pytest.raises(Diverged, match="diverged at step 7"):
        Verdict().stepped(7, loss, grad_norm)


def test_a_median_above_the_first_ten_for_three_evaluations_is_divergence() -> None:
    verdict = stepped(Verdict(), *[1.0] * 10, *[2.0] * 10)
    verdict.evaluated(20, None, None)
    verdict.evaluated(25, None, None)
    with pytest.raises(Diverged, match="3 evaluations"):
        verdict.evaluated(30, None, None)


def test_a_flat_loss_is_no_divergence_however_long_the_warm_up() -> None:
    for seed in range(50):
        noise = random.Random(seed)
        verdict = Verdict()
        for step in range(1, 501):
            verdict.stepped(step, noise.gauss(2.0, 0.3), 1.0)
            if step % 10 == 0:
                verdict.evaluated(step, None, None)


def test_one_spike_is_no_divergence() -> None:
    verdict = stepped(Verdict(), *[1.0] * 10, *[0.9] * 4, 50.0, *[0.9] * 5)
    for step in (20, 25, 30, 35):
        verdict.evaluated(step, None, None)
    assert verdict.rising == 0


def test_a_recovery_between_evaluations_starts_the_count_again() -> None:
    verdict = stepped(Verdict(), *[1.0] * 10, *[2.0] * 10)
    verdict.evaluated(20, None, None)
    verdict.evaluated(25, None, None)
    stepped(verdict, *[0.5] * 10).evaluated(30, None, None)
    stepped(verdict, *[2.0] * 10).evaluated(35, None, None)
    assert verdict.rising == 1


def test_early_stopping_counts_evaluations_without_a_fall_of_more_than_min_delta() -> None:
    stopping = EarlyStopping(patience=2, min_delta=0.1)
    verdict = Verdict()
    assert [verdict.evaluated(s, loss, stopping) for s, loss in enumerate([1.0, 0.95, 0.8, 0.75, 0.71])] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert (verdict.best_step, verdict.exhausted(stopping)) == (2, True)


def test_a_verdict_goes_on_from_where_it_was_saved() -> None:
    verdict = stepped(Verdict(), *[1.0, 2.0, 3.0])
    verdict.evaluated(3, 1.5, None)
    assert Verdict.of(verdict.saved()) == verdict


def test_the_train_loss_is_the_mean_of_the_last_ten_steps() -> None:
    assert stepped(Verdict(), *[9.0] * 5, *[1.0] * 10).train_loss == 1.0
    assert Verdict().train_loss is None
