#!/usr/bin/env python3
"""Reads a model folder with transformers and prints what it computes for given ids, as JSON.

Proves by hand that a folder is readable as it stands: weights missing from it, or unexpected in
it, are errors. Tokenizer files are read too where they are there.
"""

import argparse
import json
import pathlib

import torch
import transformers


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--ids", type=int, nargs="+", help="token ids of one sequence")
    parser.add_argument("--text", help="instead of --ids: text for the folder's tokenizer")
    parser.add_argument("--greedy", type=int, default=0, metavar="N", help="also decode N tokens")
    parser.add_argument("--dtype", default="float32", choices=["float32", "float64", "bfloat16"])
    arguments = parser.parse_args()
    if (arguments.ids is None) == (arguments.text is None):
        parser.error("give either --ids or --text")
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    model, loading = transformers.AutoModelForCausalLM.from_pretrained(
        arguments.folder,
        dtype=getattr(torch, arguments.dtype),
        attn_implementation="eager",
        local_files_only=True,
        output_loading_info=True,
    )
    problems = {kind: sorted(map(str, names)) for kind, names in loading.items() if names}
    if problems:
        raise SystemExit(f"{arguments.folder}: weights do not match config.json: {problems}")
    tokenizer = None
    if (arguments.folder / "tokenizer.json").exists():
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            arguments.folder, local_files_only=True
        )
    if arguments.text is not None:
        if tokenizer is None:
            raise SystemExit(f"{arguments.folder}: no tokenizer.json, so no --text; give --ids")
        arguments.ids = tokenizer.encode(arguments.text, add_special_tokens=False)
    vocabulary = model.config.vocab_size
    wrong = [i for i in arguments.ids if not 0 <= i < vocabulary]
    if wrong:
        raise SystemExit(f"--ids: {wrong} not below the vocabulary's {vocabulary}")

    ids = torch.tensor([arguments.ids])
    with torch.no_grad():
        logits = model(input_ids=ids, use_cache=False).logits[0].double()
        log_probs = logits.log_softmax(-1)[:-1].gather(-1, ids[0, 1:, None])[:, 0]
        report = {
            "transformers": transformers.__version__,
            "architecture": type(model).__name__,
            "parameters": sum(p.numel() for p in model.parameters()),
            "dtype": arguments.dtype,
            "ids": arguments.ids,
            "logits": logits.tolist(),
            "log_probs": log_probs.tolist(),
        }
        if tokenizer is not None:
            report["text"] = tokenizer.decode(arguments.ids)
        if arguments.greedy:
            output = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                max_new_tokens=arguments.greedy,
            )
            report["greedy_ids"] = output[0, ids.shape[1] :].tolist()
            if tokenizer is not None:
                report["greedy_text"] = tokenizer.decode(report["greedy_ids"])
    print(json.dumps(report))


if __name__ == "__main__":
    main()
