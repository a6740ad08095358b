"""Run by pytest or as a script: `python3 test_generate.py`."""

import tempfile
from pathlib import Path

import generate

HERE = Path(__file__).parent


def test_the_committed_rows_are_what_the_generator_writes() -> None:
    with tempfile.TemporaryDirectory() as folder:
        generate.write(Path(folder))
        for name in ("tickets.jsonl", "test.jsonl"):
            assert (HERE / name).read_bytes() == (Path(folder) / name).read_bytes(), f"run generate.py: {name} differs"


def test_no_test_row_shares_its_template_with_a_training_row() -> None:
    stream = generate.tickets(generate.random.Random(generate.SEED))
    templates = [next(stream).template for _ in range(generate.USABLE_ROWS + generate.TEST_ROWS)]
    assert len(set(templates)) == len(templates)


if __name__ == "__main__":
    test_the_committed_rows_are_what_the_generator_writes()
    test_no_test_row_shares_its_template_with_a_training_row()
