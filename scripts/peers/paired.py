#!/usr/bin/env python3
"""Runs `hone bench` and its peers in turns (A B A B ...) and prints a Markdown table.

Called by scripts/bench-peers --paired. Needs nothing but Python's library; the peers run under the
Python that --python names. Every row of both sides goes to --rows, if given, with its round.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
PEERS = {
    "tiny": "grpo_trl.py",
    "long-prompt": "grpo_trl.py",
    "smol135": "grpo_trl.py",
    "decode-16": "decode_transformers.py",
    "decode-1": "decode_transformers.py",
    "decode-1:bf16": "decode_transformers.py",
}


def run(command, **environment):
    print("+ " + " ".join(command), file=sys.stderr, flush=True)
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | environment
    )
    if done.returncode:
        raise SystemExit(f"bench-peers: {command[0]} ended with status {done.returncode}")
    rows = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if len(rows) != 1:
        raise SystemExit(f"bench-peers: {len(rows)} rows of {' '.join(command)}, wanted one")
    return json.loads(rows[0])


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def seconds(value):
    return f"{value:.2f} s" if value >= 0.5 else f"{1000 * value:.1f} ms"


def mebibytes(value):
    return f"{value / 2**20:.0f}"


def median_and_range(values, text):
    middle = text(statistics.median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({text(min(values))}–{text(max(values))})"


def table(pairs):
    """pairs: scenario -> [(row of hone, row of the peer)]"""
    print(
        "| scenario | Hone, time per step | peer | its time per step | ratio"
        " | Hone, peak MiB | peer, peak MiB | ratio of peaks | share |"
    )
    print("|" + " --- |" * 9)
    for scenario, rounds in pairs.items():
        ours = [hone["step_seconds"] for hone, _ in rounds]
        theirs = [peer["seconds_per_step"] for _, peer in rounds]
        peaks = [(h["peak_resident_bytes"], p["peak_resident_bytes"]) for h, p in rounds]
        decoding = "bandwidth_share" in rounds[0][0]
        shares = [hone["bandwidth_share" if decoding else "sgemm_share"] for hone, _ in rounds]
        cells = [
            f"`{scenario}`",
            median_and_range(ours, seconds),
            rounds[0][1]["peer"],
            median_and_range(theirs, seconds),
            median_and_range([b / a for a, b in zip(ours, theirs)], lambda v: f"{v:.2f}x"),
            mebibytes(statistics.median(a for a, _ in peaks)),
            mebibytes(statistics.median(b for _, b in peaks)),
            f"{statistics.median(a / b for a, b in peaks):.2f}x",
            median_and_range(shares, lambda v: f"{v:.2f}")
            + (" of the bandwidth" if decoding else " of sgemm"),
        ]
        print("| " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--hone", required=True, help="the hone to measure")
    parser.add_argument("--python", required=True, help="a Python with the peers' packages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--hone-steps", type=int, default=5)
    parser.add_argument("--threads", type=int, help="of both sides (default: all)")
    parser.add_argument("--rows", help="a file that every row is appended to")
    parser.add_argument("--trl-option", action="append", default=[], help="for whole steps")
    parser.add_argument("--decode-option", action="append", default=[], help="for decoding")
    parser.add_argument("scenarios", nargs="+", choices=PEERS)
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")

    pairs = {}
    for scenario in arguments.scenarios:
        for number in range(1, arguments.rounds + 1):
            name, _, precision = scenario.partition(":")
            command = [arguments.hone, "bench", name, "--steps", str(arguments.hone_steps), "--json"]
            if precision:
                command += ["--precision", precision]
            threads = {"HONE_NUM_THREADS": str(arguments.threads)} if arguments.threads else {}
            hone = run(command, **threads)
            decoding = PEERS[scenario].startswith("decode")
            options = arguments.decode_option if decoding else arguments.trl_option
            if precision:
                options = [*options, "--precision", precision]
            if arguments.threads:
                options = [*options, "--threads", str(arguments.threads)]
            peer = run([arguments.python, str(FOLDER / PEERS[scenario]), name, *options])
            pairs.setdefault(scenario, []).append((hone, peer))
            if arguments.rows:
                with open(arguments.rows, "a") as file:
                    for row in (dict(hone, program="hone"), dict(peer, program=peer["peer"])):
                        file.write(json.dumps(dict(row, round=number)) + "\n")

    table(pairs)
    every = [pair for rounds in pairs.values() for pair in rounds]
    rates = [hone["sgemm_rate"] / 1e9 for hone, _ in every]
    bandwidths = [h["read_bandwidth"] / 1e9 for h, _ in every if "read_bandwidth" in h]
    versions = {}
    for _, peer in every:
        versions |= {key: peer[key] for key in ("trl", "transformers", "torch") if key in peer}
    doctor = subprocess.run(
        [arguments.hone, "doctor", "--json"], stdout=subprocess.PIPE, text=True
    ).stdout
    version = json.loads(doctor)["hone"]
    facts = [
        f"{processor()}, {len(os.sched_getaffinity(0))} processors",
        f"sgemm {min(rates):.0f}–{max(rates):.0f} GFLOP/s",
    ]
    if bandwidths:
        facts.append(f"reading memory {min(bandwidths):.1f}–{max(bandwidths):.1f} GB/s")
    facts += [
        f"hone {version}",
        ", ".join(f"{name} {value}" for name, value in versions.items()),
        f"Python {platform.python_version()}",
        datetime.date.today().isoformat(),
        f"{arguments.rounds} rounds in turns, medians with ranges; a step of a decode scenario is a"
        " token of every completion",
    ]
    print("\n" + "; ".join(facts) + ".")


if __name__ == "__main__":
    main()
