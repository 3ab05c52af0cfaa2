// compile_kernel_memory | format: compile | tiny processes fill the buffers of sockets, so that another is chosen to die for it | expect: wrong-answer, runtime-error, memory-limit, time-limit
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
static char block[65536];
int main(void) {
  int children = 0;
  for (int i = 0; i < 28; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      for (int ends[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;)
        for (int k = 0; k < 2; k++) {
          fcntl(ends[k], F_SETFL, O_NONBLOCK);
          while (write(ends[k], block, sizeof block) > 0) {}
        }
      sleep(1);
      _exit(0);
    }
    children += pid > 0;
  }
  while (children-- > 0) wait(NULL);
  puts("-1");
}
