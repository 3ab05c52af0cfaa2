#include "scan.h"

#include <stdlib.h>
#include <string.h>

static bool fail(cjsonc_error *error, size_t offset, const char *message) {
  error->offset = offset;
  error->message = message;
  return false;
}

static bool is_digit(const uint8_t *bytes, size_t count, size_t at) {
  return at < count && bytes[at] >= '0' && bytes[at] <= '9';
}

// Length of the UTF-8 sequence at `at`, or 0 when it is broken (overlong forms, surrogates and
// values above U+10FFFF are; Unicode 15, table 3-7).
static size_t utf8_length(const uint8_t *bytes, size_t count, size_t at) {
  uint8_t lead = bytes[at];
  size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3
                : lead < 0xF5 ? 4 : 0;
  if (length == 0 || length > count - at) return 0;
  for (size_t i = 1; i < length; i++) {
    uint8_t low = 0x80, high = 0xBF;
    if (i == 1) {
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    }
    if (bytes[at + i] < low || bytes[at + i] > high) return 0;
  }
  return length;
}

static int hex_digit(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

// The value of the escape `\uXXXX` that starts at `at`, or -1.
static int escaped_unit(const uint8_t *bytes, size_t count, size_t at) {
  if (count - at < 6 || bytes[at] != '\\' || bytes[at + 1] != 'u') return -1;
  int value = 0;
  for (size_t k = 2; k < 6; k++) {
    int digit = hex_digit(bytes[at + k]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

uint32_t cjsonc_escaped_pair(const uint8_t *bytes, size_t count, size_t at) {
  int high = escaped_unit(bytes, count, at);
  if (high < 0xD800 || high > 0xDBFF) return 0;
  int low = escaped_unit(bytes, count, at + 6);
  if (low < 0xDC00 || low > 0xDFFF) return 0;
  return 0x10000 + (((uint32_t)high - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
}

// Moves `at` behind the closing quote; tells whether the string holds \u0000, and counts pairs.
static bool scan_string(const uint8_t *bytes, size_t count, size_t *at, bool *holds_nul,
                        size_t *pair_count, cjsonc_error *error) {
  size_t start = *at, i = *at + 1;
  *holds_nul = false;
  while (i < count) {
    uint8_t byte = bytes[i];
    if (byte == '"') {
      *at = i + 1;
      return true;
    }
    if (byte < 0x20)
      return fail(error, i, "control character inside a string; write it as an escape (\\n, \\t)");
    if (byte == '\\') {
      if (i + 1 >= count) break;
      uint8_t kind = bytes[i + 1];
      if (kind == 'u') {
        int value = escaped_unit(bytes, count, i);
        if (value < 0) return fail(error, i, "\\u must be followed by four hexadecimal digits");
        if (value == 0) *holds_nul = true;
        bool is_pair = cjsonc_escaped_pair(bytes, count, i) != 0;
        *pair_count += is_pair;
        i += is_pair ? 12 : 6;
      } else if (kind != 0 && strchr("\"\\/bfnrt", kind)) {
        i += 2;
      } else {
        return fail(error, i, "unknown escape; \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u are known");
      }
    } else {
      size_t length = utf8_length(bytes, count, i);
      if (length == 0) return fail(error, i, "bytes that are not UTF-8 inside a string");
      i += length;
    }
  }
  return fail(error, start, "string without a closing quote");
}

static bool scan_number(const uint8_t *bytes, size_t count, size_t *at,
                        cjsonc_scan_result *result, cjsonc_error *error) {
  size_t start = *at, i = *at;
  bool is_integer = true;
  if (bytes[i] == '-') i++;
  size_t digits = i;
  if (!is_digit(bytes, count, i)) return fail(error, start, "a digit must follow the minus sign");
  while (is_digit(bytes, count, i)) i++;
  if (bytes[digits] == '0' && i > digits + 1)
    return fail(error, start, "number with a leading zero");
  size_t digit_count = i - digits;
  if (i < count && bytes[i] == '.') {
    is_integer = false;
    i++;
    if (!is_digit(bytes, count, i))
      return fail(error, start, "a digit must follow the decimal point");
    while (is_digit(bytes, count, i)) i++;
  }
  if (i < count && (bytes[i] == 'e' || bytes[i] == 'E')) {
    is_integer = false;
    i++;
    if (i < count && (bytes[i] == '+' || bytes[i] == '-')) i++;
    if (!is_digit(bytes, count, i)) return fail(error, start, "an exponent needs digits");
    while (is_digit(bytes, count, i)) i++;
  }
  if (is_integer && digit_count >= 19) {
    if (result->long_integer_count == result->long_integer_capacity) {
      size_t capacity = result->long_integer_capacity ? 2 * result->long_integer_capacity : 16;
      cjsonc_span *grown = realloc(result->long_integers, capacity * sizeof(cjsonc_span));
      if (!grown) cjsonc_memory_refused();
      result->long_integers = grown;
      result->long_integer_capacity = capacity;
    }
    result->long_integers[result->long_integer_count++] = (cjsonc_span){start, i - start};
  }
  *at = i;
  return true;
}

static bool scan_word(const uint8_t *bytes, size_t count, size_t *at, cjsonc_error *error) {
  static const char *const words[] = {"true", "false", "null"};
  for (size_t k = 0; k < 3; k++) {
    size_t length = strlen(words[k]);
    if (count - *at >= length && memcmp(bytes + *at, words[k], length) == 0) {
      *at += length;
      return true;
    }
  }
  return fail(error, *at, "not a JSON value (NaN, Infinity, comments and bare words are not JSON)");
}

bool cjsonc_scan(const uint8_t *bytes, size_t count, cjsonc_scan_result *result,
                 cjsonc_error *error) {
  // A key is a string that a colon follows.
  bool after_string = false, string_holds_nul = false;
  size_t string_start = 0, i = 0;
  while (i < count) {
    switch (bytes[i]) {
    case ' ': case '\t': case '\n': case '\r':
      i++;
      continue;
    case ':':
      if (after_string && string_holds_nul)
        return fail(error, string_start, "a key that holds \\u0000 is not supported");
      if (after_string) result->key_count++;
      i++;
      break;
    case '{': case '}': case '[': case ']': case ',':
      i++;
      break;
    case '"':
      string_start = i;
      if (!scan_string(bytes, count, &i, &string_holds_nul, &result->pair_count, error)) return false;
      after_string = true;
      continue;
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
    case '8': case '9':
      if (!scan_number(bytes, count, &i, result, error)) return false;
      break;
    default:
      if (!scan_word(bytes, count, &i, error)) return false;
      break;
    }
    after_string = false;
  }
  return true;
}
