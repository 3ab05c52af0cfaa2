// Bytes in and out, and the few types that several files share.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "CSandbox.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} buffer;

// Appends; false when out of memory.
bool buffer_append(buffer *buffer, const void *bytes, size_t count);
void buffer_free(buffer *buffer);

// All or nothing; they go on after interruptions.
bool read_all(int fd, void *bytes, size_t count);
bool write_all(int fd, const void *bytes, size_t count);

// A socket message with descriptors. Returns the length received, or -1.
bool send_message(int socket, const void *bytes, size_t count, const int *fds, size_t fd_count);
ssize_t receive_message(int socket, void *bytes, size_t count);
// With a bound on the wait: who answers is ours, but what is broken must not hang us.
ssize_t receive_within(int socket, void *bytes, size_t count, int milliseconds);

double now(void);
void close_fd(int *fd);
// Closes everything from `first` on.
void close_from(int first);
int open_pidfd(pid_t pid);
// fork with namespace flags; 0 in the child.
pid_t clone_process(unsigned long flags);

// Where a keeper is and what it has; one a process, filled by keeper.c.
typedef struct {
  uint32_t layers;
  int control;          // the socket to the grader
  int processes;        // /proc of the machine, or -1
  int stat;             // /proc/stat of the machine: how long processors stood idle; -1 if hidden
  int processor;        // the one that all of this keeper's work is done on, or -1
  uid_t user;           // inside: the first of two user ids for programs; 0: no change of user
  uid_t outside;        // the same outside
  bool drops_capabilities;
  char scratch[64];     // the folder under which a case's scratch lies
  int landlock;         // the ruleset, or -1
  int doors[2], memory_limit, memory_events;  // files of the control group, or -1
  uint64_t memory_bytes;                      // the limit that was set last
  const char **paths;   // folders that programs may read
  size_t path_count;
  char **interpreter;   // arguments of the warm interpreter, ended by NULL; empty if there is none
  int lock;             // holds the user ids, or -1
  int driver;           // what the warm interpreter runs
  pid_t spawner;        // starts what is in the control group; 0: not started
  int orders;           // the socket to it, or -1
  int self;             // pidfd of this keeper: the way back into its namespaces
} keeper_state;
