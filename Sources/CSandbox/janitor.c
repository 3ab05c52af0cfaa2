#define _GNU_SOURCE
#include "janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell.h"
#include "root.h"

typedef struct {
  enum { MAP, REMEMBER } kind;
  pid_t keeper;
  uid_t outside;
  unsigned count;
  control_group group;
} order;

static bool write_map(const char *name, const order *order) {
  char path[64], text[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)order->keeper, name);
  int length = snprintf(text, sizeof text, "0 %u %u", order->outside, order->count);
  int file = open(path, O_WRONLY | O_CLOEXEC);
  bool is_written = file >= 0 && write(file, text, (size_t)length) == length;
  close_fd(&file);
  return is_written;
}

static _Noreturn void tidy(int orders, int answers, const keeper_state *keeper) {
  for (int signal_number = 1; signal_number < 32; signal_number++) signal(signal_number, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  control_group group = {.doors = {-1, -1}, .memory_limit = -1, .memory_events = -1};
  order order;
  // The end of the orders is the end of the keeper.
  while (read_all(orders, &order, sizeof order)) {
    char answer = '-';
    if (order.kind == REMEMBER) {
      group = order.group;
      group.memory_limit = group.memory_events = group.doors[0] = group.doors[1] = -1;
      answer = '+';
    } else if (write_map("uid_map", &order)
               && write_map("gid_map", &order)) {
      answer = '+';
    }
    if (!write_all(answers, &answer, 1)) break;
  }
  // A process namespace has ended with its first process. The first id may be the keeper's own.
  if (keeper->outside && !(keeper->layers & CSANDBOX_PID)) {
    kill_all_of(keeper->outside + 1);
    kill_all_of(keeper->outside + 2);
  }
  if (keeper->scratch[0]) {
    scratch_empty(keeper->scratch);
    rmdir(keeper->scratch);
  }
  control_group_remove(&group);
  _exit(0);
}

bool janitor_start(janitor *janitor, const keeper_state *keeper) {
  int orders[2], answers[2];
  if (pipe2(orders, O_CLOEXEC) != 0) return false;
  if (pipe2(answers, O_CLOEXEC) != 0) return false;
  janitor->process = fork();
  if (janitor->process == 0) {
    int mine = fcntl(orders[0], F_DUPFD_CLOEXEC, 16), reply = fcntl(answers[1], F_DUPFD_CLOEXEC, 17);
    int lock = keeper->lock >= 0 ? fcntl(keeper->lock, F_DUPFD_CLOEXEC, 18) : -1;
    // Nothing of the keeper's may stay open here, above all not its end of the conversation; but the
    // user ids are taken until the last process that has one is gone.
    dup2(mine, 3);
    dup2(reply, 4);
    if (lock >= 0) dup2(lock, 5);
    close_from(lock >= 0 ? 6 : 5);
    tidy(3, 4, keeper);
  }
  close(orders[0]);
  close(answers[1]);
  janitor->orders = orders[1];
  janitor->answers = answers[0];
  return janitor->process > 0;
}

static bool give(janitor *janitor, const order *order) {
  char answer = 0;
  return write_all(janitor->orders, order, sizeof *order)
         && read_all(janitor->answers, &answer, 1) && answer == '+';
}

bool janitor_map(janitor *janitor, uid_t outside, unsigned count) {
  order map = {.kind = MAP, .keeper = getpid(), .outside = outside, .count = count};
  return give(janitor, &map);
}

void janitor_remember(janitor *janitor, const control_group *group) {
  order remember = {.kind = REMEMBER, .group = *group};
  give(janitor, &remember);
}

void janitor_finish(janitor *janitor) {
  close_fd(&janitor->orders);
  close_fd(&janitor->answers);
  while (waitpid(janitor->process, NULL, 0) < 0 && errno == EINTR) {}
}
