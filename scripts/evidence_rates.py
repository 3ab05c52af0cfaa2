"""Rows, runs and the table of scripts/evidence-rates.

Usage: python3 scripts/evidence_rates.py rows FOLDER     the rows of the tasks
       python3 scripts/evidence_rates.py starts          one line a task: name, kind of start
       python3 scripts/evidence_rates.py plan            one line a run: task, rate, live groups, seed
       python3 scripts/evidence_rates.py recipe FOLDER TASK            a recipe of the start
       python3 scripts/evidence_rates.py recipe FOLDER TASK RATE LIVE SEED    of a run
       python3 scripts/evidence_rates.py table FOLDER    Markdown; writes FOLDER/rates.md and rates.json

Needs nothing but Python's library. Rows are a function of the task's name alone.
"""

import json
import pathlib
import random
import sys

STEPS = 80
HELD_OUT = 256
# How a policy comes to the task: as it is, or by a short supervised stage on the family's or its own
# demonstrations.
TASKS = {
    "last-digit": None,
    "arithmetic": None,
    "equations": 400,
    "sequences": 400,
    "countdown": 400,
    "word-problems": 400,
    "change": 40,
    "roman": 160,
    "last-letters": 200,
}
OWN = ("change", "roman", "last-letters")
RATES = ("1e-5", "3e-5", "1e-4")
# Where the edge is not between these.
MORE = {
    "last-digit": ("3e-4",),
    "arithmetic": ("3e-4",),
}
SEEDS = (0, 1)
# Tasks on which few groups are live, for updates that shrink with their share.
SPARSE = ("countdown", "roman", "sequences")
SPARSE_RATES = ("3e-5", "1e-4")


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


def roman_problems(draw):
    for number in draw.sample(range(1, 400), 399):
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
    source = {"change": change_problems, "roman": roman_problems, "last-letters": last_letters_problems}
    rows, seen = [], set()
    for question, answer, thought, grader in source[task](draw):
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


SIZES = {"change": (220, 100, 80), "roman": (200, 120, 100), "last-letters": (220, 120, 80)}


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
    """All runs: (task, rate, live groups, seed), plain ones first, a seed at a time."""
    runs = []
    for seed in SEEDS:
        for task in TASKS:
            runs += [(task, rate, "none", seed) for rate in RATES + MORE.get(task, ())]
    for seed in SEEDS:
        for task in SPARSE:
            for rate in SPARSE_RATES:
                runs += [(task, rate, live, seed) for live in ("linear", "sqrt")]
    return runs


def run_name(task, rate, live, seed):
    return f"{task}/{rate}{'' if live == 'none' else '-' + live}-{seed}"


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


def run_recipe(folder, task, rate, live, seed):
    model = f"{folder}/{task}/start/latest" if TASKS[task] else "checkpoints/base"
    scaling = "" if live == "none" else f", live_groups: {live}"
    return f"""model: {model}
seed: {seed}
stages:
  - kind: grpo
    tasks: {{train: {folder}/{task}/train.jsonl}}
    optimizer: {{learning_rate: {rate}{scaling}}}
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
        "task": run[0], "rate": float(run[1]), "live_groups": run[2], "seed": run[3],
        "after": measured(after),
        "reward_first": part(first, "reward"), "reward_last": part(last, "reward"),
        "entropy_first": part(first, "entropy"), "entropy_last": part(last, "entropy"),
        "learnable_first": part(first, "learnable_groups"),
        "learnable": part(rows, "learnable_groups"),
        "mean_rate": part(rows, "learning_rate"),
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
        "task", "before", "rate", "live groups", "mean rate", "held out after (seeds)",
        "reward, first and last ten steps", "entropy", "learnable", "ruined",
    )
    lines += ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for task in TASKS:
        paths = {part: folder / task / f"start.{part}.json" for part in ("test", "seen")}
        if not all(path.exists() for path in paths.values()):
            continue
        before = {part: measured(path) for part, path in paths.items()}
        kinds = sorted(
            {run[1:3] for run in plan() if run[0] == task}, key=lambda kind: (kind[1], float(kind[0]))
        )
        for rate, live in kinds:
            runs = [read_run(folder, (task, rate, live, seed)) for seed in SEEDS]
            runs = [run for run in runs if run]
            if not runs:
                continue
            for run in runs:
                run["before"], run["verdict"] = before, verdict(run, before)
            results += runs
            verdicts = [run["verdict"] for run in runs]
            count = lambda word: f"{verdicts.count(word)} of {len(runs)} {word}"
            cells = (
                task,
                f"{percent(before['test']['pass@1'])} (seen {percent(before['seen']['pass@1'])})",
                rate, live, f"{mean([run['mean_rate'] for run in runs]):.1e}",
                spread([run["after"]["pass@1"] for run in runs]),
                f"{percent(mean([run['reward_first'] for run in runs]))} -> "
                + spread([run["reward_last"] for run in runs]),
                f"{mean([run['entropy_first'] for run in runs]):.2f} -> "
                f"{mean([run['entropy_last'] for run in runs]):.2f}",
                f"{percent(mean([run['learnable_first'] for run in runs]))} -> "
                f"{percent(mean([run['learnable'] for run in runs]))}",
                ", ".join(count(word) for word in ("ruined", "worse") if word in verdicts),
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
        case ["recipe", folder, task, rate, live, seed]:
            print(run_recipe(folder, task, rate, live, seed), end="")
        case ["table", folder]:
            table(pathlib.Path(folder))
        case _:
            sys.exit(__doc__)


main()
