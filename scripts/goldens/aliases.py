#!/usr/bin/env python3
"""Writes what TRL means by its names: Tests/HoneTrainingTests/Goldens/aliases.json.

Nothing here says what a name ought to do: TRL and transformers are asked. The file holds

  fields     the names of `GRPOConfig`'s own fields, and the defaults of all
  schedules  names of `TrainingArguments` -> the learning rate of every update
  losses     names of `GRPOConfig` -> `GRPOTrainer._compute_loss` on one batch with a flat group:
             loss, gradient, kl, clip ratios
  runs       `GRPOTrainer.train` with a tiny model: what was sampled and graded -> what it logged
"""

import argparse
import collections
import dataclasses
import json
import math
import pathlib
import tempfile
import types

import torch
import transformers
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers.optimization import get_scheduler
from trl import GRPOConfig, GRPOTrainer
from trl.trainer.utils import nanstd

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAX_COMPLETION_LENGTH = 8


def config(folder, **names):
    return GRPOConfig(
        output_dir=folder,
        report_to="none",
        use_cpu=True,
        bf16=False,
        per_device_train_batch_size=12,
        **{"num_generations": 4, "max_completion_length": MAX_COMPLETION_LENGTH, **names},
    )


# MARK: - Schedules

SCHEDULES = [
    {"lr_scheduler_type": "constant"},
    {"lr_scheduler_type": "constant_with_warmup", "warmup_steps": 3},
    {"lr_scheduler_type": "linear"},
    {"lr_scheduler_type": "linear", "warmup_steps": 2},
    {"lr_scheduler_type": "linear", "warmup_steps": 0.3},
    {"lr_scheduler_type": "linear", "warmup_steps": 20},
    {"lr_scheduler_type": "cosine"},
    {"lr_scheduler_type": "cosine", "warmup_steps": 2},
    {"lr_scheduler_type": "cosine", "warmup_steps": 1},
    {"lr_scheduler_type": "cosine_with_restarts", "warmup_steps": 2},
    {"lr_scheduler_type": "polynomial", "warmup_steps": 2},
    {"lr_scheduler_type": "polynomial", "lr_scheduler_kwargs": {"lr_end": 1e-4}},
    {"lr_scheduler_type": "inverse_sqrt", "warmup_steps": 2},
    {"lr_scheduler_type": "inverse_sqrt"},
    {"lr_scheduler_type": "cosine_with_min_lr", "lr_scheduler_kwargs": {"min_lr_rate": 0.1}},
    {
        "lr_scheduler_type": "cosine_with_min_lr",
        "lr_scheduler_kwargs": {"min_lr": 5e-5},
        "warmup_steps": 3,
    },
]


def schedules(folder):
    rows = []
    for names in SCHEDULES:
        for steps in (1, 4, 11):
            if names.get("warmup_steps", 0) > 0 and steps == 1:
                continue
            asked = {**names, "learning_rate": 1e-3, "max_steps": steps}
            arguments = config(folder, **asked)
            parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
            optimizer = torch.optim.SGD([parameter], lr=arguments.learning_rate)
            scheduler = get_scheduler(
                arguments.lr_scheduler_type,
                optimizer=optimizer,
                num_warmup_steps=arguments.get_warmup_steps(steps),
                num_training_steps=steps,
                scheduler_specific_kwargs=arguments.lr_scheduler_kwargs,
            )
            rates = []
            for _ in range(steps):
                rates.append(scheduler.get_last_lr()[0])
                optimizer.step()
                scheduler.step()
            rows.append({"names": asked, "rates": rates})
    return rows


# MARK: - Losses

LOSSES = [
    {"loss_type": "dapo"},
    {"loss_type": "dapo", "beta": 0.1},
    {"loss_type": "dapo", "beta": 0.1, "use_bias_correction_kl": False},
    {"loss_type": "grpo", "beta": 0.04, "epsilon": 0.1},
    {"loss_type": "grpo", "epsilon": 0.1, "epsilon_high": 0.3},
    {"loss_type": "grpo", "delta": 1.5},
    {"loss_type": "dr_grpo", "scale_rewards": "none"},
    {"loss_type": "dr_grpo", "scale_rewards": "batch", "beta": 0.1},
    {"loss_type": "dapo", "mask_truncated_completions": True},
    {"loss_type": "grpo", "mask_truncated_completions": True, "beta": 0.1},
    {"loss_type": "cispo", "epsilon_high": 1.2, "beta": 0.05},
    {"loss_type": "sapo", "sapo_temperature_pos": 0.8, "beta": 0.1},
    {"loss_type": "grpo", "importance_sampling_level": "sequence", "epsilon": 3e-4},
    {"loss_type": "dapo", "importance_sampling_level": "sequence", "epsilon": 0.01, "beta": 0.1},
    {
        "loss_type": "dr_grpo",
        "importance_sampling_level": "sequence",
        "epsilon": 0.01,
        "mask_truncated_completions": True,
    },
    {
        "loss_type": "grpo",
        "importance_sampling_level": "sequence",
        "beta": 0.1,
        "use_bias_correction_kl": False,
    },
]


