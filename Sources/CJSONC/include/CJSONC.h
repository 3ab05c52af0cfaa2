#ifndef CJSONC_H
#define CJSONC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A strict door to json-c. json-c itself forgives a lot (NaN, leading zeros, control characters
// inside strings, saturated integers, repeated keys): the scan in front of it refuses the lexical
// part of that, and the document keeps what the caller needs to see the rest.

typedef struct cjsonc_document cjsonc_document;
typedef struct cjsonc_value cjsonc_value;    // NULL is the JSON value null
typedef struct cjsonc_member cjsonc_member;  // one key and value of an object

typedef enum {
  CJSONC_NULL,
  CJSONC_BOOL,
  CJSONC_INTEGER,
  CJSONC_NUMBER,
  CJSONC_STRING,
  CJSONC_ARRAY,
  CJSONC_OBJECT,
} cjsonc_kind;

/// Where the text is wrong (byte offset) and why; the message is static.
typedef struct {
  size_t offset;
  const char *message;
} cjsonc_error;

/// Bytes [offset, offset + length) of the text.
typedef struct {
  size_t offset;
  size_t length;
} cjsonc_span;

/// Parses one JSON value; NULL and `error` filled when the text is not strict JSON.
cjsonc_document *cjsonc_parse(const uint8_t *bytes, size_t count, int maximum_depth,
                              cjsonc_error *error);
void cjsonc_free(cjsonc_document *document);

const cjsonc_value *cjsonc_root(const cjsonc_document *document);
/// Keys in the text; more than the objects of the tree hold together when a key repeats.
size_t cjsonc_key_count(const cjsonc_document *document);
/// Integers of 19 digits or more, in the order of the text: json-c saturates the larger ones.
size_t cjsonc_long_integer_count(const cjsonc_document *document);
cjsonc_span cjsonc_long_integer(const cjsonc_document *document, size_t index);

cjsonc_kind cjsonc_kind_of(const cjsonc_value *value);
bool cjsonc_bool(const cjsonc_value *value);
int64_t cjsonc_integer(const cjsonc_value *value);  // saturated
double cjsonc_number(const cjsonc_value *value);
const char *cjsonc_string(const cjsonc_value *value, size_t *length);
size_t cjsonc_array_count(const cjsonc_value *value);
const cjsonc_value *cjsonc_array_element(const cjsonc_value *value, size_t index);
size_t cjsonc_object_count(const cjsonc_value *value);
const cjsonc_member *cjsonc_first_member(const cjsonc_value *value);
const cjsonc_member *cjsonc_next_member(const cjsonc_member *member);
const char *cjsonc_member_key(const cjsonc_member *member);
const cjsonc_value *cjsonc_member_value(const cjsonc_member *member);

/// The version of json-c that is linked in, such as "0.16".
const char *cjsonc_version(void);

#endif
