#define _GNU_SOURCE
#include "cell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockdown.h"
#include "root.h"

static unsigned long namespace_flags(uint32_t layers) {
  return (layers & CSANDBOX_PID ? CLONE_NEWPID : 0) | (layers & CSANDBOX_MOUNT ? CLONE_NEWNS : 0)
         | (layers & CSANDBOX_IPC ? CLONE_NEWIPC : 0);
}

static bool place_file(int folder, const csandbox_file *file, const char *name,
                       const uint8_t *content, uid_t user) {
  int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  bool is_placed = write_all(fd, content, file->length)
                   && (user == 0 || fchown(fd, user, user) == 0)
                   && fchmod(fd, file->is_executable ? 0755 : 0644) == 0;
  close(fd);
  return is_placed;
}

static bool place_files(const char *scratch, const csandbox_job *job, const uint8_t *bytes,
                        uid_t user) {
  if (job->file_count == 0) return true;
  int folder = open(scratch, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  bool is_placed = folder >= 0;
  const uint8_t *end = bytes + job->files_length;
  for (uint32_t i = 0; i < job->file_count && is_placed; i++) {
    csandbox_file file;
    if ((size_t)(end - bytes) < sizeof file) return false;
    memcpy(&file, bytes, sizeof file);
    bytes += sizeof file;
    char name[256];
    size_t left = (size_t)(end - bytes);
    if (file.name_length >= sizeof name || file.name_length > left
        || file.length > left - file.name_length)
      return false;
    memcpy(name, bytes, file.name_length);
    name[file.name_length] = 0;
    is_placed = !strchr(name, '/')
                && place_file(folder, &file, name, bytes + file.name_length, user);
    bytes += file.name_length + file.length;
  }
  close_fd(&folder);
  return is_placed;
}

// What the cell's first process needs to know. It shares our memory, so that starting it copies none:
// we wait until it has set itself up, and from then on it does nothing.
typedef struct {
  int ready;
  bool is_mounted;
  uint64_t scratch_bytes;
  const csandbox_job *job;
  const uint8_t *files;
  uid_t user;
} cell_plan;

enum { CELL_STACK = 64 << 10 };

static int live(void *argument) {
  const cell_plan *plan = argument;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (plan->is_mounted
      && (!scratch_mount(plan->scratch_bytes)
          || !place_files(SCRATCH, plan->job, plan->files, plan->user)))
    _exit(1);
  signal(SIGCHLD, SIG_IGN);  // orphans are buried by the kernel
  if (write(plan->ready, "+", 1) != 1) _exit(1);
  close_from(0);
  for (;;) pause();
}

static bool fail(char *message, size_t length, const char *what) {
  snprintf(message, length, "%s: %s", what, strerror(errno));
  return false;
}

bool cell_open(cell *cell, const keeper_state *keeper, const csandbox_job *job,
               const uint8_t *files, uid_t user, char *message, size_t length) {
  unsigned long flags = namespace_flags(keeper->layers);
  bool is_mounted = keeper->layers & CSANDBOX_MOUNT;
  uint64_t scratch_bytes = job->file_bytes + job->files_length;
  cell->process = 0;
  cell->pidfd = -1;
  cell->stack = NULL;
  if (is_mounted) {
    strcpy(cell->scratch, SCRATCH);
  } else {
    snprintf(cell->scratch, sizeof cell->scratch, "%s/%s", keeper->scratch,
             job->is_judge ? "judge" : "program");
    if ((mkdir(cell->scratch, 0700) != 0 && errno != EEXIST) || !scratch_empty(cell->scratch)
        || (user != 0 && chown(cell->scratch, user, user) != 0))
      return fail(message, length, "making a scratch folder");
    if (!place_files(cell->scratch, job, files, user))
      return fail(message, length, "placing files in the scratch");
  }
  if (flags == 0) return true;
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) return fail(message, length, "pipe");
  cell_plan plan = {ready[1], is_mounted, scratch_bytes, job, files, user};
  cell->stack = malloc(CELL_STACK);
  if (cell->stack)
    cell->process = clone(live, (char *)cell->stack + CELL_STACK, (int)flags | CLONE_VM | SIGCHLD,
                          &plan);
  close(ready[1]);
  char answer = 0;
  bool is_ready = cell->process > 0 && read_all(ready[0], &answer, 1);
  close(ready[0]);
  if (is_ready) cell->pidfd = open_pidfd(cell->process);
  if (cell->pidfd >= 0) return true;
  fail(message, length, "opening a cell");
  if (cell->process > 0) {
    kill(cell->process, SIGKILL);
    waitpid(cell->process, NULL, 0);
  }
  free(cell->stack);
  cell->stack = NULL;
  cell->process = 0;
  return false;
}

bool cell_enter(const cell *cell, const keeper_state *keeper) {
  return cell->pidfd < 0 || setns(cell->pidfd, (int)namespace_flags(keeper->layers)) == 0;
}

bool cell_collect(const cell *cell, const keeper_state *keeper, const char *name, size_t limit, buffer *content) {
  if (strchr(name, '/')) return false;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  pid_t reader = fork();
  if (reader == 0) {
    // The file's maker may have made it anything; only a plain file is read.
    struct stat status;
    if (!cell_enter(cell, keeper)) _exit(1);
    int folder = open(cell->scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)
        || (uint64_t)status.st_size > limit)
      _exit(1);
    uint8_t chunk[65536];
    for (ssize_t got; (got = read(file, chunk, sizeof chunk)) > 0;)
      if (!write_all(ends[1], chunk, (size_t)got)) _exit(1);
    _exit(0);
  }
  close(ends[1]);
  uint8_t chunk[65536];
  bool is_whole = reader > 0;
  for (ssize_t got; is_whole && (got = read(ends[0], chunk, sizeof chunk)) > 0;)
    is_whole = content->count + (size_t)got <= limit && buffer_append(content, chunk, (size_t)got);
  close(ends[0]);
  int status = 1;
  if (reader > 0) waitpid(reader, &status, 0);
  return is_whole && status == 0;
}

void kill_all_of(uid_t user) {
  if (user == 0) return;
  pid_t killer = fork();
  if (killer == 0) _exit(become(user) && kill(-1, SIGKILL) == 0 ? 0 : 1);
  if (killer > 0) waitpid(killer, NULL, 0);
}

void cell_end(const cell *cell) {
  if (cell->process > 0) kill(cell->process, SIGKILL);
}

void cell_close(cell *cell, const keeper_state *keeper, uid_t user) {
  if (cell->process > 0) {
    cell_end(cell);
    // It is gone when its namespace is empty, and that is when those who wait for the processes in it
    // have done so: for a program, the warm interpreter. The bound is for a fault of ours.
    struct pollfd gone = {cell->pidfd, POLLIN, 0};
    double end = now() + 10;
    while (poll(&gone, 1, 1000) <= 0 && now() < end) {}
    // Its stack is free when it is gone, be it that somebody else has buried it; should it not be, the
    // stack is the lesser loss.
    if (waitpid(cell->process, NULL, WNOHANG) != 0) free(cell->stack);
    cell->stack = NULL;
  }
  if (!(keeper->layers & CSANDBOX_PID)) kill_all_of(user);
  close_fd(&cell->pidfd);
  cell->process = 0;
  if (!(keeper->layers & CSANDBOX_MOUNT)) scratch_empty(cell->scratch);
}
