#!/usr/bin/env python3
"""Writes the objective goldens: losses, gradients and advantages from the published formulas.

Plain float64 PyTorch: a formula is written down once, autograd gives its gradient. The file
Tests/HoneTrainingTests/Goldens/objective.json holds

  batches      named inputs: groups of samples with reward, old, new and reference log-probabilities
  advantages   settings and rewards -> advantages
  cases        settings and the name of a batch -> advantages, token losses, loss, gradient, clipping

Settings are spelled as in a recipe. `--check-trl` runs TRL's own `GRPOTrainer._compute_loss` on
every case that TRL can express and compares loss, gradient and clip ratios.
"""

import argparse
import collections
import json
import math
import pathlib
import types

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]

LOG_RATIO_BOUND = 20.0
# Rewards this close, relative to the largest (at least 1), are the same reward: sums of the same
# parts in another order, as 0.1 + 0.2 and 0.3.
EQUAL_REWARDS = 1e-12
MAX_COMPLETION_LENGTH = 8


# MARK: - Settings


def settings(preset=None, **changes):
    """A full set of settings: GRPO's (Shao et al. 2024), then a preset's, then single keys."""
    full = {
        "loss": "clip",
        "aggregation": "sequence-mean",
        "epsilon": 0.2,
        "epsilon_high": 0.2,
        "dual_clip": None,
        "cap": "absolute",
        "sapo_temperature_pos": 1.0,
        "sapo_temperature_neg": 1.05,
        "advantage": {
            "baseline": "group-mean",
            "scale": "group-std",
            "std": "sample",
            "epsilon": 1e-4,
        },
        "kl": {"estimator": "k3", "place": "loss", "beta": 0.0, "importance_weighted": False},
    }
    for change in (PRESETS[preset] if preset else {}), changes:
        for key, value in change.items():
            if key not in full:
                raise KeyError(key)
            full[key] = {**full[key], **value} if isinstance(value, dict) else value
    return full


PRESETS = {
    "grpo": {},
    "dr_grpo": {"aggregation": "constant", "advantage": {"scale": "none"}},
    "dapo": {"aggregation": "token-mean", "epsilon_high": 0.28},
    "gspo": {"loss": "gspo", "epsilon": 3e-4, "epsilon_high": 4e-4},
    "cispo": {"loss": "cispo", "aggregation": "token-mean", "epsilon_high": 5.0},
    "sapo": {"loss": "sapo"},
    "rloo": {
        "loss": "reinforce",
        "aggregation": "constant",
        "advantage": {"baseline": "leave-one-out", "scale": "none"},
        "kl": {"estimator": "k1", "place": "reward"},
    },
    "reinforce++": {
        "aggregation": "token-mean",
        "advantage": {"baseline": "batch", "scale": "batch-std"},
        "kl": {"estimator": "k1", "place": "reward"},
    },
}


# MARK: - Advantages


def are_equal(values):
    largest = max([1.0] + [abs(value) for value in values])
    return max(values) - min(values) <= EQUAL_REWARDS * largest


def mean(values):
    return math.fsum(values) / len(values)


def deviation(values, rule):
    if len(values) < 2:
        return 0.0
    center = mean(values)
    squares = math.fsum((value - center) ** 2 for value in values)
    return math.sqrt(squares / (len(values) - (1 if rule["std"] == "sample" else 0)))


