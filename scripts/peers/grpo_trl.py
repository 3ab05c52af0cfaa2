#!/usr/bin/env python3
"""Times TRL's GRPOTrainer on one of the scenarios of `hone bench`; prints one JSON row.

The same work as `hone bench`: a Llama policy at random weights, prompts of random tokens, lengths
forced (the stop token is suppressed until the last token), one update a rollout, no KL, fp32. TRL
is set for speed: fp32 without autocast, no gradient checkpointing, one batch, nothing logged or
saved. A step is everything from the end of one optimiser step to the end of the next.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
import warnings

warnings.simplefilter("ignore", FutureWarning)
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import datasets
import tokenizers
import torch
import transformers
import trl

GROUP_SIZE = 8
TINY = dict(
    num_hidden_layers=4,
    hidden_size=256,
    intermediate_size=704,
    num_attention_heads=4,
    num_key_value_heads=4,
    vocab_size=512,
)
SMOL135 = dict(
    num_hidden_layers=30,
    hidden_size=576,
    intermediate_size=1536,
    num_attention_heads=9,
    num_key_value_heads=3,
    vocab_size=49152,
)
# policy, prompts a step, prompt tokens, completion tokens
SCENARIOS = {
    "tiny": (TINY, 8, 32, 128),
    "long-prompt": (TINY, 8, 256, 64),
    "smol135": (SMOL135, 2, 32, 64),
}


def peak_resident_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def make_tokenizer(vocabulary):
    """One word a token, so that a prompt of n words has n tokens."""
    words = {"<pad>": 0, "<eos>": 1, **{f"w{i}": i for i in range(2, vocabulary)}}
    model = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="<pad>"))
    model.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=model, pad_token="<pad>", eos_token="<eos>", padding_side="left"
    )


class Clock(transformers.TrainerCallback):
    """When each step ended, by the wall and in processor time; first the start of training."""

    def __init__(self, steps):
        self.times, self.processor_times, self.steps = [], [], steps

    def on_train_begin(self, args, state, control, **kwargs):
        self.times.append(time.perf_counter())
        self.processor_times.append(time.process_time())

    def on_step_end(self, args, state, control, **kwargs):
        self.on_train_begin(args, state, control)
        seconds = self.times[-1] - self.times[-2]
        print(f"  step {len(self.times) - 1} of {self.steps}: {seconds:.2f} s", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scenario", choices=SCENARIOS)
    parser.add_argument("--warm", type=int, default=2, help="steps before the clock counts")
    parser.add_argument("--steps", type=int, default=3, help="steps that are measured")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--micro-batch", type=int, help="samples at a time (default: all)")
    parser.add_argument("--gradient-checkpointing", action="store_true")
    arguments = parser.parse_args()
    if arguments.warm < 1 or arguments.steps < 1:
        parser.error("--warm and --steps must be at least 1")
    shape, prompts, prompt_length, completion_length = SCENARIOS[arguments.scenario]
    samples = prompts * GROUP_SIZE
    micro_batch = arguments.micro_batch or samples
    if samples % micro_batch:
        parser.error(f"--micro-batch {micro_batch} does not divide {samples} samples")
    steps = arguments.warm + arguments.steps
    load = os.getloadavg()[0]

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    imported_bytes = peak_resident_bytes()

    config = transformers.LlamaConfig(
        **shape,
        tie_word_embeddings=True,
        max_position_embeddings=512,
        bos_token_id=None,
        eos_token_id=1,
        pad_token_id=0,
    )
    model = transformers.LlamaForCausalLM(config).float()
    words = torch.randint(2, shape["vocab_size"], (steps * prompts, prompt_length))
    dataset = datasets.Dataset.from_list(
        [{"prompt": " ".join(f"w{i}" for i in row.tolist())} for row in words]
    )

    # What the trainer hands to the model and gets back; a wrong length would time other work.
    lengths = set()
    rollout_seconds = []
    plain_generate = model.generate

    def generate(*args, **kwargs):
        start = time.perf_counter()
        output = plain_generate(*args, **kwargs)
        rollout_seconds.append(time.perf_counter() - start)
        lengths.add((kwargs["input_ids"].shape[1], output.shape[1], output.shape[0]))
        return output

    model.generate = generate

    def reward(completion_ids, **kwargs):
        # Any function that differs within a group: every group must give a gradient.
        return [sum(ids) % 97 / 97 for ids in completion_ids]

    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(steps)
        trainer = trl.GRPOTrainer(
            model=model,
            reward_funcs=reward,
            train_dataset=dataset,
            processing_class=make_tokenizer(shape["vocab_size"]),
            callbacks=[clock],
            args=trl.GRPOConfig(
                output_dir=folder,
                use_cpu=True,
                bf16=False,
                gradient_checkpointing=arguments.gradient_checkpointing,
                per_device_train_batch_size=micro_batch,
                gradient_accumulation_steps=samples // micro_batch,
                num_generations=GROUP_SIZE,
                max_completion_length=completion_length,
                generation_kwargs={"min_new_tokens": completion_length},
                temperature=1.0,
                beta=0.0,
                num_iterations=1,
                learning_rate=1e-4,
                max_steps=steps,
                save_strategy="no",
                logging_strategy="no",
                report_to="none",
                disable_tqdm=True,
                dataloader_pin_memory=False,
                seed=0,
            ),
        )
        trainer.remove_callback(transformers.PrinterCallback)  # it writes to standard output
        trainer.train()

    wanted = {(prompt_length, prompt_length + completion_length, samples)}
    if lengths != wanted:
        raise SystemExit(f"lengths (prompt, total, samples) were {lengths}, wanted {wanted}")
    if len(rollout_seconds) != steps:
        raise SystemExit(f"{len(rollout_seconds)} rollouts in {steps} steps")
    seconds = [b - a for a, b in zip(clock.times, clock.times[1:])][arguments.warm :]
    rollouts = rollout_seconds[arguments.warm :]
    mean = sum(seconds) / len(seconds)
    processor = clock.processor_times[-1] - clock.processor_times[arguments.warm]
    print(
        json.dumps(
            {
                "peer": "trl",
                "scenario": arguments.scenario,
                "seconds_per_step": round(mean, 3),
                "seconds": [round(s, 3) for s in seconds],
                # Far below seconds x threads: something else had the processors.
                "processor_seconds_per_step": round(processor / len(seconds), 3),
                "rollout_seconds": round(sum(rollouts) / len(rollouts), 3),
                "peak_resident_bytes": peak_resident_bytes(),
                "imported_bytes": imported_bytes,
                "parameters": sum(p.numel() for p in model.parameters()),
                "samples": samples,
                "prompt_tokens": prompt_length,
                "completion_tokens": completion_length,
                "sampled_tokens_per_second": round(samples * completion_length / mean, 1),
                "warm_steps": arguments.warm,
                "threads": arguments.threads,
                "micro_batch": micro_batch,
                "gradient_checkpointing": arguments.gradient_checkpointing,
                "load_average_before": round(load, 2),
                "trl": trl.__version__,
                "transformers": transformers.__version__,
                "torch": torch.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
