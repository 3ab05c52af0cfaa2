// compile_ptrace | format: compile | a forbidden call from a compiled program | expect: forbidden | attempts: forbidden-call
#include <sys/ptrace.h>
int main(void) { return ptrace(PTRACE_ATTACH, 1, 0, 0) == 0 ? 0 : 1; }