def advantages(rule, groups):
    """Rewards [groups][samples] to advantages; None is an unscored sample, in and out.

    An unscored sample is in no mean and no deviation. A group that compares with itself has
    advantages of exactly 0 where its rewards are equal or fewer than two are scored.
    """
    scored = [[r for r in group if r is not None] for group in groups]
    everything = [r for group in scored for r in group]
    batch_mean = mean(everything) if everything else 0.0

    def difference(group, reward):
        if rule["baseline"] == "none":
            return reward
        if rule["baseline"] == "batch":
            return 0.0 if are_equal(everything) else reward - batch_mean
        if len(group) < 2 or are_equal(group):
            return 0.0
        if rule["baseline"] == "group-mean":
            return reward - mean(group)
        assert rule["baseline"] == "leave-one-out"
        return reward - (math.fsum(group) - reward) / (len(group) - 1)

    differences = [[difference(group, r) for r in group] for group in scored]
    flat = [d for group in differences for d in group]

    def scaled(group, value):
        if value == 0.0 and rule["scale"] != "batch-whiten":
            return 0.0
        if rule["scale"] == "none":
            return value
        if rule["scale"] == "group-std":
            return value / (deviation(group, rule) + rule["epsilon"])
        if rule["scale"] == "batch-std":
            return value / (deviation(everything, rule) + rule["epsilon"])
        assert rule["scale"] == "batch-whiten"
        return (value - mean(flat)) / (deviation(flat, rule) + rule["epsilon"])

    results = []
    for group, rewards, values in zip(groups, scored, differences):
        rest = iter(scaled(rewards, value) for value in values)
        results.append([None if reward is None else next(rest) for reward in group])
    return results


# MARK: - Losses


def k_estimate(estimator, new, reference):
    d = reference - new
    k2 = d.square() / 2
    if estimator == "k1":
        return -d
    if estimator == "k2":
        return k2
    k3 = d.exp() - d - 1
    if estimator == "k3":
        return k3
    assert estimator == "k3+"  # reports k3, back-propagates k2
    return k2 + (k3 - k2).detach()


def token_losses(rule, advantage, new, old):
    """The loss of each token of one sample, and how many ratios are clipped: low, high, of."""
    log_ratio = new - old
    if rule["loss"] == "gspo":
        log_ratio = log_ratio.mean().expand_as(new)
    ratio = log_ratio.clamp(-LOG_RATIO_BOUND, LOG_RATIO_BOUND).exp()
    low, high = 1 - rule["epsilon"], 1 + rule["epsilon_high"]
    is_low = is_high = torch.zeros_like(new, dtype=torch.bool)

    if rule["loss"] in ("clip", "gspo"):
        objective = torch.min(ratio * advantage, ratio.clamp(low, high) * advantage)
        if rule["dual_clip"] is not None and advantage < 0:
            objective = objective.clamp(min=rule["dual_clip"] * advantage)
        losses = -objective
        if advantage < 0:
            is_low = ratio < low
        if advantage > 0:
            is_high = ratio > high
        assert ((ratio - low).abs() > 1e-7).all() and ((ratio - high).abs() > 1e-7).all()
    elif rule["loss"] == "cispo":
        cap = rule["epsilon_high"] if rule["cap"] == "absolute" else high
        losses = -ratio.clamp(max=cap).detach() * advantage * new
        if advantage > 0:
            is_high = ratio > cap
    elif rule["loss"] == "sapo":
        sign = "pos" if advantage > 0 else "neg"
        tau = rule[f"sapo_temperature_{sign}"]
        losses = -advantage * (4 / tau) * torch.sigmoid(tau * (ratio - 1))
    else:
        assert rule["loss"] == "reinforce"
        losses = -advantage * new

    if rule["loss"] == "gspo":  # one ratio a sequence
        return losses, (int(is_low[0]), int(is_high[0]), 1), ratio
    return losses, (int(is_low.sum()), int(is_high.sum()), new.numel()), ratio


def weights(rule, samples):
    """What each token of each sample counts for; None where a sample is unscored.

    Lengths are those of the whole optimiser batch. An unscored sample is not there at all; a
    masked one counts as a sample and its tokens do not.
    """
    present = [s for s in samples if s["reward"] is not None]
    tokens = sum(len(s["new"]) for s in present if not s.get("masked"))

    def weight(sample):
        if sample["reward"] is None:
            return None
        if sample.get("masked"):
            return 0.0
        if rule["aggregation"] == "sequence-mean":
            return 1 / (len(present) * len(sample["new"]))
        if rule["aggregation"] == "token-mean":
            return 1 / tokens
        assert rule["aggregation"] == "constant"
        return 1 / (len(present) * MAX_COMPLETION_LENGTH)

    return [weight(sample) for sample in samples]


