// compile_daemon | format: compile | a daemon that outlives the program and marks its survival | expect: wrong-answer
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(void) {
  puts("-1");
  fflush(stdout);
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      prctl(PR_SET_NAME, "hone-breach");
      sleep(2);
      creat("/tmp/SANDBOX_BREACH_compiled", 0600);
      creat("/var/tmp/SANDBOX_BREACH_compiled", 0600);
      creat("/dev/shm/SANDBOX_BREACH_compiled", 0600);
      sleep(20);
    }
    _exit(0);
  }
}
