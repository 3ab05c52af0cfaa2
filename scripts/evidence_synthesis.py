"""The table of scripts/evidence-synthesis, from the runs' own files.

Usage: python3 scripts/evidence_synthesis.py FOLDER
       python3 scripts/evidence_synthesis.py --control RUN

The first prints Markdown tables. The second prints the last step of a run's supervised stage and
the number of supervised steps that take as many token operations as the run's GRPO stage did.
Needs nothing but Python's library.
"""

import json
import pathlib
import sys

SEEDS = (0, 1, 2)
ROWS = (
    ("after the supervised stage", "start", (0,)),
    ("SFT continued", "continued", (0,)),
    ("**GRPO**", "grpo", SEEDS),
)
# Operations a token, in units of parameters: forward and backward are 6, sampling is 2 more.
SUPERVISED, SAMPLED = 6, 8


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def stages(run):
    """The rows of the supervised stage and of the GRPO stage."""
    every = rows(run / "metrics.jsonl")
    return [row for row in every if "reward" not in row], [row for row in every if "reward" in row]


def tokens(part, before=0):
    return part[-1].get("num_unique_tokens", part[-1]["num_tokens"]) - before


def control(run):
    supervised, sampled = stages(run)
    a_step = tokens(supervised) / len(supervised) * SUPERVISED
    operations = tokens(sampled, before=tokens(supervised)) * SAMPLED
    print(supervised[-1]["step"], round(operations / a_step))


def spread(values, scale=100, digits=1):
    mean = sum(values) / len(values) * scale
    if len(values) == 1:
        return f"{mean:.{digits}f}"
    low, high = min(values) * scale, max(values) * scale
    return f"{mean:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def cost(folder, name, seed):
    """Seconds of steps, and operations, of what made a policy; the supervised stage included."""
    supervised, first = stages(folder / "synthesis-0")
    parts = [(supervised, tokens(supervised), SUPERVISED)]
    if name == "grpo":
        _, sampled = stages(folder / f"synthesis-{seed}")
        before = tokens(supervised) if seed == 0 else 0
        parts.append((sampled, tokens(sampled, before), SAMPLED))
    if name == "continued":
        more = rows(folder / "continued" / "metrics.jsonl")
        parts.append((more, tokens(more), SUPERVISED))
    seconds = sum(row["step_time"] for part, _, _ in parts for row in part)
    return seconds, sum(count * each for _, count, each in parts)


def table(folder):
    print(
        "| policy | greedy | sampled | pass@4 | length | reasons | right when reasoning / terse"
        " | seconds | M token-ops |"
    )
    print("|" + " --- |" * 9)
    for title, name, seeds in ROWS:
        stems = [f"{name}-{seed}" if len(seeds) > 1 else name for seed in seeds]
        greedy = [json.loads((folder / f"{stem}.1.json").read_text()) for stem in stems]
        sampled = [json.loads((folder / f"{stem}.4.json").read_text()) for stem in stems]
        costs = [cost(folder, name, seed) for seed in seeds]

        def style(key, value):
            found = [r["by_style"][key][value] for r in sampled if key in r.get("by_style", {})]
            return f"{100 * sum(found) / len(found):.0f}" if found else "–"

        cells = [
            title,
            spread([r["pass@1"] for r in greedy]),
            spread([r["pass@1"] for r in sampled]),
            spread([r["pass@4"] for r in sampled]),
            f"{sum(r['mean_length'] for r in sampled) / len(sampled):.0f}",
            style("reasoning", "share"),
            f"{style('reasoning', 'pass@1')} / {style('terse', 'pass@1')}",
            spread([c[0] for c in costs], 1, 0),
            spread([c[1] for c in costs], 1e-6, 0),
        ]
        print("| " + " | ".join(cells) + " |")


def steps(folder):
    """What a GRPO step's time goes to, and what programs tried beside passing their tests."""
    print("\n| seed | s a step | rollout | grade | train | grading share | attempts in all samples |")
    print("|" + " --- |" * 7)
    for seed in SEEDS:
        _, sampled = stages(folder / f"synthesis-{seed}")

        def mean(key):
            return sum(row[key] for row in sampled) / len(sampled)

        # The mean of the steps' shares, not the share of the means.
        share = sum(row["time/grade"] / row["step_time"] for row in sampled) / len(sampled)
        attempts = {}
        for row in sampled:
            for key, value in row.items():
                if key.startswith("attempts/") and value:
                    kind = key.removeprefix("attempts/")
                    attempts[kind] = attempts.get(kind, 0) + value
        seen = ", ".join(f"{kind} {count}" for kind, count in sorted(attempts.items())) or "none"
        print(
            f"| {seed} | {mean('step_time'):.2f} | {mean('time/rollout'):.2f}"
            f" | {mean('time/grade'):.2f} | {mean('time/train'):.2f} | {100 * share:.0f} % | {seen} |"
        )


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--control":
        control(pathlib.Path(sys.argv[2]))
    elif len(sys.argv) == 2:
        table(pathlib.Path(sys.argv[1]))
        steps(pathlib.Path(sys.argv[1]))
    else:
        sys.exit(__doc__)


main()