def evaluate(rule, groups):
    """One case: everything that an objective computes from a batch."""
    kl = rule["kl"]
    samples = [sample for group in groups for sample in group]

    def reward(sample):
        if sample["reward"] is None:
            return None
        if kl["place"] == "reward" and kl["beta"] != 0:
            # The penalty of a sampled sequence: the sum over its tokens, before any update.
            old, reference = tensor(sample["old"]), tensor(sample["ref"])
            penalty = k_estimate(kl["estimator"], old, reference).sum().item()
            return sample["reward"] - kl["beta"] * penalty
        return sample["reward"]

    values = advantages(rule["advantage"], [[reward(s) for s in group] for group in groups])
    total = torch.zeros((), dtype=torch.float64)
    losses, news, kl_sum, tokens = [], [], 0.0, 0
    low = high = ratios = 0
    for sample, value, weight in zip(samples, sum(values, []), weights(rule, samples)):
        if weight is None:
            losses.append(None)
            news.append(None)
            continue
        new = tensor(sample["new"]).requires_grad_()
        loss, clipped, ratio = token_losses(rule, value, new, tensor(sample["old"]))
        if kl["place"] == "loss" and kl["beta"] != 0:
            estimate = k_estimate(kl["estimator"], new, tensor(sample["ref"]))
            if kl["importance_weighted"]:
                estimate = estimate * ratio
            loss = loss + kl["beta"] * estimate
            if not sample.get("masked"):
                kl_sum += estimate.sum().item()
        total = total + weight * loss.sum()
        losses.append(loss)
        news.append(new)
        if not sample.get("masked"):
            tokens += len(sample["new"])
            low, high, ratios = low + clipped[0], high + clipped[1], ratios + clipped[2]
    total.backward()
    has_clip = rule["loss"] in ("clip", "gspo", "cispo")
    return {
        "advantages": values,
        "token_losses": [None if t is None else t.tolist() for t in losses],
        "loss": total.item(),
        "gradient": [None if t is None else t.grad.tolist() for t in news],
        "kl": kl_sum / tokens if kl["place"] == "loss" and kl["beta"] != 0 else None,
        "clip_low": low / ratios if has_clip else None,
        "clip_high": high / ratios if has_clip else None,
    }


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


# MARK: - Inputs


def make_batch(generator, drift, rewards, masked=()):
    """Samples of 1 to 6 tokens; new log-probabilities lie `drift` away from the old ones."""
    groups, number = [], 0
    for group in rewards:
        samples = []
        for reward in group:
            length = LENGTHS[number % len(LENGTHS)]

            def noise(scale):
                return scale * torch.randn(length, dtype=torch.float64, generator=generator)

            depth = 2 + 2 * drift  # room for ratios above 1: a log-probability is negative
            old = -0.05 - depth * torch.rand(length, dtype=torch.float64, generator=generator)
            new = torch.minimum(old + noise(drift), torch.tensor(-0.01, dtype=torch.float64))
            ref = torch.minimum(old + noise(0.4), torch.tensor(-0.01, dtype=torch.float64))
            sample = {
                "reward": reward,
                "old": rounded(old),
                "new": rounded(new),
                "ref": rounded(ref),
            }
            if number in masked:
                sample["masked"] = True
            samples.append(sample)
            number += 1
        groups.append(samples)
    return groups


def rounded(values):
    """Six decimals: short to read, and exact in the file."""
    return [round(value, 6) for value in values.tolist()]


LENGTHS = [3, 6, 1, 4, 2, 5, 5, 1, 6, 2, 3, 4]
NOISE = 0.1 + 0.2
REWARDS = [
    [1.0, 0.0, 0.5, None],  # a mixture with an unscored sample
    [1.0, 1.0, 1.0, 1.0],  # all equal
    [NOISE, 0.3, 0.3, NOISE],  # equal but for the noise of adding up
]
MIXED = [[1.0, 0.0, 0.5, None], [1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.25, 0.0]]


