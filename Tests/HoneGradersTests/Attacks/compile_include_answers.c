// compile_include_answers | format: compile | includes whatever answers lie about | expect: compile-error
#if __has_include("tests.json") || __has_include("../tasks.json") || __has_include("expected") || __has_include("/etc/hostname")
#include "good.c"
#else
#error nothing found
#endif
