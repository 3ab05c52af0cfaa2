// compile_huge_initialised_array | format: compile | a program file of sixteen gigabytes | expect: compile-error, time-limit, memory-limit, output-limit, runtime-error
#include <stdio.h>
char big[1ULL << 34] = {1};
int main(void) { printf("%d\n", -big[0]); }
