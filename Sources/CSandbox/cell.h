// A cell: the first process of fresh namespaces, which holds them and a fresh scratch. Whatever runs
// in it dies with it.
#pragma once

#include "support.h"

typedef struct cell {
  pid_t process;    // the cell's first process; 0 where there are no namespaces
  int pidfd;        // the door into it, or -1
  void *stack;      // of its first process
  char scratch[96];  // where the scratch is, seen from inside
} cell;

// Makes a cell with a job's files in its scratch, owned by `user`. Empty on failure: `message`.
bool cell_open(cell *cell, const keeper_state *keeper, const csandbox_job *job,
               const uint8_t *files, uid_t user, char *message, size_t length);

// Enters the cell's namespaces: files and queues at once, processes for children.
bool cell_enter(const cell *cell, const keeper_state *keeper);

// Reads a file of the scratch, at most `limit` bytes; false if there is no such plain file.
bool cell_collect(const cell *cell, const keeper_state *keeper, const char *name, size_t limit, buffer *content);

// Ends everything in the cell.
void cell_end(const cell *cell);

// Ends everything in the cell and waits until it is gone.
void cell_close(cell *cell, const keeper_state *keeper, uid_t user);

// Without process namespaces: ends every process of a user id. Once is enough: a process that is about
// to fork has the signal before its child is there, and the fork fails.
void kill_all_of(uid_t user);
