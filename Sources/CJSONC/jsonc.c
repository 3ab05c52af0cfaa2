#include "CJSONC.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"

struct cjsonc_document {
  struct json_object *root;
  cjsonc_scan_result scan;
};

static void drop(cjsonc_document *document) {
  json_object_put(document->root);
  free(document->scan.long_integers);
  free(document);
}

void cjsonc_memory_refused(void) {
  errno = ENOMEM;
  abort();
}

static bool parse_tree(cjsonc_document *document, const uint8_t *bytes, size_t count,
                       int maximum_depth, cjsonc_error *error) {
  if (count > INT_MAX - 1) {
    *error = (cjsonc_error){0, "one JSON value of 2 GiB or more"};
    return false;
  }
  struct json_tokener *tokener = json_tokener_new_ex(maximum_depth);
  if (!tokener) cjsonc_memory_refused();
  errno = 0;
  json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
  document->root = json_tokener_parse_ex(tokener, (const char *)bytes, (int)count);
  enum json_tokener_error status = json_tokener_get_error(tokener);
  size_t end = json_tokener_get_parse_end(tokener);
  if (status == json_tokener_continue) {
    // A number at the very end could go on: the NUL tells json-c that it does not.
    document->root = json_tokener_parse_ex(tokener, "", 1);
    status = json_tokener_get_error(tokener);
    end = count;
  }
  json_tokener_free(tokener);
  if (status == json_tokener_success) return true;
  // json-c takes refused memory for one error or another of the text.
  if (errno == ENOMEM) cjsonc_memory_refused();
  error->offset = end < count ? end : count;
  error->message = end >= count ? "the text ends before its value does"
                                : json_tokener_error_desc(status);
  if (status == json_tokener_error_depth) error->message = "nested too deeply";
  return false;
}

// json-c (0.16) takes the code point of a pair for a surrogate where its low 16 bits look like one:
// \ud836\udc00, U+1D800, becomes U+FFFD. So it never sees an escaped pair: the text is parsed from a
// copy in which each stands as UTF-8, which is 8 bytes shorter.
enum { escaped_pair_bytes = 12, utf8_pair_bytes = 4 };

static size_t write_pairs(const uint8_t *bytes, size_t count, uint8_t *copy) {
  size_t filled = 0;
  for (size_t i = 0; i < count;) {
    uint32_t point = bytes[i] == '\\' ? cjsonc_escaped_pair(bytes, count, i) : 0;
    if (point) {
      copy[filled++] = (uint8_t)(0xF0 | point >> 18);
      copy[filled++] = (uint8_t)(0x80 | (point >> 12 & 0x3F));
      copy[filled++] = (uint8_t)(0x80 | (point >> 6 & 0x3F));
      copy[filled++] = (uint8_t)(0x80 | (point & 0x3F));
      i += escaped_pair_bytes;
    } else {
      // An escape is copied as a whole: the second backslash of `\\` starts none.
      size_t length = bytes[i] == '\\' && i + 1 < count ? 2 : 1;
      memcpy(copy + filled, bytes + i, length);
      filled += length;
      i += length;
    }
  }
  return filled;
}

// The place in the text of a place in the copy.
static size_t place_before_pairs(const uint8_t *bytes, size_t count, size_t place) {
  size_t i = 0;
  for (size_t copied = 0; i < count && copied < place;) {
    bool is_pair = bytes[i] == '\\' && cjsonc_escaped_pair(bytes, count, i) != 0;
    size_t length = is_pair ? escaped_pair_bytes : bytes[i] == '\\' && i + 1 < count ? 2 : 1;
    i += length;
    copied += is_pair ? utf8_pair_bytes : length;
  }
  return i < count ? i : count;
}

static bool parse_without_pairs(cjsonc_document *document, const uint8_t *bytes, size_t count,
                                int maximum_depth, cjsonc_error *error) {
  if (document->scan.pair_count == 0)
    return parse_tree(document, bytes, count, maximum_depth, error);
  uint8_t *copy = malloc(count);
  if (!copy) cjsonc_memory_refused();
  size_t length = write_pairs(bytes, count, copy);
  bool parsed = parse_tree(document, copy, length, maximum_depth, error);
  if (!parsed) error->offset = place_before_pairs(bytes, count, error->offset);
  free(copy);
  return parsed;
}

cjsonc_document *cjsonc_parse(const uint8_t *bytes, size_t count, int maximum_depth,
                              cjsonc_error *error) {
  cjsonc_document *document = calloc(1, sizeof *document);
  if (!document) cjsonc_memory_refused();
  if (cjsonc_scan(bytes, count, &document->scan, error)
      && parse_without_pairs(document, bytes, count, maximum_depth, error))
    return document;
  drop(document);
  return NULL;
}

void cjsonc_free(cjsonc_document *document) { drop(document); }

static struct json_object *object(const cjsonc_value *value) {
  return (struct json_object *)value;
}

const cjsonc_value *cjsonc_root(const cjsonc_document *document) {
  return (const cjsonc_value *)document->root;
}

size_t cjsonc_key_count(const cjsonc_document *document) { return document->scan.key_count; }

size_t cjsonc_long_integer_count(const cjsonc_document *document) {
  return document->scan.long_integer_count;
}

cjsonc_span cjsonc_long_integer(const cjsonc_document *document, size_t index) {
  return document->scan.long_integers[index];
}

cjsonc_kind cjsonc_kind_of(const cjsonc_value *value) {
  switch (json_object_get_type(object(value))) {
  case json_type_null: return CJSONC_NULL;
  case json_type_boolean: return CJSONC_BOOL;
  case json_type_int: return CJSONC_INTEGER;
  case json_type_double: return CJSONC_NUMBER;
  case json_type_string: return CJSONC_STRING;
  case json_type_array: return CJSONC_ARRAY;
  case json_type_object: return CJSONC_OBJECT;
  }
  return CJSONC_NULL;
}

bool cjsonc_bool(const cjsonc_value *value) { return json_object_get_boolean(object(value)); }

int64_t cjsonc_integer(const cjsonc_value *value) { return json_object_get_int64(object(value)); }

double cjsonc_number(const cjsonc_value *value) { return json_object_get_double(object(value)); }

const char *cjsonc_string(const cjsonc_value *value, size_t *length) {
  *length = (size_t)json_object_get_string_len(object(value));
  return json_object_get_string(object(value));
}

size_t cjsonc_array_count(const cjsonc_value *value) {
  return json_object_array_length(object(value));
}

const cjsonc_value *cjsonc_array_element(const cjsonc_value *value, size_t index) {
  return (const cjsonc_value *)json_object_array_get_idx(object(value), index);
}

size_t cjsonc_object_count(const cjsonc_value *value) {
  return (size_t)json_object_object_length(object(value));
}

const cjsonc_member *cjsonc_first_member(const cjsonc_value *value) {
  return (const cjsonc_member *)lh_table_head(json_object_get_object(object(value)));
}

const cjsonc_member *cjsonc_next_member(const cjsonc_member *member) {
  return (const cjsonc_member *)lh_entry_next((const struct lh_entry *)member);
}

const char *cjsonc_member_key(const cjsonc_member *member) {
  return (const char *)lh_entry_k((const struct lh_entry *)member);
}

const cjsonc_value *cjsonc_member_value(const cjsonc_member *member) {
  return (const cjsonc_value *)lh_entry_v((const struct lh_entry *)member);
}

const char *cjsonc_version(void) { return json_c_version(); }
