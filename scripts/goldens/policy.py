#!/usr/bin/env python3
"""Writes the policy goldens: three tiny random models and what PyTorch computes with them.

Each golden is a folder in Tests/HonePolicyTests/Goldens:

  config.json, model.safetensors (or shards)   as `save_pretrained` of transformers writes them
  goldens.safetensors                          logits, log-probabilities, gradients, parameters
  goldens.json                                 ids, losses, optimiser settings, fp32's own error

Every golden is computed in float64 and rounded to float32 once, at the end. `model.double()` alone
does not do that: transformers casts to float32 inside RMSNorm, softmax and the rotary embedding.
`in_float64` redirects those casts and `OnlyFloat64` fails if a float32 value appears anyway. The
plain float32 model is run as well; its distance from float64 is stored as `float32_error`, the
yardstick for a tolerance.
"""

import argparse
import contextlib
import importlib
import json
import pathlib
import shutil

import safetensors.torch
import torch
import transformers
from torch.utils._python_dispatch import TorchDispatchMode

ROOT = pathlib.Path(__file__).resolve().parents[2]

LEARNING_RATE = 1e-3
BETAS = (0.9, 0.95)
EPSILON = 1e-8
WEIGHT_DECAY = 0.1
MAX_GRAD_NORM = 1.0
STEPS = 10
LENGTHS = (19, 8)
PROMPT_LENGTH = 5
COMPLETION_LENGTH = 12

SHARED = dict(
    vocab_size=97,
    max_position_embeddings=256,
    attention_dropout=0.0,
    bos_token_id=1,
)

# Shapes are unlike each other on purpose: odd vocabulary, head sizes that are not a power of two,
# a head size other than hidden / heads, one key/value head, tied and separate heads, shards.
MODELS = {
    "llama": dict(
        seed=7,
        config=transformers.LlamaConfig(
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=2,
            rms_norm_eps=1e-5,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
            tie_word_embeddings=True,
            eos_token_id=2,
            **SHARED,
        ),
        max_shard_size="5GB",
    ),
    "qwen2": dict(
        seed=8,
        config=transformers.Qwen2Config(
            hidden_size=40,
            intermediate_size=56,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=1,
            rms_norm_eps=1e-6,
            rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
            tie_word_embeddings=False,
            use_sliding_window=False,
            eos_token_id=[2, 3],
            **SHARED,
        ),
        max_shard_size="48KB",
    ),
    "qwen3": dict(
        seed=19,
        config=transformers.Qwen3Config(
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=16,
            rms_norm_eps=1e-6,
            rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
            tie_word_embeddings=True,
            use_sliding_window=False,
            eos_token_id=2,
            **SHARED,
        ),
        max_shard_size="5GB",
    ),
}


class Torch64:
    """Stands in for the `torch` module inside a modelling file: its float32 is float64."""

    float32 = torch.float64
    float = torch.float64

    def __getattr__(self, name):
        return getattr(torch, name)


@contextlib.contextmanager
def in_float64(model_type):
    module = importlib.import_module(f"transformers.models.{model_type}.modeling_{model_type}")
    module.torch = Torch64()
    torch.set_default_dtype(torch.float64)  # AdamW's step counter follows the default
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)
        module.torch = torch


class OnlyFloat64(TorchDispatchMode):
    """Fails on any operation with a float32 result, backward passes included.

    Position numbers are let through: transformers casts them from integers, which is exact.
    """

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor) and result.dtype == torch.float32:
            is_cast = func is torch.ops.aten._to_copy.default
            if not (is_cast and args[0].dtype == torch.int64):
                raise AssertionError(f"{func} gave float32 inside a float64 computation")
        return result