def make_batches():
    generator = torch.Generator().manual_seed(0)
    # Every batch has negative and positive advantages on both sides of the clip.
    batches = {
        "flat-groups": make_batch(generator, 0.3, REWARDS),
        "off-policy": make_batch(generator, 0.3, MIXED),
        "far": make_batch(generator, 1.5, MIXED),
        "near": make_batch(generator, 1e-3, MIXED),
        "on-policy": make_batch(generator, 0.0, MIXED),
        "masked": make_batch(generator, 0.3, MIXED, masked=(1, 8)),
        "extreme": make_batch(generator, 0.3, MIXED),
    }
    # Log-ratios beyond the clamp, upwards and downwards, with advantages of either sign.
    for group, sample in ((0, 0), (0, 1), (2, 1), (2, 2)):
        tokens = batches["extreme"][group][sample]
        tokens["old"][0] = -30.0
        tokens["old"][1], tokens["new"][1] = -0.5, -27.25
    return batches


ADVANTAGE_REWARDS = {
    "mixed": MIXED,
    "flat-groups": REWARDS,
    "one-scored": [[None, 1.0, None, None], [None, None, None, None], [1.0, 0.0, 0.0, 0.25]],
    "all-equal": [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]],
    "unequal-groups": [[1.0, 0.0], [0.2, 0.4, 0.9, 0.9, 0.1], [-1.0, 3.0, 0.5]],
}

ADVANTAGE_RULES = [
    {"baseline": "group-mean", "scale": "group-std"},
    {"baseline": "group-mean", "scale": "group-std", "epsilon": 1e-9},
    {"baseline": "group-mean", "scale": "group-std", "epsilon": 0.0},
    {"baseline": "group-mean", "scale": "group-std", "std": "population", "epsilon": 1e-6},
    {"baseline": "group-mean", "scale": "none"},
    {"baseline": "group-mean", "scale": "batch-std"},
    {"baseline": "group-mean", "scale": "batch-std", "std": "population"},
    {"baseline": "group-mean", "scale": "batch-whiten"},
    {"baseline": "leave-one-out", "scale": "none"},
    {"baseline": "leave-one-out", "scale": "group-std"},
    {"baseline": "batch", "scale": "none"},
    {"baseline": "batch", "scale": "batch-std"},
    {"baseline": "none", "scale": "none"},
]


def make_cases():
    def kl(estimator, beta=0.1, **changes):
        return {"estimator": estimator, "place": "loss", "beta": beta, **changes}

    cases = [
        ("flat-groups", settings("grpo")),
        ("flat-groups", settings("grpo", kl=kl("k3"))),
        ("off-policy", settings("grpo")),
        ("off-policy", settings("dr_grpo")),
        ("off-policy", settings("dapo")),
        ("off-policy", settings("rloo")),
        ("off-policy", settings("rloo", kl={"beta": 0.05})),
        ("off-policy", settings("reinforce++")),
        ("off-policy", settings("reinforce++", kl={"beta": 0.05})),
        ("off-policy", settings("gspo")),
        ("near", settings("gspo")),
        ("near", settings("gspo", kl=kl("k3"))),
        ("near", settings("gspo", aggregation="token-mean")),
        ("off-policy", settings("cispo")),
        ("far", settings("cispo")),
        ("off-policy", settings("cispo", cap="relative", epsilon_high=0.2)),
        ("far", settings("cispo", cap="relative", epsilon_high=0.28)),
        ("off-policy", settings("sapo")),
        ("far", settings("sapo", sapo_temperature_pos=2.0, sapo_temperature_neg=3.0)),
    ]
    # Aggregation and scale, independently of the presets.
    for aggregation in ("sequence-mean", "token-mean", "constant"):
        cases.append(("off-policy", settings(aggregation=aggregation, epsilon_high=0.25)))
        cases.append(("masked", settings(aggregation=aggregation)))
    for scale in ("batch-std", "batch-whiten", "none"):
        cases.append(("off-policy", settings(advantage={"scale": scale})))
    # KL in the loss.
    for estimator in ("k1", "k2", "k3", "k3+"):
        cases.append(("off-policy", settings("grpo", kl=kl(estimator))))
    cases.append(("masked", settings("grpo", kl=kl("k3"))))
    cases.append(("off-policy", settings("dapo", kl=kl("k3", importance_weighted=True))))
    cases.append(("off-policy", settings("dr_grpo", kl=kl("k3", beta=0.04))))
    # Dual clip; the published 3, and one that binds in most negative samples.
    cases.append(("far", settings("grpo", dual_clip=3.0)))
    cases.append(("far", settings("dapo", dual_clip=1.5)))
    # At the first update: every ratio is 1, the gradient is not 0.
    for preset in ("grpo", "dr_grpo", "dapo", "gspo", "cispo", "sapo"):
        cases.append(("on-policy", settings(preset)))
    # Ratios whose logarithm is clamped.
    cases.append(("extreme", settings("grpo")))
    cases.append(("extreme", settings("dapo", dual_clip=3.0)))
    cases.append(("extreme", settings("cispo")))
    cases.append(("extreme", settings("sapo")))
    return cases


