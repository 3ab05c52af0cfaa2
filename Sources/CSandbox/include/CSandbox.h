// Child processes under limits: the only place of the package that forks.
//
// A keeper is a small process that contains everything it starts. It is this very executable, started
// again: a constructor of this target takes over before `main`, so that a library can have a helper
// program without shipping one. It speaks the structures below over one socket; both ends are the same
// build, so they are sent as they lie in memory, each followed by its bytes.
#pragma once

#include <stdint.h>
#include <sys/types.h>

// What can stand between a program and the machine. A keeper takes those that are asked for and that
// have shown their effect.
enum {
  CSANDBOX_USER = 1 << 0,      // user namespace: root inside is nobody outside
  CSANDBOX_MOUNT = 1 << 1,     // mount namespace: a read-only root made of a few folders
  CSANDBOX_PID = 1 << 2,       // process namespace: others are invisible, and all die together
  CSANDBOX_NET = 1 << 3,       // network namespace without any interface
  CSANDBOX_IPC = 1 << 4,       // System V and POSIX queues of their own
  CSANDBOX_LANDLOCK = 1 << 5,  // files: read the runtime, write the scratch, nothing else
  CSANDBOX_SECCOMP = 1 << 6,   // system calls that no solution needs end the process
  CSANDBOX_UID = 1 << 7,       // a user id that nobody else has
  CSANDBOX_LIMITS = 1 << 8,    // memory, processor time, files, processes
  CSANDBOX_CGROUP = 1 << 9,    // memory and processes of all together
};

// The first message to a keeper, followed by `byte_count` bytes: `path_count` folders to show inside,
// then `argument_count` arguments of the warm interpreter, every one ended by NUL; and then by the
// `driver_length` bytes that the interpreter finds at descriptor 6.
typedef struct {
  uint32_t layers;
  uint32_t path_count;
  uint32_t argument_count;
  uint32_t byte_count;
  uint32_t driver_length;
} csandbox_setup;

// Its answer, followed by `message_length` bytes that say what went wrong, if anything did.
typedef struct {
  uint32_t layers;  // those at work
  uint32_t failed;  // 1: the keeper cannot serve
  uint32_t user;    // the user id of programs outside, or our own
  uint32_t message_length;
} csandbox_ready;

enum {
  CSANDBOX_RUN = 1,    // one job
  CSANDBOX_JUDGE = 2,  // two Python jobs, joined by a socket: the program's, then the judge's
  CSANDBOX_CHECK = 3,  // one source text (`job`), for the standing checker
};

// A request, followed by its jobs.
typedef struct {
  uint32_t kind;
  uint32_t job_count;
} csandbox_request;

enum {
  CSANDBOX_PYTHON = 0,   // forked from the warm interpreter; `job` tells it what to do
  CSANDBOX_COMMAND = 1,  // executed
};

// A job, followed by its bytes in the order of the counts: job, input, arguments (each ended by NUL),
// files (each a csandbox_file, its name, its content), the name of the file to collect.
typedef struct {
  uint32_t kind;
  uint32_t argument_count;
  uint32_t file_count;
  uint32_t processes;
  uint32_t open_files;
  uint32_t is_judge;
  double cpu_seconds;
  uint64_t memory_bytes;
  uint64_t output_bytes;
  uint64_t file_bytes;
  uint64_t job_length, input_length, arguments_length, files_length, collect_length;
} csandbox_job;

typedef struct {
  uint32_t name_length;
  uint32_t is_executable;
  uint64_t length;
} csandbox_file;

enum {
  CSANDBOX_EXITED = 0,
  CSANDBOX_SIGNALLED = 1,
  CSANDBOX_CPU_LIMIT = 2,
  CSANDBOX_WALL_LIMIT = 3,
  CSANDBOX_OUTPUT_LIMIT = 4,
  CSANDBOX_MEMORY_LIMIT = 5,
  CSANDBOX_FORBIDDEN = 6,
  CSANDBOX_FAILED = 7,  // the machinery's own failure; the message is in `errors`
};

// How a job ended, followed by output, errors, results and the collected file. A judged request has two,
// the program's first.
typedef struct {
  uint32_t ending;
  int32_t code;         // exit code or signal
  uint32_t is_collected;
  uint32_t ended_last;  // judged requests: the program was still there when the judge ended
  double cpu_seconds, wall_seconds;
  uint64_t peak_bytes;
  uint64_t output_length, errors_length, results_length, collected_length;
} csandbox_outcome;

// Starts a keeper at the other end of `socket`, which stays the caller's. Returns 0 or an errno.
int csandbox_start(int socket, pid_t *keeper);

// Waits for a keeper whose socket was closed to clean up and end.
void csandbox_wait(pid_t keeper);
