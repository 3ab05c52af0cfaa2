#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>
#include <stdint.h>

// A door to zlib's inflate and its checksum. The caller owns every buffer.

typedef enum {
  CZLIB_GZIP,  // one member or several in a row, each with its checksum; zeros may follow
  CZLIB_ZLIB,  // one stream with its checksum
} czlib_format;

typedef enum {
  CZLIB_OK,
  CZLIB_TRUNCATED,      // the data ends inside a stream
  CZLIB_CORRUPT,        // not the format, or a checksum that does not match
  CZLIB_TRAILING,       // something else stands behind the last stream
  CZLIB_TOO_LONG,       // there is more than `capacity`
  CZLIB_OUT_OF_MEMORY,
} czlib_status;

/// Inflates `count` bytes.
///
/// Writes to `output` at most `capacity` bytes; with `output` NULL it counts only, at constant
/// memory, so that a caller can refuse before it allocates. `produced` is the number of bytes that
/// came out, also on failure.
czlib_status czlib_inflate(czlib_format format, const uint8_t *bytes, size_t count,
                           uint8_t *output, size_t capacity, size_t *produced);

/// The CRC-32 of `count` bytes that follow others, whose own is `value` (0 for nothing).
uint32_t czlib_crc32(uint32_t value, const uint8_t *bytes, size_t count);

#endif
