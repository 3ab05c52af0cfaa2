// compile_plugin | format: compile | asks the compiler to run or to load something | expect: compile-error, wrong-answer, runtime-error
#pragma GCC plugin "/tmp/plugin.so"
#pragma clang __debug crash
#pragma comment(linker, "/include:x")
__asm__(".include \"/etc/passwd\"");
int main(void) { return 0; }
