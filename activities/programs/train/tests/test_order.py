from collections import Counter

from fettle_trainer.order import Order


def visits(order: Order, steps: int) -> list[int]:
    return [row for step in range(steps) for row in order.rows_of(step)]


def test_every_row_is_visited_once_an_epoch_and_each_epoch_in_another_order() -> None:
    seen = visits(Order(rows=10, batch=4, seed=1, epochs=2, max_steps=5), 5)
    assert (sorted(seen[:10]), sorted(seen[10:])) == (list(range(10)), list(range(10)))
    assert seen[:10] != seen[10:]


def test_the_order_is_a_function_of_seed_and_step_alone() -> None:
    first, second = (Order(rows=50, batch=8, seed=3, epochs=4, max_steps=25) for _ in range(2))
    expected = [first.rows_of(step) for step in range(25)]
    assert [second.rows_of(step) for step in reversed(range(25))] == expected[::-1]
    assert Order(rows=50, batch=8, seed=4, epochs=4, max_steps=25).rows_of(0) != expected[0]


def test_the_order_stays_what_it_was_in_earlier_releases() -> None:
    # a run that resumes under a newer release must not see rows twice
    assert visits(Order(rows=6, batch=3, seed=42, epochs=2, max_steps=4), 4) == [4, 5, 1, 0, 3, 2, 0, 5, 1, 3, 2, 4]


def test_the_last_step_ends_with_the_last_epoch() -> None:
    order = Order(rows=10, batch=4, seed=1, epochs=3, max_steps=8)
    assert [len(order.rows_of(step)) for step in range(8)] == [4] * 7 + [2]
    assert order.epoch(8) == 3.0


def test_steps_beyond_the_epochs_go_on_with_full_batches() -> None:
    order = Order(rows=10, batch=4, seed=1, epochs=1, max_steps=20)
    assert [len(order.rows_of(step)) for step in range(20)] == [4] * 20


def test_a_batch_larger_than_the_rows_wraps_within_the_step() -> None:
    order = Order(rows=3, batch=8, seed=1, epochs=8, max_steps=3)
    assert Counter(visits(order, 3)) == {0: 8, 1: 8, 2: 8}
