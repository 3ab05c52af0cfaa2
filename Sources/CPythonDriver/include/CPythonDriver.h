#ifndef CPYTHONDRIVER_H
#define CPYTHONDRIVER_H

#include <stddef.h>
#include <stdint.h>

/// The Python program that runs solutions and judges their tests, as UTF-8 text; see driver.py.
const uint8_t *cpythondriver_source(size_t *length);

#endif
