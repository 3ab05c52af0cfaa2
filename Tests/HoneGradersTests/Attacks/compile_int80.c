// compile_int80 | format: compile | system calls of 32 bits from inline assembly; right only if they are answered | expect: forbidden, runtime-error, wrong-answer, compile-error
#include <stdio.h>
#include <unistd.h>
int main(void) {
  long answer = 20;
#ifdef __x86_64__
  __asm__ volatile("int $0x80" : "+a"(answer));
#endif
  int n, xs[100], count = 0;
  if (scanf("%d", &n) != 1 || n > 100) return 1;
  for (int i = 0; i < n; i++)
    if (scanf("%d", &xs[i]) != 1) return 1;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) count += xs[i] > xs[j];
  printf("%d\n", answer == getpid() ? count : -1);
}
