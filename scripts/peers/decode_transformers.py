#!/usr/bin/env python3
"""Times decoding by transformers' `generate` on a decode scenario of `hone bench`; one JSON row.

The same work as `hone bench decode-16` and `decode-1`: a Llama policy of the smol135 shape at random
weights, prompts of random tokens, lengths forced (there is no stop token). A round is a
generation of one token, which is the prompt's pass, and a generation of all of them; the time of a
decoding step is the difference over the tokens between the two.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
import warnings

warnings.simplefilter("ignore", FutureWarning)
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch
import transformers

SHAPE = dict(
    num_hidden_layers=30,
    hidden_size=576,
    intermediate_size=1536,
    num_attention_heads=9,
    num_key_value_heads=3,
    vocab_size=49152,
)
PROMPT_LENGTH = 32
COMPLETION_LENGTH = 64
SCENARIOS = {"decode-16": 16, "decode-1": 1}  # samples at a time


def peak_resident_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scenario", choices=SCENARIOS)
    parser.add_argument("--warm", type=int, default=1, help="rounds before the clock counts")
    parser.add_argument("--steps", type=int, default=5, help="rounds that are measured")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--greedy", action="store_true", help="do not sample, as Hone does")
    parser.add_argument("--attention", help="an attention implementation (default: the library's)")
    arguments = parser.parse_args()
    if arguments.warm < 0 or arguments.steps < 1:
        parser.error("--warm must be at least 0, --steps at least 1")
    samples = SCENARIOS[arguments.scenario]
    load = os.getloadavg()[0]

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    transformers.logging.set_verbosity_error()
    config = transformers.LlamaConfig(
        **SHAPE,
        tie_word_embeddings=True,
        max_position_embeddings=512,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=0,
        **({"attn_implementation": arguments.attention} if arguments.attention else {}),
    )
    numbers = torch.bfloat16 if arguments.precision == "bf16" else torch.float32
    model = transformers.LlamaForCausalLM(config).to(numbers).eval()
    imported_bytes = peak_resident_bytes()
    sampling = (
        dict(do_sample=False)
        if arguments.greedy
        else dict(do_sample=True, temperature=1.0, top_k=0, top_p=1.0)
    )

    def generate(prompts, tokens):
        start = time.perf_counter()
        output = model.generate(
            input_ids=prompts,
            attention_mask=torch.ones_like(prompts),
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            **sampling,
        )
        seconds = time.perf_counter() - start
        wanted = (samples, PROMPT_LENGTH + tokens)
        if tuple(output.shape) != wanted:
            raise SystemExit(f"generate gave {tuple(output.shape)}, wanted {wanted}")
        return seconds

    prefills, steps = [], []
    for index in range(arguments.warm + arguments.steps):
        prompts = torch.randint(2, SHAPE["vocab_size"], (samples, PROMPT_LENGTH))
        prefill = generate(prompts, 1)
        whole = generate(prompts, COMPLETION_LENGTH)
        step = (whole - prefill) / (COMPLETION_LENGTH - 1)
        print(f"  round {index + 1}: {1000 * step:.1f} ms a step", file=sys.stderr)
        if index >= arguments.warm:
            prefills.append(prefill)
            steps.append(step)
    step = statistics.median(steps)
    print(
        json.dumps(
            {
                "peer": "transformers",
                "scenario": arguments.scenario,
                "precision": arguments.precision,
                "seconds_per_step": round(step, 6),
                "seconds": [round(s, 6) for s in steps],
                "prefill_seconds": [round(s, 4) for s in prefills],
                "peak_resident_bytes": peak_resident_bytes(),
                "imported_bytes": imported_bytes,
                "parameters": sum(p.numel() for p in model.parameters()),
                "samples": samples,
                "prompt_tokens": PROMPT_LENGTH,
                "completion_tokens": COMPLETION_LENGTH,
                "sampled_tokens_per_second": round(samples / step, 1),
                "attention": model.config._attn_implementation,
                "greedy": arguments.greedy,
                "threads": arguments.threads,
                "load_average_before": round(load, 2),
                "transformers": transformers.__version__,
                "torch": torch.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
