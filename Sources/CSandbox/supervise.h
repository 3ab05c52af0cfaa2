// Runs jobs to their end: feeds them, takes what they write, and ends those that go over a limit.
#pragma once

#include "shelf.h"
#include "support.h"
#include "zygote.h"

// A job and the places of its bytes.
typedef struct {
  csandbox_job job;
  const uint8_t *source, *input, *arguments, *files;
  char collect[256];
} job_view;

typedef struct {
  csandbox_outcome header;
  buffer output, errors, results, collected;
} outcome;

// Runs one job, or a program and its judge with a link between them. False, and `message`, on a
// failure of the machinery; outcomes are then without meaning.
bool supervise(keeper_state *keeper, zygote *zygote, shelf *shelf, const job_view *jobs, size_t count,
               outcome *outcomes, char *message, size_t length);

// The standing checker: compiles source texts, runs nothing.
typedef struct {
  pid_t process;
  int pidfd;
  cell cell;
  int sources, answers;
  unsigned served;
} checker;

// Checks one source text. The answer is a result record; where the checker does not survive the text,
// the outcome says how it ended and the next text meets a new one.
bool check_source(keeper_state *keeper, zygote *zygote, checker *checker, const job_view *source,
                  outcome *outcome, char *message, size_t length);
void checker_stop(checker *checker, keeper_state *keeper, zygote *zygote);
