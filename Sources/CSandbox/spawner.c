#define _GNU_SOURCE
#include "spawner.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "command.h"
#include "zygote.h"

enum { MOST_FDS = 6 };

// MARK: - In the spawner

// An order with descriptors of ours in the place of the keeper's. False at the end.
static bool receive_order(int control, spawn_order *order, char *arguments) {
  union {
    char bytes[CMSG_SPACE(MOST_FDS * sizeof(int))];
    struct cmsghdr align;
  } space;
  struct iovec parts[2] = {{order, sizeof *order}, {arguments, MAXIMUM_SPAWN_ARGUMENTS}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2, .msg_control = space.bytes,
                           .msg_controllen = sizeof space.bytes};
  ssize_t got;
  do got = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
  if (!header || got < (ssize_t)sizeof *order) return false;
  int fds[MOST_FDS];
  size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
  memcpy(fds, CMSG_DATA(header), count * sizeof(int));
  memcpy(order->fds, fds, order->fd_count * sizeof(int));
  if (order->cell >= 0) order->cell = fds[order->fd_count];
  return count == order->fd_count + (order->cell >= 0 ? 1 : 0);
}

// A process can put its children into a process namespace, not itself.
static bool place_children(const keeper_state *keeper, int door) {
  return !(keeper->layers & CSANDBOX_PID) || door < 0 || setns(door, CLONE_NEWPID) == 0;
}

static _Noreturn void serve_orders(keeper_state *keeper, int control) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  char answer = control_group_enter(keeper->doors) ? '+' : '-';
  if (!write_all(control, &answer, 1) || answer == '-') _exit(1);
  spawn_order order;
  static char arguments[MAXIMUM_SPAWN_ARGUMENTS];
  while (receive_order(control, &order, arguments)) {
    cell cell = {.pidfd = order.cell};
    memcpy(cell.scratch, order.scratch, sizeof cell.scratch);
    int32_t child = place_children(keeper, order.cell) ? clone_process(CLONE_PARENT) : -1;
    if (child == 0) {
      if (order.kind == SPAWN_ZYGOTE) become_zygote(keeper, order.fds[0]);
      become_command(keeper, &cell, &order.job, arguments, order.user, order.fds);
    }
    if (order.cell >= 0 && !place_children(keeper, keeper->self)) _exit(1);
    for (size_t i = 0; i < order.fd_count; i++) close(order.fds[i]);
    if (order.cell >= 0) close(order.cell);
    if (!write_all(control, &child, sizeof child)) break;
  }
  _exit(0);
}

// MARK: - In the keeper

bool spawner_start(keeper_state *keeper) {
  int ends[2];
  if (keeper->spawner > 0) return true;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
  keeper->spawner = clone_process(0);
  if (keeper->spawner == 0) {
    close(ends[0]);
    close(keeper->control);
    serve_orders(keeper, ends[1]);
  }
  close(ends[1]);
  keeper->orders = ends[0];
  char answer = 0;
  if (keeper->spawner > 0 && read_all(ends[0], &answer, 1) && answer == '+') return true;
  spawner_stop(keeper);
  return false;
}

void spawner_stop(keeper_state *keeper) {
  if (keeper->spawner > 0) {
    kill(keeper->spawner, SIGKILL);
    waitpid(keeper->spawner, NULL, 0);
  }
  keeper->spawner = 0;
  close_fd(&keeper->orders);
}

pid_t spawn(keeper_state *keeper, const spawn_order *order, const char *arguments) {
  char packet[sizeof *order + MAXIMUM_SPAWN_ARGUMENTS];
  int fds[MOST_FDS];
  size_t count = order->fd_count;
  int32_t child = -1;
  errno = E2BIG;
  if (order->argument_length > MAXIMUM_SPAWN_ARGUMENTS || !spawner_start(keeper)) return -1;
  memcpy(packet, order, sizeof *order);
  memcpy(packet + sizeof *order, arguments, order->argument_length);
  memcpy(fds, order->fds, count * sizeof(int));
  if (order->cell >= 0) fds[count++] = order->cell;
  if (send_message(keeper->orders, packet, sizeof *order + order->argument_length, fds, count)
      && receive_within(keeper->orders, &child, sizeof child, 10000) == sizeof child && child > 0)
    return child;
  spawner_stop(keeper);
  return -1;
}
