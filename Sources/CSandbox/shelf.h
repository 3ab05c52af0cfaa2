// Cells ahead of the job at hand, and behind it: opening and closing one takes a while, in which nobody
// needs to wait for it.
#pragma once

#include "cell.h"

typedef struct {
  cell spare[2];  // of a program and of a judge; without a process, none
  uint64_t scratch_bytes[2];
  cell closing[2];
  size_t closing_count;
} shelf;

// A cell for a job: the one that was made ahead where it fits, or else a new one. What is still closing
// is gone by then.
bool shelf_take(shelf *shelf, cell *cell, const keeper_state *keeper, const csandbox_job *job,
                const uint8_t *files, uid_t user, char *message, size_t length);

// Makes a cell for the next job, which will likely be as this one is. Nothing where cells are not whole
// namespaces of their own.
void shelf_fill(shelf *shelf, const keeper_state *keeper, const csandbox_job *job, uid_t user);

// Ends everything in a cell; it is gone when the next one is taken.
void shelf_close(shelf *shelf, cell *cell, const keeper_state *keeper, uid_t user);

// Closes all cells and waits until they are gone.
void shelf_clear(shelf *shelf, const keeper_state *keeper);
