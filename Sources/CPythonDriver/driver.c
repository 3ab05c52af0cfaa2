#include "CPythonDriver.h"

// One program from files of one idea each, embedded: as a Swift resource in code it would cost
// a release build of its module as much again, as text in Swift it would not be Python to anyone.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const uint8_t source[] = {
#embed "driver.py" suffix(,)
#embed "values.py" suffix(,)
#embed "attempts.py" suffix(,)
#embed "program.py" suffix(,)
#embed "link.py" suffix(,)
#embed "judge.py" suffix(,)
#embed "zygote.py"
};

const uint8_t *cpythondriver_source(size_t *length) {
  *length = sizeof source;
  return source;
}
