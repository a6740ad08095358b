"""What SciPy and statsmodels make of the gate's statistics: `oracle.py CASES`, a JSON file.

CASES maps a statistic's name to a list of its arguments; printed is the same map to lists of numbers, in one line. What
neither library has (Tango's score, macro-F1) is written here from its definition, on their root finders and quantiles.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom, norm
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.contingency_tables import mcnemar as exact_mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

EDGE = 1e-13  # roots are sought a little inside the possible
EQUAL = 1e-12
Case = dict[str, Any]


def lost(plus: int, minus: int, items: int, d: float) -> float:
    """The probability of a minus that makes the counts most likely where that of a plus is larger by `d`."""

    def slope(q: float) -> float:
        rest = items - plus - minus
        gain = (plus / (q + d) if plus else 0) + (minus / q if minus else 0)
        return gain - 2 * (rest / (1 - 2 * q - d) if rest else 0)

    least, most = max(0.0, -d), (1 - d) / 2
    if slope(least + EDGE) <= 0:
        return least
    if slope(most - EDGE) >= 0:
        return most
    return float(brentq(slope, least + EDGE, most - EDGE, xtol=1e-16, rtol=1e-15))


def score(plus: int, minus: int, items: int, d: float) -> float:
    q = lost(plus, minus, items, d)
    variance = items * (2 * q + d - d * d)
    over = plus - minus - items * d
    if abs(over) < EQUAL:
        return 0.0
    return float(over / np.sqrt(variance)) if variance > 0 else float(np.sign(over) * np.inf)


def lower(seen: float, excess: Callable[[float], float]) -> float:
    """Where the excess of a test over its quantile ends, from -1 up."""
    return float(brentq(excess, -1 + 1e-9, seen, xtol=1e-15, rtol=1e-14))


def tango(case: Case) -> list[float]:
    plus, minus, items = case["plus"], case["minus"], case["items"]
    z = norm.isf((1 - case["confidence"]) / 2)
    seen = (plus - minus) / items
    low = lower(seen, lambda d: score(plus, minus, items, d) - z)
    return [seen, low, -lower(-seen, lambda d: score(minus, plus, items, d) - z)]


def margin(case: Case) -> list[float]:
    """The gate's bounds: Tango's, corrected for skewness, and no nearer than a binomial of the same balance allows."""
    plus, minus, items = case["plus"], case["minus"], case["items"]
    alpha = (1 - case["confidence"]) / 2
    z = norm.isf(alpha)

    def bound(b: int, c: int) -> float:
        def excess(d: float) -> float:
            q = lost(b, c, items, d)
            p, m = q + d, q
            variance = p + m - d * d
            third = p * (1 - d) ** 3 + m * (-1 - d) ** 3 + (1 - p - m) * (-d) ** 3
            skew = third / variance**1.5 / np.sqrt(items) if variance > 0 else 0
            return score(b, c, items, d) - z - max(0, skew) / 6 * (z * z - 1)

        def rare(d: float) -> float:
            return alpha - float(binom.cdf(c - b, items, -d) if d < 0 else binom.sf(b - c - 1, items, d))

        seen = (b - c) / items
        return min(lower(seen, excess), lower(seen, rare))

    return [(plus - minus) / items, bound(plus, minus), -bound(minus, plus)]


def wilson(case: Case) -> list[float]:
    low, high = proportion_confint(case["successes"], case["trials"], alpha=1 - case["confidence"], method="wilson")
    return [case["successes"] / case["trials"], low, high]


def mcnemar(case: Case) -> list[float]:
    return [exact_mcnemar([[0, case["plus"]], [case["minus"], 0]], exact=True).pvalue]


def holm(case: Case) -> list[float]:
    return list(multipletests(case["values"], method="holm")[1])


def mean(case: Case) -> list[float]:
    differences = np.array(case["first"]) - np.array(case["second"])
    model = OLS(differences, np.ones(len(differences)))
    groups = {"groups": np.array(case["clusters"]), "use_correction": True, "df_correction": True}
    clustered = len(set(case["clusters"])) < len(differences)
    fit = model.fit(cov_type="cluster", cov_kwds=groups, use_t=True) if clustered else model.fit()
    low, high = fit.conf_int(1 - case["confidence"])[0]
    return [fit.params[0], low, high, fit.bse[0]]


def kappa(case: Case) -> list[float]:
    first, second = case["first"], case["second"]
    table = np.zeros((max(first + second) + 1,) * 2)
    np.add.at(table, (first, second), 1)
    result = cohens_kappa(table)
    half = norm.isf((1 - case["confidence"]) / 2) * result.std_kappa
    return [result.kappa, max(-1, result.kappa - half), min(1, result.kappa + half)]


def powered(case: Case) -> list[float]:
    alone, judge, humans = (np.array(case[key]) for key in ("alone", "judge", "humans"))
    estimate = alone.mean() + (humans - judge).mean()
    error = np.sqrt(alone.var(ddof=1) / len(alone) + (humans - judge).var(ddof=1) / len(humans))
    half = norm.isf((1 - case["confidence"]) / 2) * error
    return [estimate, estimate - half, estimate + half]


def macro_f1(truth: np.ndarray, predicted: np.ndarray) -> float:
    scores = []
    for label in np.unique(truth):
        both = np.sum((truth == label) & (predicted == label))
        scores.append(2 * both / (np.sum(truth == label) + np.sum(predicted == label)))
    return float(np.mean(scores))


def bootstrap(case: Case) -> list[float]:
    truth, first, second = (np.array(case[key]) for key in ("truth", "first", "second"))

    def difference(items: list[int]) -> float:
        return macro_f1(truth[items], first[items]) - macro_f1(truth[items], second[items])

    values = [difference(items) for items in case["resamples"]]
    tail = (1 - case["confidence"]) / 2
    return [difference(list(range(len(truth)))), *np.quantile(values, [tail, 1 - tail])]


STATISTICS: dict[str, Callable[[Case], list[float]]] = {
    "tango": tango,
    "margin": margin,
    "wilson": wilson,
    "mcnemar": mcnemar,
    "holm": holm,
    "mean": mean,
    "kappa": kappa,
    "powered": powered,
    "bootstrap": bootstrap,
}


def main(file: Path) -> None:
    cases = json.loads(file.read_text())
    answers = {name: [list(map(float, STATISTICS[name](case))) for case in each] for name, each in cases.items()}
    print(json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
