#!/usr/bin/env python3
"""Writes the sampling goldens: what transformers' logits warpers leave of rows of logits.

The warpers, and their order, are those that `generate` makes of a GenerationConfig; they are applied
to float64 logits. The file Tests/HonePolicyTests/Goldens/sampling.json holds cases of

  logits                              a row, exact in float32
  temperature, top_k, top_p, min_p    what is set; null where it is not
  probabilities                       of each token, 0 where it can never be drawn
"""

import json
import math
import pathlib

import torch
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM
from transformers.generation import LogitsProcessorList

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Two tokens with 0.83 of the four that top-k keeps, but half of all.
NARROW = [0.553, 0.447, 0.14, 0.07] + [0.04] * 20
SETTINGS = [
    {"temperature": 2.0, "top_k": 4, "top_p": 0.8},
    {"top_k": 3},
    {"top_p": 0.7},
    {"min_p": 0.2},
    {"temperature": 0.5, "top_k": 5, "top_p": 0.6},
    {"temperature": 1.7, "top_k": 6, "min_p": 0.3},
    {"temperature": 1.3, "top_p": 0.9, "min_p": 0.1},
    {"temperature": 2.0, "top_k": 8, "top_p": 0.95, "min_p": 0.25},
    {"temperature": 0.7, "top_k": 1},
    {"top_k": 100, "top_p": 0.01},
    {"top_k": 2, "top_p": 0.999, "min_p": 0.05},
]


def rows():
    """The rows of logits, as Python floats that float32 holds exactly."""
    generator = torch.Generator().manual_seed(12)
    drawn = [4 * torch.rand(17, generator=generator) for _ in range(3)]
    narrow = torch.tensor([2 * math.log(weight) for weight in NARROW], dtype=torch.float32)
    ties = torch.tensor([1.0, 3.0, 2.0, 2.0, 0.0, 2.0, 2.5], dtype=torch.float32)
    return [row.double() for row in [narrow, ties, *drawn]]


def main():
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=8, hidden_size=8, intermediate_size=8, num_hidden_layers=1,
            num_attention_heads=1,
        )
    )
    cases = []
    for row in rows():
        for settings in SETTINGS:
            chosen = {"temperature": 1.0, "top_k": 0, "top_p": 1.0} | settings
            config = GenerationConfig(do_sample=True, **chosen)
            processors = model._get_logits_processor(
                config, input_ids_seq_length=1, logits_processor=LogitsProcessorList(), device="cpu"
            )
            scores = processors(torch.zeros((1, 1), dtype=torch.long), row[None])
            assert scores.dtype == torch.float64
            cases.append(
                {
                    "logits": row.tolist(),
                    "temperature": chosen["temperature"],
                    "top_k": settings.get("top_k"),
                    "top_p": settings.get("top_p"),
                    "min_p": settings.get("min_p"),
                    "probabilities": scores[0].softmax(-1).tolist(),
                }
            )
    path = ROOT / "Tests/HonePolicyTests/Goldens/sampling.json"
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    path.write_text('{\n  "cases": [\n' + lines + "\n  ]\n}\n")
    print(f"{path}: {len(cases)} cases")


if __name__ == "__main__":
    main()
