"""Takes a sample of BANKING77: `python3 sample.py --data DIR [--out DIR] [--train 20] [--test 10] [--seed 77]`.

DIR holds train.csv and test.csv with the columns text and category (10,003 and 3,080 rows, 77 intents; CC BY 4.0,
Casanueva et al. 2020, arXiv 2003.04807). The sample has the same number of rows of every intent, so that macro-F1 and
accuracy can be compared with a run over all rows, and its few thousand row visits take a 135M model about half an hour
on two cores. The same seed always writes the same bytes. Standard library only.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import defaultdict
from pathlib import Path


def rows_by_intent(path: Path) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            rows[row["category"]].append(row["text"])
    return rows


def sample(source: Path, target: Path, per_intent: int, rng: random.Random) -> int:
    """Writes `per_intent` rows of every intent, or all where there are fewer, in a shuffled order."""
    chosen: list[tuple[str, str]] = []
    for intent, texts in sorted(rows_by_intent(source).items()):
        chosen += [(text, intent) for text in rng.sample(texts, min(per_intent, len(texts)))]
    rng.shuffle(chosen)
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["text", "category"])
        writer.writerows(chosen)
    return len(chosen)


def main() -> int:
    parser = argparse.ArgumentParser(description="Samples BANKING77 evenly over its intents.")
    parser.add_argument("--data", type=Path, required=True, help="folder with train.csv and test.csv")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="where the sample goes")
    parser.add_argument("--train", type=int, default=20, help="training rows of each intent")
    parser.add_argument("--test", type=int, default=10, help="test rows of each intent")
    parser.add_argument("--seed", type=int, default=77)
    args = parser.parse_args()
    missing = [name for name in ("train.csv", "test.csv") if not (args.data / name).is_file()]
    if missing:
        print(f"{args.data} holds no {' and no '.join(missing)}; --data names the folder with both", file=sys.stderr)
        return 2
    if args.out.resolve() == args.data.resolve():
        print(f"--out {args.out} is the folder of the full data; name another", file=sys.stderr)
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(args.seed)
    for name, per_intent in (("train.csv", args.train), ("test.csv", args.test)):
        count = sample(args.data / name, args.out / name, per_intent, rng)
        print(f"{args.out / name}: {count} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
