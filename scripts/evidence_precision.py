"""Rows, tables and curves of scripts/evidence-precision. Needs nothing but Python's library.

Usage: evidence_precision.py rows MODEL < DEMONSTRATIONS     rows for `hone score`
       evidence_precision.py report FOLDER                    tables, and FOLDER/precision-curves.svg
"""

import json
import pathlib
import statistics
import sys

SEEDS = (0, 1, 2)
PRECISIONS = ("fp32", "bf16", "fp8")
# Of scripts/evidence-precision's ablations: fp32 but for one choice. "order" is the control: everything is
# fp32, only sums are made in slices of 64, so that their last bits differ.
CHOICES = ("order", "moments", "operands", "activations", "cache", "weights", "gradients", "masters")
COLOURS = {"fp32": "#1f77b4", "bf16": "#d62728", "fp8": "#2ca02c"}


def rows(model):
    """Demonstrations from standard input as prompts and completions in the model's template."""
    template = json.loads((pathlib.Path(model) / "hone.json").read_text())["prompt_template"]["text"]
    for line in sys.stdin:
        row = json.loads(line)
        prompt = template.replace("{question}", row["question"])
        print(json.dumps({"id": row["id"], "prompt": prompt, "completion": row["completion"]}))


def loss(folder, precision, seed):
    """Mean negative log-likelihood of a held-out token, in nats."""
    path = folder / f"sft-{precision}-{seed}.scores.jsonl"
    values = [v for line in path.read_text().splitlines() for v in json.loads(line)["logprobs"]]
    return -sum(values) / len(values)


def metrics(folder, name):
    return [json.loads(line) for line in (folder / name / "metrics.jsonl").read_text().splitlines()]


def last_evaluation(folder, name):
    lines = (folder / name / "evaluations.jsonl").read_text().splitlines()
    return json.loads(lines[-1])["pass@1"]


def report(folder):
    losses = {p: [loss(folder, p, s) for s in SEEDS] for p in PRECISIONS}
    mean = {p: statistics.fmean(losses[p]) for p in PRECISIONS}
    spread = max(losses["fp32"]) - min(losses["fp32"])
    bound = max(0.0025, 2 * spread / mean["fp32"])
    print("| precision | held-out loss, nats a token (three seeds) | mean | against fp32 |")
    print("| --- | --- | --- | --- |")
    for p in PRECISIONS:
        cells = ", ".join(f"{value:.4f}" for value in losses[p])
        print(f"| {p} | {cells} | {mean[p]:.4f} | {100 * (mean[p] / mean['fp32'] - 1):+.2f} % |")
    print(f"\nspread of fp32's seeds {100 * spread / mean['fp32']:.2f} %; bound {100 * bound:.2f} %")
    failed = [p for p in PRECISIONS if abs(mean[p] / mean["fp32"] - 1) > bound]

    for name in CHOICES:
        if not (folder / f"sft-{name}-{SEEDS[-1]}.scores.jsonl").exists():
            continue
        values = [loss(folder, name, s) for s in SEEDS]
        cells = ", ".join(f"{value:.4f}" for value in values)
        change = 100 * (statistics.fmean(values) / mean["fp32"] - 1)
        print(f"fp32 but for {name}: {cells}, {change:+.2f} %")

    print("\n| precision | reward, last 25 steps (three seeds) | mean | held out, greedy | seconds of a step |")
    print("| --- | --- | --- | --- | --- |")
    ends, curves = {}, {}
    for p in PRECISIONS:
        runs = [metrics(folder, f"grpo-{p}-{s}") for s in SEEDS]
        curves[p] = [[row["reward"] for row in run] for run in runs]
        ends[p] = [statistics.fmean(curve[-25:]) for curve in curves[p]]
        held = [last_evaluation(folder, f"grpo-{p}-{s}") for s in SEEDS]
        times = statistics.median(row["step_time"] for run in runs for row in run)
        print(
            f"| {p} | {', '.join(f'{v:.3f}' for v in ends[p])} | {statistics.fmean(ends[p]):.3f} "
            f"| {', '.join(f'{100 * v:.1f} %' for v in held)} | {times:.3f} |"
        )
        gaps = [row["policy/max_logprob_gap"] for run in runs for row in run]
        assert all(gap == 0 for gap in gaps if gap is not None), f"{p}: a gap of {max(gaps)}"
    spread = max(ends["fp32"]) - min(ends["fp32"])
    for p in PRECISIONS[1:]:
        difference = statistics.fmean(ends[p]) - statistics.fmean(ends["fp32"])
        print(f"\n{p}: {difference:+.4f} in the mean; the seeds of fp32 spread over {spread:.4f}", end="")
        if abs(difference) > spread:
            failed.append(f"{p} (reward)")
    print("\n\nsampler and trainer: a gap of 0 in every step of every run")
    (folder / "precision-curves.svg").write_text(svg(folder, curves))
    if failed:
        sys.exit(f"beyond its bound: {', '.join(failed)}")


def smooth(values, window):
    return [statistics.fmean(values[max(0, i - window + 1) : i + 1]) for i in range(len(values))]


def svg(folder, rewards):
    """Loss of the supervised runs and reward of the GRPO runs: a line a seed, a colour a precision."""
    losses = {
        p: [[row["loss"] for row in metrics(folder, f"sft-{p}-{s}")] for s in SEEDS]
        for p in PRECISIONS
    }
    width, height, left, top, bottom = 760, 280, 50, 26, 236
    panel = (width - 2 * left - 20) / 2
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    panels = (
        ("supervised: training loss, nats a token", losses, 25, 0.0, 2.0),
        ("GRPO: reward", rewards, 5, 0.0, 1.0),
    )
    for index, (title, series, window, low, high) in enumerate(panels):
        x0 = left + index * (panel + left)
        out.append(f'<text x="{x0}" y="{top - 8}">{title}</text>')
        for tick in range(5):
            y = bottom - (bottom - top) * tick / 4
            out.append(f'<line x1="{x0}" y1="{y}" x2="{x0 + panel}" y2="{y}" stroke="#ddd"/>')
            label = low + (high - low) * tick / 4
            out.append(f'<text x="{x0 - 6}" y="{y + 4}" text-anchor="end">{label:.2f}</text>')
        for p in PRECISIONS:
            for values in series[p]:
                steps = len(values)
                points = " ".join(
                    f"{x0 + panel * i / max(1, steps - 1):.1f},"
                    f"{bottom - (bottom - top) * (min(max(v, low), high) - low) / (high - low):.1f}"
                    for i, v in enumerate(smooth(values, window))
                )
                out.append(
                    f'<polyline points="{points}" fill="none" stroke="{COLOURS[p]}" '
                    'stroke-width="1.2" stroke-opacity="0.8"/>'
                )
        out.append(f'<text x="{x0}" y="{bottom + 16}">step 1</text>')
        out.append(f'<text x="{x0 + panel}" y="{bottom + 16}" text-anchor="end">{steps}</text>')
    for index, p in enumerate(PRECISIONS):
        out.append(f'<text x="{left + 70 * index}" y="{height - 10}" fill="{COLOURS[p]}">{p}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


if len(sys.argv) == 3 and sys.argv[1] == "rows":
    rows(sys.argv[2])
elif len(sys.argv) == 3 and sys.argv[1] == "report":
    report(pathlib.Path(sys.argv[2]))
else:
    sys.exit(__doc__)
