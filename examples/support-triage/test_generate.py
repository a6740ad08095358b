"""`python3 -m unittest discover -s examples/support-triage`."""

import random
import tempfile
import unittest
from pathlib import Path

import generate

HERE = Path(__file__).parent


class GenerateTest(unittest.TestCase):
    def test_the_committed_rows_are_what_the_generator_writes(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            generate.write(Path(folder))
            for name in ("tickets.jsonl", "test.jsonl"):
                written = (Path(folder) / name).read_bytes()
                self.assertTrue((HERE / name).read_bytes() == written, f"{name} differs: run generate.py")

    def test_no_test_row_shares_its_template_with_a_training_row(self) -> None:
        stream = generate.tickets(random.Random(generate.SEED))
        templates = [next(stream).template for _ in range(generate.USABLE_ROWS + generate.TEST_ROWS)]
        self.assertEqual(len(set(templates)), len(templates))
