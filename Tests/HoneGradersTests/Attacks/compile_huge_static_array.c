// compile_huge_static_array | format: compile | static memory beyond every limit, touched | expect: compile-error, memory-limit, runtime-error, wrong-answer
#include <stdio.h>
#include <string.h>
static char big[1ULL << 30];
int main(void) {
  memset(big, 1, sizeof big);
  printf("%d\n", -big[12345]);
}