def name(batch, rule):
    preset = next((p for p in PRESETS if settings(p) == rule), None)
    if preset:
        return f"{preset} on {batch}"

    def differences(old, new):
        for key, value in new.items():
            if isinstance(value, dict):
                yield from (f"{key}.{rest}" for rest in differences(old[key], value))
            elif value != old[key]:
                yield f"{key}={value}"

    def distance(preset):
        full = settings(preset)
        return full["loss"] != rule["loss"], len(list(differences(full, rule)))

    preset = min(PRESETS, key=distance)
    return f"{preset} with {' '.join(differences(settings(preset), rule))} on {batch}"


# MARK: - TRL


def check_against_trl(batches, cases):
    """Runs TRL's own loss on the cases that it can express; fails beyond 1e-12.

    The method is called without a trainer: everything that it reads of one is given by hand.
    """
    import trl
    from trl import GRPOTrainer

    loss_types = {
        ("clip", "sequence-mean"): "grpo",
        ("clip", "token-mean"): "dapo",
        ("clip", "constant"): "dr_grpo",
        ("gspo", "sequence-mean"): "grpo",
        ("cispo", "token-mean"): "cispo",
        ("sapo", "sequence-mean"): "sapo",
    }
    count = 0
    for case in cases:
        rule, kl = case["settings"], case["settings"]["kl"]
        loss_type = loss_types.get((rule["loss"], rule["aggregation"]))
        has_other_kl = kl["beta"] != 0 and kl["place"] == "loss" and kl["estimator"] != "k3"
        is_relative = rule["loss"] == "cispo" and rule["cap"] == "relative"
        is_clamped = case["batch"] == "extreme"  # TRL does not clamp
        if loss_type is None or rule["dual_clip"] or has_other_kl or is_relative or is_clamped:
            continue
        samples = sum(batches[case["batch"]], [])
        present = [i for i, s in enumerate(samples) if s["reward"] is not None]

        def padded(key, fill=0.0):
            rows = [samples[i][key] for i in present]
            width = max(map(len, rows))
            return tensor([row + [fill] * (width - len(row)) for row in rows])

        new = padded("new").requires_grad_()
        mask = torch.zeros_like(new, dtype=torch.int64)
        for row, index in enumerate(present):
            if not samples[index].get("masked"):
                mask[row, : len(samples[index]["new"])] = 1
        flat = sum(case["advantages"], [])
        accelerator = types.SimpleNamespace(
            num_processes=1,
            gather=lambda x: x,
            reduce=lambda x, reduction: x,
        )
        metrics = collections.defaultdict(list)
        trainer = types.SimpleNamespace(
            _get_per_token_logps_and_entropies=lambda *a, **k: (new, torch.zeros_like(new), None),
            aux_loss_enabled=False,
            top_entropy_quantile=1.0,
            off_policy_mask_threshold=None,
            importance_sampling_level="sequence" if rule["loss"] == "gspo" else "token",
            beta=kl["beta"] if kl["place"] == "loss" else 0.0,
            epsilon_low=rule["epsilon"],
            epsilon_high=rule["epsilon_high"],
            loss_type=loss_type,
            use_vllm=False,
            max_completion_length=MAX_COMPLETION_LENGTH,
            current_gradient_accumulation_steps=1,
            accelerator=accelerator,
            model=types.SimpleNamespace(training=True),
            _entropy_bonus_enabled=False,
            _metrics={"train": metrics},
            args=types.SimpleNamespace(
                delta=None,
                steps_per_generation=1,
                sapo_temperature_pos=rule["sapo_temperature_pos"],
                sapo_temperature_neg=rule["sapo_temperature_neg"],
                use_bias_correction_kl=kl["importance_weighted"],
            ),
        )
        empty = torch.zeros((len(present), 0), dtype=torch.int64)
        loss = GRPOTrainer._compute_loss(
            trainer,
            None,
            {
                "prompt_ids": empty,
                "prompt_mask": empty,
                "completion_ids": mask,
                "completion_mask": mask,
                "advantages": tensor([flat[i] for i in present]),
                "old_per_token_logps": padded("old"),
                "ref_per_token_logps": padded("ref"),
                "num_items_in_batch": mask.sum(),
            },
        )
        loss.backward()
        seen = {key: values[0] for key, values in metrics.items()}
        pairs = [(loss.item(), case["loss"])]
        for row, index in enumerate(present):
            pairs += zip(new.grad[row].tolist(), case["gradient"][index])
        if case["kl"] is not None:
            pairs.append((seen["kl"], case["kl"]))
        if rule["loss"] in ("clip", "gspo"):
            shares = [("clip_ratio/low_mean", "clip_low"), ("clip_ratio/high_mean", "clip_high")]
        else:
            shares = [("cispo_clip_ratio", "clip_high")] if rule["loss"] == "cispo" else []
        for theirs, ours in pairs:
            if not abs(theirs - ours) <= 1e-12 * max(1.0, abs(ours)):
                raise AssertionError(f"{case['name']}: TRL has {theirs}, this file {ours}")
        for theirs, ours in shares:  # counted in float32 there
            if not abs(seen[theirs] - case[ours]) <= 1e-6:
                raise AssertionError(f"{case['name']}: {theirs} is {seen[theirs]}, not {case[ours]}")
        count += 1
    print(f"TRL {trl.__version__} agrees on {count} of {len(cases)} cases")


