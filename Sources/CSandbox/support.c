#define _GNU_SOURCE
#include "support.h"

#include <errno.h>
#include <poll.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

bool buffer_append(buffer *buffer, const void *bytes, size_t count) {
  if (count > buffer->capacity - buffer->count) {
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 4096;
    while (capacity - buffer->count < count) capacity *= 2;
    uint8_t *grown = realloc(buffer->bytes, capacity);
    if (!grown) return false;
    buffer->bytes = grown;
    buffer->capacity = capacity;
  }
  if (count) memcpy(buffer->bytes + buffer->count, bytes, count);
  buffer->count += count;
  return true;
}

void buffer_free(buffer *buffer) {
  free(buffer->bytes);
  buffer->bytes = NULL;
  buffer->count = buffer->capacity = 0;
}

bool read_all(int fd, void *bytes, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t got = read(fd, (uint8_t *)bytes + done, count - done);
    if (got > 0) done += (size_t)got;
    else if (got == 0 || errno != EINTR) return false;
  }
  return true;
}

bool write_all(int fd, const void *bytes, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t put = send(fd, (const uint8_t *)bytes + done, count - done, MSG_NOSIGNAL);
    if (put < 0 && errno == ENOTSOCK) put = write(fd, (const uint8_t *)bytes + done, count - done);
    if (put > 0) done += (size_t)put;
    else if (put < 0 && errno != EINTR) return false;
  }
  return true;
}

bool send_message(int socket, const void *bytes, size_t count, const int *fds, size_t fd_count) {
  union {
    char bytes[CMSG_SPACE(8 * sizeof(int))];
    struct cmsghdr align;
  } control = {0};
  struct iovec part = {(void *)bytes, count};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (fd_count) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, fd_count * sizeof(int));
  }
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == (ssize_t)count;
}

ssize_t receive_message(int socket, void *bytes, size_t count) {
  ssize_t got;
  do got = recv(socket, bytes, count, 0);
  while (got < 0 && errno == EINTR);
  return got;
}

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

void close_from(int first) {
  if (syscall(SYS_close_range, (unsigned)first, ~0u, 0) == 0) return;
  for (int fd = first; fd < 4096; fd++) close(fd);
}

int open_pidfd(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

pid_t clone_process(unsigned long flags) {
  return (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

ssize_t receive_within(int socket, void *bytes, size_t count, int milliseconds) {
  struct pollfd wait = {socket, POLLIN, 0};
  double end = now() + milliseconds / 1e3;
  for (;;) {
    int left = (int)((end - now()) * 1e3);
    int ready = poll(&wait, 1, left > 0 ? left : 0);
    if (ready > 0) return receive_message(socket, bytes, count);
    if (ready == 0 || errno != EINTR) return -1;
  }
}
