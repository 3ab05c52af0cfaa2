// compile_fork_bomb | format: compile | forks for three seconds, in every child | expect: wrong-answer, runtime-error, time-limit
#define _GNU_SOURCE
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  do {
    if (getuid()) fork();
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (getuid() && now.tv_sec - start.tv_sec < 3);
  puts("-1");
}
