// compile_include_passwd | format: compile | includes the accounts of the host, to read them in the errors | expect: compile-error
#include "/etc/passwd"
int main(void) { return 0; }
