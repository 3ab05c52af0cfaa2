/// Names that people bring along from other trainers and that have no counterpart, with what to do.
///
/// Asked wherever an unknown key is reported, in a file and in `--set`.
package enum RecipeHints {
  /// What to do in place of a key; nil where nothing is known of it.
  package static func hint(for key: String) -> String? {
    if let hint = hints[key] { return hint }
    return prefixes.first { key.hasPrefix($0.prefix) }?.hint
  }

  private static let noServer =
    "there is one forward pass for sampling and training; remove the key"
  private static let lora = "adapters are not available: every weight is trained; remove the key"
  private static let oneMachine =
    "a run is one process on one machine, its workers are HONE_NUM_THREADS; remove the key"
  private static let metrics =
    "every step is a row of metrics.jsonl in the run's folder; remove the key"
  private static let completions = "every sample is a row of completions.jsonl; remove the key"
  private static let architecture = "the model's folder says what it is; remove the key"
  private static let memory = "memory is bounded by 'memory_limit'; remove the key"
  private static let fullSoftmax =
    "the objective uses the full softmax, so sampling must too; remove the key"
  private static let noEntropyTerm =
    "there is no entropy term; 'epsilon_high' above 'epsilon' keeps entropy up (DAPO's clip-higher)"
  private static let steps = "give 'steps'; problems are drawn epoch after epoch"
  private static let prompts =
    "give 'prompts_per_step' (prompts, not samples); a step is never cut by memory"
  private static let kl = "give 'objective: {kl: {beta: ..., estimator: k3, place: loss}}'"
  private static let precision = "give 'precision: bf16'"

  /// Names that begin alike.
  private static let prefixes: [(prefix: String, hint: String)] = [
    ("vllm", noServer), ("vespo_", "'loss_type: vespo' is not available; remove the key"),
    ("transformers_continuous_batching", noServer), ("use_transformers_", noServer),
    ("entropy_coef", noEntropyTerm), ("log_completions", completions), ("sglang", noServer),
    ("lora_", lora), ("peft", lora),
    ("wandb", metrics), ("swanlab", metrics), ("mlflow", metrics), ("trackio", metrics),
    ("tensorboard", metrics), ("deepspeed", oneMachine), ("fsdp", oneMachine),
    ("dataloader_", "problems are read once and stay in memory; remove the key"),
    ("push_to_hub", "nothing is sent anywhere; a checkpoint is a folder that transformers reads"),
    ("hub_", "nothing is sent anywhere; a checkpoint is a folder that transformers reads"),
  ]

  private static let hints: [String: String] = [
    // Batches.
    "per_device_train_batch_size": prompts,
    "per_gpu_train_batch_size": prompts,
    "train_batch_size":
      "give 'prompts_per_step' (prompts, not samples) for grpo, 'batch_size' for sft",
    "rollout_batch_size": prompts,
    "micro_batch_size": "not needed: one group is in flight at a time, whatever the batch",
    "micro_train_batch_size": "not needed: one group is in flight at a time, whatever the batch",
    "micro_rollout_batch_size": "not needed: 'memory_limit' decides how many samples are in flight",
    "gradient_accumulation_steps":
      "not needed: one group is in flight at a time, and that never changes the result",
    "generation_batch_size":
      "give 'prompts_per_step' (generation_batch_size / num_generations) and 'mini_batches'",
    "steps_per_generation": "give 'mini_batches'",
    "mini_batch_size": "give 'mini_batches', their number in one pass over a rollout",
    "ppo_mini_batch_size": "give 'mini_batches', their number in one pass over a rollout",
    "ppo_micro_batch_size_per_gpu":
      "not needed: one group is in flight at a time, whatever the batch",
    "ppo_epochs": "give 'updates_per_rollout'",
    "num_ppo_epochs": "give 'updates_per_rollout'",
    "max_epochs": "give 'steps', and 'updates_per_rollout' for passes over a rollout",
    "per_device_eval_batch_size":
      "not needed: 'memory_limit' decides how many samples are in flight",
    "n_samples_per_prompt": "give 'group_size'",
    "rollout_n": "give 'group_size'",
    "num_samples": "give 'group_size'",
    "num_generations_eval": "give 'evaluation: {samples: ...}'",
    // Length of a run.
    "num_train_epochs": steps,
    "epochs": steps,
    "num_epochs": steps,
    "total_epochs": steps,
    "num_episodes": steps,
    "total_training_steps": "give 'steps'",
    "max_train_steps": "give 'steps'",
    // Lengths of texts.
    "max_prompt_length": "prompts are never cut; a prompt that does not fit is an error",
    "max_seq_length": "give 'sampling: {max_completion_length: ...}'; prompts are never cut",
    "max_length": "give 'sampling: {max_completion_length: ...}'; prompts are never cut",
    "max_response_length": "give 'sampling: {max_completion_length: ...}'",
    "generate_max_len": "give 'sampling: {max_completion_length: ...}'",
    // Rewards.
    "reward_weights": "write each weight beside its grader: rewards: [{grader: math, weight: 1.0}]",
    "reward_funcs": "name graders: rewards: [{grader: math, weight: 1.0}]",
    "reward_model": "name graders: rewards: [{grader: math, weight: 1.0}]",
    "reward_pretrain": "name graders: rewards: [{grader: math, weight: 1.0}]",
    "multi_objective_aggregation":
      "scores are added by their weights, then compared (sum_then_normalize); remove the key",
    // Objective.
    "kl_coef": kl,
    "kl_loss_coef": kl,
    "init_kl_coef": kl,
    "use_kl_loss": kl,
    "kl_loss_type": "give 'objective: {kl: {estimator: k1 | k2 | k3}}'",
    "kl_penalty": "give 'objective: {kl: {estimator: k1 | k2 | k3}}'",
    "entropy_target": noEntropyTerm,
    "use_adaptive_entropy": noEntropyTerm,
    "top_entropy_quantile": "every token counts; there is no mask by entropy; remove the key",
    "dynamic_sampling":
      "groups of equal rewards are not filled up again; their share is 'frac_reward_zero_std'",
    "filter_groups":
      "groups of equal rewards are not filled up again; their share is 'frac_reward_zero_std'",
    "adv_estimator": "give 'objective: {preset: grpo | dr_grpo | rloo | reinforce++}'",
    "advantage_estimator": "give 'objective: {preset: grpo | dr_grpo | rloo | reinforce++}'",
    "norm_adv_by_std_in_grpo": "give 'objective: {advantage: {scale: group-std | none}}'",
    "loss_agg_mode":
      "give 'objective: {aggregation: token-mean | sequence-mean | constant}'",
    "clip_ratio": "give 'objective: {epsilon: ...}'",
    "clip_ratio_low": "give 'objective: {epsilon: ...}'",
    "clip_ratio_high": "give 'objective: {epsilon_high: ...}'",
    "clip_ratio_c": "give 'objective: {dual_clip: ...}'",
    "cliprange": "give 'objective: {epsilon: ...}'",
    "eps_clip": "give 'objective: {epsilon: ...}'",
    "sync_ref_model": "the reference stays the policy of the stage's start; remove the key",
    "ref_model_sync_steps": "the reference stays the policy of the stage's start; remove the key",
    "ref_model_mixup_alpha": "the reference stays the policy of the stage's start; remove the key",
    "off_policy_mask_threshold":
      "sampler and trainer are one and the same, to the bit; remove the key",
    // Sampling.
    "repetition_penalty": fullSoftmax,
    "presence_penalty": fullSoftmax,
    "frequency_penalty": fullSoftmax,
    "do_sample": "training always samples; give 'sampling: {temperature: ...}'",
    "use_vllm": noServer,
    // Optimiser.
    "optim": "the optimiser is AdamW; its keys are in 'optimizer'",
    "actor_learning_rate": "give 'optimizer: {learning_rate: ...}'",
    "lr_warmup_steps": "give 'optimizer: {warmup_steps: ...}'",
    "lr_warmup_ratio": "give 'optimizer: {warmup_ratio: ...}'",
    "lr_warmup_steps_ratio": "give 'optimizer: {warmup_ratio: ...}'",
    "lr_scheduler": "give 'optimizer: {schedule: constant | linear | cosine}'",
    "min_lr": "give 'optimizer: {min_learning_rate: ...}'",
    "min_lr_ratio": "give 'optimizer: {min_ratio: ...}'",
    "grad_clip": "give 'optimizer: {max_grad_norm: ...}'",
    "max_norm": "give 'optimizer: {max_grad_norm: ...}'",
    "adam_betas": "give 'optimizer: {betas: [0.9, 0.95]}'",
    // Numbers and adapters.
    "bf16": precision,
    "fp16": precision,
    "dtype": precision,
    "torch_dtype": precision,
    "load_in_4bit": "weights are kept as 'precision' says; give 'precision: bf16'",
    "load_in_8bit": "weights are kept as 'precision' says; give 'precision: fp8'",
    "use_peft": lora,
    "use_lora": lora,
    "target_modules": lora,
    "r": lora,
    // Reports, checkpoints, evaluation.
    "report_to": metrics,
    "logging_steps": "every step is a row of metrics.jsonl; --report-every is for the terminal",
    "logging_dir": metrics,
    "log_multimodal": completions,
    "log_unique_prompts": completions,
    "num_completions_to_print": completions,
    "logger": metrics,
    "run_name": "give 'name'",
    "experiment_name": "give 'name'",
    "project_name": "give 'name'",
    "output_dir": "give --output on the command line",
    "save_path": "give --output on the command line",
    "resume_from_checkpoint": "give --resume on the command line",
    "overwrite_output_dir": "a run is never overwritten; give another --output",
    "save_strategy": "give 'checkpoint_every'",
    "save_freq": "give 'checkpoint_every'",
    "eval_strategy": "give 'evaluate_every'",
    "evaluation_strategy": "give 'evaluate_every'",
    "test_freq": "give 'evaluate_every'",
    "do_train": "a stage trains; leave it out to train nothing",
    "do_eval": "give 'tasks: {eval: ...}' and 'evaluate_every'",
    "load_best_model_at_end": "the link 'best' in the run's folder is that checkpoint",
    "metric_for_best_model": "'best' follows pass@1 of the evaluation; remove the key",
    // Where things come from.
    "model_name": "give 'model' at the root of the recipe",
    "model_name_or_path": "give 'model' at the root of the recipe",
    "model_path": "give 'model' at the root of the recipe",
    "pretrain": "give 'model' at the root of the recipe",
    "dataset": "give 'tasks: {train: FILE.jsonl}' in the stage",
    "dataset_name": "give 'tasks: {train: FILE.jsonl}' in the stage",
    "train_dataset": "give 'tasks: {train: FILE.jsonl}' in the stage",
    "train_files": "give 'tasks: {train: FILE.jsonl}' in the stage",
    "eval_dataset": "give 'tasks: {eval: FILE.jsonl}' in the stage",
    "val_files": "give 'tasks: {eval: FILE.jsonl}' in the stage",
    "dataset_config": "give 'tasks: {train: FILE.jsonl}' in the stage",
    "shuffle_dataset": "problems are always shuffled, by 'seed'; remove the key",
    "data_seed": "give 'seed' at the root of the recipe",
    "system_prompt": "give 'prompt: {text: ...}' with '{question}' in it",
    "model_init_kwargs": architecture,
    "trust_remote_code": architecture,
    "attn_implementation": architecture,
    "router_aux_loss_coef": architecture,
    "disable_dropout": "there is no dropout; remove the key",
    "chat_template_kwargs": "give 'prompt: {text: ...}' with '{question}' in it",
    "max_tool_calling_iterations": "there are no tools; remove the key",
    "remove_unused_columns": "columns that nothing reads are ignored; remove the key",
    "pad_to_multiple_of": "there is no padding; remove the key",
    "packing": "there is no padding: sequences are always laid end to end; remove the key",
    "generation_kwargs": "give 'sampling: {temperature: ..., max_completion_length: ...}'",
    "cache_implementation": memory,
    "ds3_gather_for_generation": oneMachine,
    "cast_lm_head_to_fp32": "logits are always fp32; remove the key",
    // Machines.
    "ddp": oneMachine,
    "world_size": oneMachine,
    "num_processes": oneMachine,
    "n_gpus_per_node": oneMachine,
    "nnodes": oneMachine,
    "tensor_parallel_size": oneMachine,
    "tensor_model_parallel_size": oneMachine,
    "use_cpu": "there is nothing but the CPU; remove the key",
  ]
}