def make_batch():
    """Three groups of four, one of equal rewards; two completions were cut."""
    generator = torch.Generator().manual_seed(11)

    def random(count, scale):
        return torch.randn(count, generator=generator, dtype=torch.float64) * scale

    groups = []
    for rewards in ([1.0, 0.0, 0.5, 0.25], [1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.0]):
        group = []
        for reward in rewards:
            length = int(torch.randint(1, 7, (1,), generator=generator))
            old = -random(length, 1).abs() - 0.1
            numbers = {"old": old, "new": old + random(length, 0.3), "ref": old + random(length, 0.4)}
            group.append(
                {
                    "reward": reward,
                    "truncated": False,
                    **{key: [round(x, 6) for x in value.tolist()] for key, value in numbers.items()},
                }
            )
        groups.append(group)
    groups[0][1]["truncated"] = groups[1][2]["truncated"] = True
    return groups


def advantages(arguments, groups):
    rewards = torch.tensor([[s["reward"] for s in g] for g in groups], dtype=torch.float64)
    centred = rewards - rewards.mean(1, keepdim=True)
    if arguments.scale_rewards == "group":
        return centred / (nanstd(rewards, dim=1, keepdim=True) + 1e-4)
    if arguments.scale_rewards == "batch":
        return centred / (nanstd(rewards) + 1e-4)
    return centred


def loss(arguments, groups):
    samples = sum(groups, [])
    width = max(len(s["old"]) for s in samples)

    def padded(key):
        rows = [s[key] + [0.0] * (width - len(s[key])) for s in samples]
        return torch.tensor(rows, dtype=torch.float64)

    new = padded("new").requires_grad_()
    mask = torch.zeros((len(samples), width), dtype=torch.int64)
    for row, sample in enumerate(samples):
        if not (sample["truncated"] and arguments.mask_truncated_completions):
            mask[row, : len(sample["old"])] = 1
    metrics = collections.defaultdict(list)
    high = arguments.epsilon if arguments.epsilon_high is None else arguments.epsilon_high
    trainer = types.SimpleNamespace(
        _get_per_token_logps_and_entropies=lambda *a, **k: (new, torch.zeros_like(new), None),
        aux_loss_enabled=False,
        top_entropy_quantile=arguments.top_entropy_quantile,
        off_policy_mask_threshold=arguments.off_policy_mask_threshold,
        importance_sampling_level=arguments.importance_sampling_level,
        beta=arguments.beta,
        epsilon_low=arguments.epsilon,
        epsilon_high=high,
        loss_type=arguments.loss_type,
        use_vllm=False,
        max_completion_length=arguments.max_completion_length,
        current_gradient_accumulation_steps=1,
        accelerator=types.SimpleNamespace(
            num_processes=1, gather=lambda x: x, reduce=lambda x, reduction: x
        ),
        model=types.SimpleNamespace(training=True),
        _entropy_bonus_enabled=False,
        _metrics={"train": metrics},
        args=arguments,
    )
    empty = torch.zeros((len(samples), 0), dtype=torch.int64)
    value = GRPOTrainer._compute_loss(
        trainer,
        None,
        {
            "prompt_ids": empty,
            "prompt_mask": empty,
            "completion_ids": mask,
            "completion_mask": mask,
            "advantages": advantages(arguments, groups).flatten(),
            "old_per_token_logps": padded("old"),
            "ref_per_token_logps": padded("ref"),
            "num_items_in_batch": mask.sum(),
        },
    )
    value.backward()
    rows = [new.grad[i, : len(s["old"])].tolist() for i, s in enumerate(samples)]
    kept = ("kl", "cispo_clip_ratio", "clip_ratio/low_mean", "clip_ratio/high_mean",
            "clip_ratio/region_mean")
    return {
        "loss": value.item(),
        "gradient": rows,
        "metrics": {key: metrics[key][0] for key in kept if key in metrics},
    }


# MARK: - Runs


def tokenizer(folder):
    words = ["<pad>", "<eos>"] + [chr(ord("a") + i) for i in range(20)]
    inner = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<pad>"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>"
    )


def of_length(completion_ids, **_):
    return [len(ids) / MAX_COMPLETION_LENGTH for ids in completion_ids]


