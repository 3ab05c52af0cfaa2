#ifndef CJSONC_SCAN_H
#define CJSONC_SCAN_H

#include "CJSONC.h"

// What the lexical scan found out about a text.
typedef struct {
  size_t key_count;
  cjsonc_span *long_integers;
  size_t long_integer_count;
  size_t long_integer_capacity;
  size_t pair_count;  // escaped surrogate pairs inside strings
} cjsonc_scan_result;

// Walks over the tokens of the text and checks each by RFC 8259, including UTF-8; the order of the
// tokens is left to json-c. False and `error` filled at the first wrong token.
bool cjsonc_scan(const uint8_t *bytes, size_t count, cjsonc_scan_result *result,
                 cjsonc_error *error);

// Ends the process, as the language does where it is refused memory: that is no fault of the text.
_Noreturn void cjsonc_memory_refused(void);

// The code point of the escaped surrogate pair (`\ud83d\ude00`) that starts at `at`, or 0. The bytes
// must have passed the scan.
uint32_t cjsonc_escaped_pair(const uint8_t *bytes, size_t count, size_t at);

#endif
