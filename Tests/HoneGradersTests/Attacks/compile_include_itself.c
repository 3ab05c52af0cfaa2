// compile_include_itself | format: compile | includes itself twice, as deep as the compiler goes: two to the two hundredth lines | expect: compile-error, time-limit, memory-limit, output-limit
#include __FILE__
#include __FILE__
int main(void) { return 0; }
