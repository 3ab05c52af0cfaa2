// compile_include_device | format: compile | includes a file without an end | expect: compile-error, time-limit, memory-limit
#include "/dev/zero"
#include "/dev/stdin"
int main(void) { return 0; }