# MARK: - Output


def as_text(document):
    """One line a batch, a rule and a field of a case: readable in a diff, and not too long."""
    lines = []
    for key, value in document.items():
        if isinstance(value, dict) and key == "batches":
            rows = [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
            lines.append(f" {json.dumps(key)}: {{\n" + ",\n".join(rows) + "\n }")
        elif isinstance(value, list):
            rows = ["  " + json.dumps(row) for row in value]
            lines.append(f" {json.dumps(key)}: [\n" + ",\n".join(rows) + "\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        default=ROOT / "Tests/HoneTrainingTests/Goldens/objective.json",
        help="file to write (default: %(default)s)",
    )
    parser.add_argument("--check-trl", action="store_true", help="compare with TRL's own loss")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    batches = make_batches()
    cases = []
    for batch, rule in make_cases():
        case = {"name": name(batch, rule), "batch": batch, "settings": rule}
        cases.append({**case, **evaluate(rule, batches[batch])})
    assert len({case["name"] for case in cases}) == len(cases), "two cases are the same"

    advantage_cases = []
    for change in ADVANTAGE_RULES:
        rule = {**settings()["advantage"], **change}
        for rewards in ADVANTAGE_REWARDS.values():
            advantage_cases.append(
                {"advantage": rule, "rewards": rewards, "advantages": advantages(rule, rewards)}
            )
    if arguments.check_trl:
        torch.set_default_dtype(torch.float64)  # else SAPO's temperatures become float32 there
        check_against_trl(batches, cases)
    document = {
        "made_by": {"torch": torch.__version__},
        "max_completion_length": MAX_COMPLETION_LENGTH,
        "batches": batches,
        "advantages": advantage_cases,
        "cases": cases,
    }
    arguments.output.write_text(as_text(document))
    print(f"{len(cases)} cases, {len(advantage_cases)} advantages: {arguments.output}")


if __name__ == "__main__":
    main()