def randomise(model, generator):
    """Weights wide enough that every layer matters; norms around 1; biases not zero."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            is_narrow = "norm" in name or "embed" in name
            parameter.normal_(0.0, 0.2 if is_narrow else 0.3, generator=generator)
            if "norm" in name:
                parameter.add_(1.0)


def evaluate(model, sequences):
    """Loss (mean over all predicted tokens of both sequences) and what it is made of."""
    results = {}
    negatives = []
    for index, ids in enumerate(sequences):
        logits = model(input_ids=ids[None], use_cache=False).logits[0]  # [T, V]
        log_softmax = logits.log_softmax(-1)
        log_probs = log_softmax[:-1].gather(-1, ids[1:, None])[:, 0]  # [T - 1]
        results[f"logits.{index}"] = logits.detach()
        results[f"log_probs.{index}"] = log_probs.detach()
        results[f"entropy.{index}"] = -(log_softmax.exp() * log_softmax).sum(-1).detach()
        negatives.append(-log_probs)
    return torch.cat(negatives).mean(), results


def is_decayed(name):
    return not ("norm" in name or name.endswith("bias"))


def train(model, sequences):
    """The tensors of the first forward and backward pass, then of ten AdamW steps."""
    named = dict(model.named_parameters())
    optimizer = torch.optim.AdamW(
        [
            {
                "params": [p for n, p in named.items() if is_decayed(n)],
                "weight_decay": WEIGHT_DECAY,
            },
            {"params": [p for n, p in named.items() if not is_decayed(n)], "weight_decay": 0.0},
        ],
        lr=LEARNING_RATE,
        betas=BETAS,
        eps=EPSILON,
    )
    tensors, losses, norms = {}, [], []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss, results = evaluate(model, sequences)
        loss.backward()
        if step == 0:
            tensors.update(results)
            tensors.update({f"grad.{n}": p.grad.clone() for n, p in named.items()})
        norms.append(
            torch.nn.utils.clip_grad_norm_(
                list(named.values()), MAX_GRAD_NORM, error_if_nonfinite=True
            ).item()
        )
        losses.append(loss.item())
        optimizer.step()
    tensors.update({f"step10.{n}": p.detach().clone() for n, p in named.items()})
    with torch.no_grad():
        final_loss = evaluate(model, sequences)[0].item()
    return tensors, {"loss": losses, "grad_norm": norms, "final_loss": final_loss}


def generate(model, prompt):
    output = model.generate(
        prompt[None],
        attention_mask=torch.ones_like(prompt)[None],
        do_sample=False,
        max_new_tokens=COMPLETION_LENGTH,
        output_logits=True,
        return_dict_in_generate=True,
    )
    best = torch.stack([logits[0] for logits in output.logits]).topk(2).values
    completion = output.sequences[0, prompt.numel() :]
    return completion, (best[:, 0] - best[:, 1]).min().item()


def largest_error(value, exact):
    """Largest absolute difference of a tensor, over the largest absolute value of the exact one."""
    scale = exact.abs().max().item()
    return (value.double() - exact).abs().max().item() / scale if scale else 0.0


def write(name, seed, config, max_shard_size, folder):
    generator = torch.Generator().manual_seed(seed)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    model.float().eval()
    randomise(model, generator)
    weights = {n: v.clone() for n, v in model.state_dict().items()}

    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size=max_shard_size)

    def ids(count):
        return torch.randint(4, config.vocab_size, (count,), generator=generator)

    sequences = [ids(length) for length in LENGTHS]
    prompt = ids(PROMPT_LENGTH)

    with in_float64(config.model_type):
        exact = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
        exact.double().eval()
        exact.load_state_dict({n: v.double() for n, v in weights.items()})
        with torch.no_grad():
            completion, margin = generate(exact, prompt)
        with OnlyFloat64():
            tensors, run = train(exact, sequences)
    assert completion.numel() == COMPLETION_LENGTH, "a stop id was sampled: choose another seed"
    assert completion.unique().numel() >= 6, "the greedy text repeats itself: choose another seed"
    assert margin > 1e-2, f"greedy choice by a margin of {margin}: choose another seed"

    with torch.no_grad():
        assert torch.equal(generate(model, prompt)[0], completion)
    tensors32, run32 = train(model, sequences)

    errors = {}
    for key, value in tensors.items():
        kind = key.split(".")[0]
        errors[kind] = max(errors.get(kind, 0.0), largest_error(tensors32[key], value))
    # A parameter's movement is what ten steps of an optimiser compute; judge that, not its size.
    moved = moved32 = 0.0
    for key, value in tensors.items():
        if key.startswith("step10."):
            start = weights[key.removeprefix("step10.")].double()
            moved = max(moved, (value - start).abs().max().item())
            moved32 = max(moved32, (tensors32[key].double() - value).abs().max().item())
    errors["step10_absolute"] = moved32
    for key in ("loss", "grad_norm"):
        errors[f"adamw_{key}"] = max(abs(a - b) / abs(b) for a, b in zip(run32[key], run[key]))

    rounded = {key: value.float().contiguous() for key, value in tensors.items()}
    rounded.update({f"input_ids.{i}": s.to(torch.int32) for i, s in enumerate(sequences)})
    rounded["greedy.prompt_ids"] = prompt.to(torch.int32)
    rounded["greedy.completion_ids"] = completion.to(torch.int32)
    safetensors.torch.save_file(
        rounded, folder / "goldens.safetensors", metadata={"format": "pt"}
    )
    for file in folder.glob("*.safetensors"):
        file.chmod(0o644)  # safetensors writes files that only their owner can read
    description = {
        "made_by": {"torch": torch.__version__, "transformers": transformers.__version__},
        "computed_in": "float64, rounded to float32",
        "input_ids": [s.tolist() for s in sequences],
        "loss": run["loss"][0],
        "greedy": {
            "prompt_ids": prompt.tolist(),
            "completion_ids": completion.tolist(),
            "smallest_margin": margin,
        },
        "adamw": {
            "learning_rate": LEARNING_RATE,
            "betas": BETAS,
            "epsilon": EPSILON,
            "weight_decay": WEIGHT_DECAY,
            "not_decayed": sorted(n for n, _ in exact.named_parameters() if not is_decayed(n)),
            "max_grad_norm": MAX_GRAD_NORM,
            "largest_movement": moved,
            **run,
        },
        "float32_error": errors,
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in description.items()]
    (folder / "goldens.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    entropy = tensors["entropy.0"]
    print(
        f"{name}: {size // 1024} KiB, {sum(p.numel() for p in exact.parameters())} parameters, "
        f"loss {run['loss'][0]:.4f} -> {run['final_loss']:.4f}, "
        f"entropy {entropy.min():.2f}..{entropy.max():.2f}, greedy margin {margin:.3f}"
    )
    print("  float32 error:", {k: float(f"{v:.1e}") for k, v in errors.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        default=ROOT / "Tests/HonePolicyTests/Goldens",
        help="folder that receives one folder a model (default: %(default)s)",
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for name, model in MODELS.items():
        write(name, folder=arguments.output / name, **model)


if __name__ == "__main__":
    main()
