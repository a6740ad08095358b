"""What Fettle's trainer sees, for a script that knows nothing of Fettle: `visits.py MODEL ROWS TRAINING OUT`.

Writes OUT/rows.jsonl, one {"input_ids", "labels"} a line and visit, rendered, masked and in Fettle's order; and
OUT/shuffled.jsonl, the same visits in another order.
"""

import json
import random
import sys
from pathlib import Path

from fettle_trainer.encoding import Encoder
from fettle_trainer.order import Order
from fettle_trainer.rows import read_rows

model, rows, training, out = (Path(argument) for argument in sys.argv[1:])
c = json.loads(training.read_text(encoding="utf-8"))
encoder = Encoder(model, c["max_length"])
examples = [encoder.encode(row) for row in read_rows(rows)]
order = Order(len(examples), c["global_batch_size"], c["seed"], c["num_epochs"], c["max_steps"])

visits = []
for step in range(c["max_steps"]):
    batch = [examples[i] for i in order.rows_of(step)]
    visits += sorted(batch, key=lambda example: len(example.input_ids))  # as the engine puts them into a micro-batch

lines = [json.dumps({"input_ids": visit.input_ids, "labels": visit.labels}) + "\n" for visit in visits]
(out / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
random.Random(c["seed"]).shuffle(lines)
(out / "shuffled.jsonl").write_text("".join(lines), encoding="utf-8")
