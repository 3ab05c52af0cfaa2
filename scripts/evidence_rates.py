"""Rows, runs and the table of scripts/evidence-rates.

Usage: python3 scripts/evidence_rates.py rows FOLDER     the rows of the tasks
       python3 scripts/evidence_rates.py starts          one line a task: its name, kind of start
       python3 scripts/evidence_rates.py plan            one line a run: its name, task, rate, seed
       python3 scripts/evidence_rates.py recipe FOLDER TASK            a recipe of the start
       python3 scripts/evidence_rates.py recipe FOLDER TASK RATE SEED  a recipe of a run
       python3 scripts/evidence_rates.py table FOLDER    Markdown; writes FOLDER/rates.md, rates.json

Needs nothing but Python's library. Rows are a function of the task's name alone.
"""

import json
import pathlib
import random
import sys

STEPS = 80
HELD_OUT = 256
# How a policy comes to the task: as the base is (None), or by so many supervised steps on the
# family's or the task's own demonstrations. "roman-early" and "word-problems" are young on purpose.
TASKS = {
    "last-digit": None,
    "arithmetic": None,
    "equations": 400,
    "sequences": 400,
    "countdown": 400,
    "word-problems": 400,
    "change": 40,
    "roman": 160,
    "roman-999": 160,
    "roman-early": 125,
    "last-letters": 200,
}
OWN = ("change", "roman", "roman-999", "roman-early", "last-letters")
RATES = ("1e-5", "3e-5", "1e-4", "3e-4")
SEEDS = (0, 1)


# Rows


def roman(number):
    out = ""
    for value, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
        (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):
        while number >= value:
            out, number = out + letters, number - value
    return out


def change_problems(draw):
    things = ("pens", "cups", "books", "apples", "balls", "cards")
    while True:
        count, price, paid = draw.randint(2, 9), draw.randint(2, 9), draw.choice((50, 100))
        cost = count * price
        if cost < paid:
            question = f"buy {count} {draw.choice(things)} at {price} each, pay {paid}: change?"
            thought = f"{count}*{price}={cost} {paid}-{cost}={paid - cost}"
            yield question, str(paid - cost), thought, "math"


def roman_problems(draw, largest):
    for number in draw.sample(range(1, largest + 1), largest):
        parts = [int(d) * 10 ** (len(str(number)) - 1 - i) for i, d in enumerate(str(number))]
        sums = "+".join(str(part) for part in parts if part)
        yield f"roman {roman(number)}", str(number), f"{sums}={number}", "math"


def last_letters_problems(draw):
    words = (
        "lamp tree moon fish bird road milk snow rain door hand salt ship song wolf gold leaf star"
        " wind rock coal frog"
    ).split()
    while True:
        chosen = draw.sample(words, draw.randint(2, 4))
        letters = " ".join(word[-1] for word in chosen)
        yield f"last letters: {' '.join(chosen)}", letters, None, "sequence"


def own_rows(task, problems, demonstrated, held_out):
    """Distinct problems, the first of which have demonstrations; the last are held out."""
    draw = random.Random(task)
    source = {
        "change": lambda: change_problems(draw),
        "roman": lambda: roman_problems(draw, 399),
        "roman-999": lambda: roman_problems(draw, 999),
        "roman-early": lambda: roman_problems(draw, 999),
        "last-letters": lambda: last_letters_problems(draw),
    }
    rows, seen = [], set()
    for question, answer, thought, grader in source[task]():
        if question in seen:
            continue
        seen.add(question)
        row = {"id": f"{task}-{len(rows):04}", "question": question, "answer": answer, "grader": grader}
        think = f"<think>{thought}</think>" if thought else ""
        rows.append((row, row | {"completion": f"{think}<answer>{answer}</answer>"}))
        if len(rows) == problems + held_out:
            break
    return {
        "demonstrations": [shown for _, shown in rows[:demonstrated]],
        "train": [row for row, _ in rows[:problems]],
        "test": [row for row, _ in rows[problems:]],
    }


SIZES = {
    "change": (220, 100, 80),
    "roman": (200, 120, 100),
    "roman-999": (200, 120, 100),
    "roman-early": (200, 120, 100),
    "last-letters": (220, 120, 80),
}