def of_some(completion_ids, **_):
    """What it can score depends on the completion: None for odd last tokens."""
    return [None if ids[-1] % 2 else float(ids[0] % 3 == 0) for ids in completion_ids]


def first_is_even(completion_ids, **_):
    return [float(ids[0] % 2 == 0) for ids in completion_ids]


def run(folder, names, functions, steps):
    torch.manual_seed(3)
    words = tokenizer(folder)
    model = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=22, hidden_size=16, intermediate_size=24, num_hidden_layers=1,
            num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=64,
            pad_token_id=0, eos_token_id=1, bos_token_id=1, tie_word_embeddings=True,
        )
    )
    with torch.no_grad():  # ends often enough
        model.model.embed_tokens.weight.normal_(0, 0.05)
    data = Dataset.from_dict({"prompt": ["a b c", "d", "e f g h i", "k l", "m n o p"]})
    arguments = config(folder, **names, max_steps=steps, logging_steps=1, save_strategy="no")
    trainer = GRPOTrainer(
        model=model, reward_funcs=functions, args=arguments, train_dataset=data,
        processing_class=words,
    )
    seen, logged = [], []
    generate, calculate, log = trainer._generate, trainer._calculate_rewards, trainer.log

    def kept_generate(prompts):
        result = generate(prompts)
        seen.append(
            {
                "prompts": [len(ids) for ids in result[0]],
                "completions": [len(ids) for ids in result[1]],
                "clipped": [ids[-1] not in (0, 1) for ids in result[1]],
            }
        )
        return result

    def kept_calculate(*a, **k):
        rewards = calculate(*a, **k)
        seen[-1]["scores"] = [
            [None if math.isnan(x) else x for x in row] for row in rewards.tolist()
        ]
        return rewards

    def kept_log(logs, start_time=None):
        advantages = list(trainer._logs["advantages"])
        log(logs, start_time)
        if "reward" in logs:
            seen[-1]["advantages"] = advantages[-len(seen[-1]["scores"]):]
            keys = ("num_tokens", "reward", "reward_std", "frac_reward_zero_std")
            logged.append(
                {k: v for k, v in logs.items() if k in keys or k.startswith(("completions/", "rewards/"))}
            )

    trainer._generate, trainer._calculate_rewards, trainer.log = (
        kept_generate, kept_calculate, kept_log,
    )
    trainer.train()
    assert len(seen) == len(logged) == steps
    return {
        "names": names,
        "rewards": [f.__name__ for f in functions],
        "steps": [{**a, "logged": b} for a, b in zip(seen, logged)],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        default=ROOT / "Tests/HoneTrainingTests/Goldens/aliases.json",
        help="file to write (default: %(default)s)",
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    own = {f.name for f in dataclasses.fields(GRPOConfig)} - {
        f.name for f in dataclasses.fields(transformers.TrainingArguments)
    }
    own |= set(GRPOConfig.__annotations__)
    with tempfile.TemporaryDirectory() as folder:
        plain = config(folder)
        defaults = {
            f.name: f.default
            for f in dataclasses.fields(GRPOConfig)
            if isinstance(f.default, (bool, int, float, str, type(None)))
        }
        groups = make_batch()
        torch.set_default_dtype(torch.float64)  # else deviations and temperatures are float32
        losses = [{"names": names, **loss(config(folder, **names), groups)} for names in LOSSES]
        torch.set_default_dtype(torch.float32)
        document = {
            "made_by": {
                "trl": trl.__version__,
                "transformers": transformers.__version__,
                "torch": torch.__version__,
            },
            "max_completion_length": MAX_COMPLETION_LENGTH,
            "own_fields": sorted(own),
            "defaults": dict(sorted(defaults.items())),
            "scale_rewards_of_true": config(folder, scale_rewards=True).scale_rewards,
            "steps_per_generation": plain.steps_per_generation,
            "schedules": schedules(folder),
            "batch": groups,
            "losses": losses,
            "runs": [
                run(folder, {"learning_rate": 1e-3}, [of_length, first_is_even], 3),
                run(folder, {"scale_rewards": "none"}, [first_is_even], 2),
                run(folder, {"scale_rewards": "batch"}, [first_is_even], 2),
                run(folder, {"learning_rate": 1e-3}, [of_some], 2),
            ],
        }
    arguments.output.write_text(as_text(document))
    print(f"TRL {trl.__version__}: {arguments.output}")


def as_text(document):
    """One line an element of a list: readable in a diff, and not too long."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and key not in ("own_fields",):
            rows = ["  " + json.dumps(row) for row in value]
            lines.append(f" {json.dumps(key)}: [\n" + ",\n".join(rows) + "\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    main()
