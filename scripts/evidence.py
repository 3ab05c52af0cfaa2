"""The table and the curves of scripts/evidence, from the runs' own files.

Usage: python3 scripts/evidence.py FOLDER

Prints a Markdown table and writes FOLDER/curves.svg. Needs nothing but Python's library.
"""

import json
import pathlib
import sys

SEEDS = (0, 1, 2)
ROWS = (
    ("base", "base", False),
    ("base, reasoning forced by `<think>`", "forced", False),
    ("SFT continued", "sft-continued", True),
    ("expert iteration", "expert-iteration", True),
    ("**GRPO**", "quickstart", True),
)


def read(folder, name, tasks, samples):
    return json.loads((folder / f"{name}.{tasks}.{samples}.json").read_text())


def names(name, seeded):
    return [f"{name}-{seed}" for seed in SEEDS] if seeded else [name]


def spread(values, scale=100, digits=1):
    mean = sum(values) / len(values) * scale
    if len(values) == 1:
        return f"{mean:.{digits}f}"
    low, high = min(values) * scale, max(values) * scale
    return f"{mean:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def style(result, key):
    return result["by_style"].get(key, {}) if "by_style" in result else {}


def cost(folder, name):
    """Seconds and operations (in units of parameters x tokens) of a run's steps."""
    path = folder / name / "metrics.jsonl"
    if not path.exists():
        return None
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    seconds = sum(row["step_time"] for row in rows)
    per_token = 8 if "reward" in rows[0] else 6
    return seconds, rows[-1].get("num_unique_tokens", rows[-1]["num_tokens"]) * per_token


def table(folder):
    head = (
        "| policy | greedy | sampled | pass@4 | length | reasons | right when reasoning | right when terse"
        " | harder, greedy | harder, sampled | seconds | M token-ops |"
    )
    print(head)
    print("|" + " --- |" * 12)
    for title, name, seeded in ROWS:
        every = names(name, seeded)
        greedy = [read(folder, n, "test", 1)["pass@1"] for n in every]
        sampled = [read(folder, n, "test", 4) for n in every]
        harder = [[read(folder, n, "harder", k)["pass@1"] for n in every] for k in (1, 4)]
        costs = [c for c in (cost(folder, n) for n in every) if c]
        cells = [
            title,
            spread(greedy),
            spread([r["pass@1"] for r in sampled]),
            spread([r["pass@4"] for r in sampled]),
            spread([r["mean_length"] for r in sampled], 1),
            spread([style(r, "reasoning").get("share", 0) for r in sampled], 100, 0),
            spread([style(r, "reasoning").get("pass@1", 0) for r in sampled], 100, 0),
            spread([style(r, "terse").get("pass@1", 0) for r in sampled], 100, 0),
            spread(harder[0]),
            spread(harder[1]),
            spread([c[0] for c in costs], 1, 0) if costs else "",
            spread([c[1] for c in costs], 1e-6, 1) if costs else "",
        ]
        print("| " + " | ".join(cells) + " |")


def gain_by_seed(folder):
    """How much of the sampled gain is a change of style, with the base's accuracy in each style."""
    base = read(folder, "base", "test", 4)
    accuracy = {key: style(base, key).get("pass@1", 0) for key in ("reasoning", "terse")}
    print("\n| seed | greedy | sampled | of which style | of which better answers |")
    print("| --- | --- | --- | --- | --- |")
    for seed in SEEDS:
        after = read(folder, f"quickstart-{seed}", "test", 4)
        share = style(after, "reasoning").get("share", 0)
        restyled = share * accuracy["reasoning"] + (1 - share) * accuracy["terse"]
        greedy = (
            read(folder, f"quickstart-{seed}", "test", 1)["pass@1"]
            - read(folder, "base", "test", 1)["pass@1"]
        )
        total = after["pass@1"] - base["pass@1"]
        by_style = restyled - base["pass@1"]
        print(
            f"| {seed} | {100 * greedy:+.1f} | {100 * total:+.1f} | {100 * by_style:+.1f}"
            f" | {100 * (total - by_style):+.1f} |"
        )


def curves(folder):
    """Reward and mean length of the three GRPO runs, smoothed over 5 steps."""
    width, height, left, top = 720, 260, 50, 20
    panel = (width - 3 * left) / 2
    colours = ("#1f77b4", "#d62728", "#2ca02c")
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for index, (key, title) in enumerate(
        (("reward", "reward (share of samples right)"), ("completions/mean_length", "mean length, tokens"))
    ):
        series = []
        for seed in SEEDS:
            path = folder / f"quickstart-{seed}" / "metrics.jsonl"
            values = [json.loads(line)[key] for line in path.read_text().splitlines()]
            series.append(
                [sum(values[max(0, i - 4) : i + 1]) / len(values[max(0, i - 4) : i + 1]) for i in range(len(values))]
            )
        ceiling = 1 if key == "reward" else max(map(max, series)) * 1.1
        x0 = left + index * (panel + left)
        bottom = height - 40
        out.append(f'<text x="{x0}" y="{top - 6}">{title}</text>')
        for tick in range(5):
            y = bottom - (bottom - top) * tick / 4
            label = ceiling * tick / 4
            out.append(f'<line x1="{x0}" y1="{y}" x2="{x0 + panel}" y2="{y}" stroke="#ddd"/>')
            out.append(
                f'<text x="{x0 - 6}" y="{y + 4}" text-anchor="end">'
                f'{label:.2f}</text>' if key == "reward" else
                f'<text x="{x0 - 6}" y="{y + 4}" text-anchor="end">{label:.0f}</text>'
            )
        steps = len(series[0])
        for colour, seed, values in zip(colours, SEEDS, series):
            points = " ".join(
                f"{x0 + panel * i / max(1, steps - 1):.1f},{bottom - (bottom - top) * v / ceiling:.1f}"
                for i, v in enumerate(values)
            )
            out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        out.append(f'<text x="{x0}" y="{bottom + 16}">step 1</text>')
        out.append(f'<text x="{x0 + panel}" y="{bottom + 16}" text-anchor="end">{steps}</text>')
    for index, (colour, seed) in enumerate(zip(colours, SEEDS)):
        out.append(f'<text x="{left + 70 * index}" y="{height - 8}" fill="{colour}">seed {seed}</text>')
    out.append("</svg>")
    (folder / "curves.svg").write_text("\n".join(out) + "\n")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    table(folder)
    gain_by_seed(folder)
    curves(folder)


main()