def spread_over(rows, count):
    """`count` rows at equal distances: files may go from easy to hard."""
    count = min(count, len(rows))
    return [rows[i * len(rows) // count] for i in range(count)]


def write_rows(folder):
    for task in TASKS:
        place = folder / task
        place.mkdir(parents=True, exist_ok=True)
        if task in OWN:
            files = own_rows(task, *SIZES[task])
        else:
            bundled = pathlib.Path("tasks") / task
            read = lambda name: [json.loads(line) for line in (bundled / name).read_text().splitlines()]
            files = {"train": read("train.jsonl"), "test": read("test.jsonl")}
        files["test"] = spread_over(files["test"], HELD_OUT)
        files["seen"] = spread_over(files["train"], 128)
        for name, rows in files.items():
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (place / f"{name}.jsonl").write_text(text)


# Runs


def plan():
    """All runs: (task, rate, seed), a seed at a time."""
    return [(task, rate, seed) for seed in SEEDS for task in TASKS for rate in RATES]


def run_name(task, rate, seed):
    return f"{task}/{rate}-{seed}"


def start_recipe(folder, task):
    source = (
        f"{folder}/{task}/demonstrations.jsonl"
        if task in OWN
        else f"{{family: {task}, count: 4000, seed: 11, distinct: question,"
        " demonstrations: {terse: 0.66, steps: 0.30, flawed: 0.04}}"
    )
    return f"""model: checkpoints/base
seed: 0
stages:
  - kind: sft
    tasks: {{train: {source}}}
    optimizer: {{learning_rate: 1e-3}}
    steps: {TASKS[task]}
    checkpoint_every: {TASKS[task]}
"""


def run_recipe(folder, task, rate, seed):
    """All keys but the rate at their defaults; a run goes on to its end whatever it does to the policy."""
    model = f"{folder}/{task}/start/latest" if TASKS[task] else "checkpoints/base"
    return f"""model: {model}
seed: {seed}
stages:
  - kind: grpo
    tasks: {{train: {folder}/{task}/train.jsonl}}
    optimizer: {{learning_rate: {rate}}}
    on_no_signal: note
    on_collapse: note
    steps: {STEPS}
    evaluate_every: 0
    checkpoint_every: {STEPS}
"""


# Table


def mean(values):
    return sum(values) / len(values)


def measured(path):
    result = json.loads(path.read_text())
    keys = ("pass@1", "pass@1_low", "pass@1_high", "mean_length")
    return {key: result[key] for key in keys}


def read_run(folder, run):
    """What a run did, from its own files; None where it is not finished."""
    place = folder / run_name(*run)
    after = place.parent / (place.name + ".test.json")
    if not after.exists():
        return None
    rows = [json.loads(line) for line in (place / "metrics.jsonl").read_text().splitlines()]
    first, last = rows[:10], rows[-10:]
    part = lambda some, key: mean([row[key] for row in some])
    return {
        "task": run[0], "rate": float(run[1]), "seed": run[2],
        "after": measured(after),
        "reward_first": part(first, "reward"), "reward_last": part(last, "reward"),
        "entropy_first": part(first, "entropy"), "entropy_last": part(last, "entropy"),
        "learnable_first": part(first, "learnable_groups"),
        "learnable_last": part(last, "learnable_groups"),
        "length_last": part(last, "completions/mean_length"),
        "seconds": sum(row["step_time"] for row in rows),
    }


def verdict(run, before):
    """A run is ruined where it ends with less than half of what it began with, on the problems that
    it trains on (measured before the first update) or on those held out."""
    if run["reward_last"] < before["seen"]["pass@1"] / 2:
        return "ruined"
    if run["after"]["pass@1_high"] < before["test"]["pass@1"] / 2:
        return "ruined"
    worse = run["reward_last"] < before["seen"]["pass@1_low"]
    return "worse" if worse or run["after"]["pass@1_high"] < before["test"]["pass@1"] else ""


def percent(value):
    return f"{100 * value:.1f}"


def spread(values):
    return f"{percent(mean(values))} ({', '.join(percent(value) for value in values)})"


def table(folder):
    results, lines = [], []
    head = (
        "task", "held out before", "rate", "held out after (seeds)",
        "reward, first and last ten steps (seeds)", "entropy", "live groups, first and last ten",
        "ruined",
    )
    lines += ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for task in TASKS:
        paths = {part: folder / task / f"start.{part}.json" for part in ("test", "seen")}
        if not all(path.exists() for path in paths.values()):
            continue
        before = {part: measured(path) for part, path in paths.items()}
        for rate in RATES:
            runs = [read_run(folder, (task, rate, seed)) for seed in SEEDS]
            runs = [run for run in runs if run]
            if not runs:
                continue
            for run in runs:
                run["before"], run["verdict"] = before, verdict(run, before)
            results += runs
            of = lambda key: mean([run[key] for run in runs])
            verdicts = [run["verdict"] for run in runs]
            cells = (
                task, percent(before["test"]["pass@1"]), rate,
                spread([run["after"]["pass@1"] for run in runs]),
                f"{percent(of('reward_first'))}, {spread([run['reward_last'] for run in runs])}",
                f"{of('entropy_first'):.2f}, {of('entropy_last'):.2f}",
                f"{percent(of('learnable_first'))}, {percent(of('learnable_last'))}",
                ", ".join(
                    f"{verdicts.count(word)} of {len(runs)} {word}"
                    for word in ("ruined", "worse") if word in verdicts
                ),
            )
            lines.append("| " + " | ".join(cells) + " |")
    text = "\n".join(lines) + "\n"
    (folder / "rates.md").write_text(text)
    (folder / "rates.json").write_text(json.dumps(results, indent=2) + "\n")
    print(text, end="")


def main():
    match sys.argv[1:]:
        case ["rows", folder]:
            write_rows(pathlib.Path(folder))
        case ["starts"]:
            for task, steps in TASKS.items():
                print(task, "supervised" if steps else "base")
        case ["plan"]:
            for run in plan():
                print(run_name(*run), *run)
        case ["recipe", folder, task]:
            print(start_recipe(folder, task), end="")
        case ["recipe", folder, task, rate, seed]:
            print(run_recipe(folder, task, rate, seed), end="")
        case ["table", folder]:
            table(pathlib.Path(folder))
        case _:
            sys.exit(__doc__)


main()
