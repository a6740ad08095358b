"""Writes the demo's tickets: `python3 generate.py [DIR]` (default: this folder).

A support desk's triage: one ticket in, one line of strict JSON out. The fields, their closed lists of words and what
counts as urgent are the desk's own conventions: a small model cannot guess them from a few examples in its prompt.

  tickets.jsonl   200 usable rows, some near-duplicates and a label conflict, among exact duplicates and broken rows
  test.jsonl      150 clean rows; none shares its frame, product and issue wording with a row of tickets.jsonl

The same seed always writes the same bytes; test_generate.py holds the committed files to it.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

SEED = 20
USABLE_ROWS, NEAR_DUPLICATES, CONFLICTS, TEST_ROWS = 200, 16, 1, 150
SYSTEM = "Triage the ticket."

PRODUCTS = ["router", "doorbell", "speaker", "lamp", "thermostat", "camera"]
ISSUES = {
    "power": [
        "will not switch on",
        "stays dark when I press the button",
        "shows no light at all",
        "died after two days",
    ],
    "network": [
        "keeps losing the wifi",
        "drops offline every evening",
        "cannot hold a connection",
        "disconnects all the time",
    ],
    "delivery": ["has not arrived yet", "is still in transit", "was due last week and is not here", "never came"],
    "damage": [
        "came with a cracked case",
        "arrived smashed",
        "was damaged in the box",
        "had a broken corner when I opened it",
    ],
    "billing": [
        "was charged twice",
        "shows up two times on my card",
        "was billed two times",
        "appears on two invoices",
    ],
    "account": [
        "rejects my password",
        "says my account is unknown",
        "locks me out of the app",
        "will not let me sign in",
    ],
}
URGENCY = {
    "high": ["This is urgent.", "Please hurry.", "It is urgent, please hurry."],
    "normal": ["This week is fine.", "Please answer this week.", "Some time this week would do."],
    "low": ["There is no rush.", "It can wait.", "No rush, it can wait."],
}
REFUND = {
    True: ["I want my money back.", "Please refund me.", "I want a refund.", "Please pay me back."],
    False: ["", "A repair is fine.", "I would like to keep it.", "I do not want to send it back."],
}
FRAMES = [
    "My {product} {issue}. {urgency} {refund}",
    "Hello, the {product} I bought {issue}. {refund} {urgency}",
    "{urgency} Our {product} {issue}. {refund}",
    "Order {order}: the {product} {issue}. {urgency} {refund}",
    "Hi team. {refund} The {product} {issue}. {urgency}",
]
CLOSINGS = ["Thanks", "Regards", "Cheers", "Best"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket and its triage. `template` is what test and training must not share."""

    text: str
    answer: str
    template: tuple[str, str, str]

    def row(self) -> dict[str, object]:
        return {
            "messages": [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": self.text},
                {"role": "assistant", "content": self.answer},
            ]
        }


def answer(thing: str, issue: str, urgency: str, refund: bool) -> str:
    fields = {"product": thing, "issue": issue, "urgency": urgency, "refund": refund}
    return json.dumps(fields, separators=(",", ":"))


def ticket(rng: random.Random, template: tuple[str, str, str], label: str) -> Ticket:
    frame, thing, issue = template
    urgency, refund = rng.choice(list(URGENCY)), rng.choice([True, False])
    text = frame.format(
        product=thing,
        issue=issue,
        urgency=rng.choice(URGENCY[urgency]),
        refund=rng.choice(REFUND[refund]),
        order=rng.randint(1000, 9999),
    )
    return Ticket(" ".join(text.split()), answer(thing, label, urgency, refund), template)


def tickets(rng: random.Random) -> Iterator[Ticket]:
    """Endless; every template once before any comes again, so that a prefix holds each at most once."""
    templates = [
        ((frame, thing, issue), label)
        for frame, thing in product(FRAMES, PRODUCTS)
        for label, issues in ISSUES.items()
        for issue in issues
    ]
    while True:
        rng.shuffle(templates)
        for template, label in templates:
            yield ticket(rng, template, label)


def near_duplicate(rng: random.Random, original: Ticket) -> Ticket:
    """The same ticket sent again: a closing more, and sometimes shouted."""
    text = f"{original.text} {rng.choice(CLOSINGS)}"
    return Ticket(text.upper() if rng.random() < 0.25 else text, original.answer, original.template)


def conflict(original: Ticket) -> Ticket:
    """The same ticket, answered by somebody who thought otherwise."""
    fields = json.loads(original.answer)
    fields["urgency"] = "high" if fields["urgency"] == "normal" else "normal"
    return Ticket(original.text, answer(*fields.values()), original.template)


def line(ticket: Ticket) -> bytes:
    return json.dumps(ticket.row(), ensure_ascii=False).encode() + b"\n"


def turns(*messages: tuple[str, str]) -> bytes:
    return json.dumps({"messages": [{"role": role, "content": text} for role, text in messages]}).encode() + b"\n"


def broken_lines() -> list[bytes]:
    """What real exports hold: each of these must end as a counted row with its line and its reason."""
    reply = answer("router", "network", "normal", False)
    latin = turns(("user", "My caf~ router keeps losing the wifi."), ("assistant", reply)).replace(b"~", b"\xe9")
    return [
        b'{"messages": [{"role": "user", "content": "My lamp will not\n',
        b"{'messages': []}\n",
        turns(("user", "My speaker was charged twice."), ("assistant", "")),
        turns(("user", "Our camera never came."), ("assistant", "   ")),
        turns(("customer", "The doorbell arrived smashed."), ("assistant", reply)),
        turns(("assistant", reply), ("user", "My thermostat rejects my password.")),
        latin,
        turns(("user", "My router says my account is unknown.\x00"), ("assistant", reply)),
        b'{"messages": [], "messages": [{"role": "user", "content": "Which one counts?"}]}\n',
        b'{"ticket": "My lamp died after two days.", "product": "lamp"}\n',
    ]


def training_lines(rng: random.Random, usable: list[Ticket]) -> list[bytes]:
    lines = [line(one) for one in usable]
    lines += [line(one) for one in rng.sample(usable, 8)]  # exact duplicates
    lines += broken_lines()
    rng.shuffle(lines)
    return lines


def write(folder: Path) -> None:
    rng = random.Random(SEED)
    stream = tickets(rng)
    originals = [next(stream) for _ in range(USABLE_ROWS - NEAR_DUPLICATES - CONFLICTS)]
    usable = originals + [near_duplicate(rng, one) for one in rng.sample(originals, NEAR_DUPLICATES)]
    usable += [conflict(one) for one in rng.sample(originals, CONFLICTS)]
    test = [next(stream) for _ in range(TEST_ROWS)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tickets.jsonl").write_bytes(b"".join(training_lines(rng, usable)))
    (folder / "test.jsonl").write_bytes(b"".join(line(one) for one in test))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
