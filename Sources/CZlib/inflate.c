#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "CZlib.h"

// zlib counts in 32 bits: longer buffers are handed over in pieces.
static uInt piece(size_t count) { return count > INT_MAX ? INT_MAX : (uInt)count; }

static bool only_zeros(const uint8_t *bytes, size_t count) {
  for (size_t index = 0; index < count; index++) {
    if (bytes[index] != 0) return false;
  }
  return true;
}

// One stream or member. Moves `*bytes` and `*count` behind it and adds to `*produced`.
static czlib_status one_stream(z_stream *stream, const uint8_t **bytes, size_t *count,
                               uint8_t *output, size_t capacity, size_t *produced) {
  uint8_t scratch[1 << 14];
  int result = Z_OK;
  while (result != Z_STREAM_END) {
    size_t left = capacity - *produced;
    // When counting, or when the output is full, one byte more still has a place to show itself in.
    bool direct = output && left > 0;
    uInt in = piece(*count);
    uInt out = direct ? piece(left) : (uInt)sizeof scratch;
    stream->next_in = (Bytef *)*bytes;
    stream->avail_in = in;
    stream->next_out = direct ? output + *produced : scratch;
    stream->avail_out = out;
    result = inflate(stream, Z_NO_FLUSH);
    *bytes += in - stream->avail_in;
    *count -= in - stream->avail_in;
    size_t written = out - stream->avail_out;
    if (written > left) {
      *produced = capacity;
      return CZLIB_TOO_LONG;
    }
    *produced += written;
    if (result == Z_MEM_ERROR) return CZLIB_OUT_OF_MEMORY;
    if (result == Z_BUF_ERROR || (result == Z_OK && *count == 0 && stream->avail_out > 0)) {
      return CZLIB_TRUNCATED;
    }
    if (result != Z_OK && result != Z_STREAM_END) return CZLIB_CORRUPT;
  }
  return CZLIB_OK;
}

czlib_status czlib_inflate(czlib_format format, const uint8_t *bytes, size_t count,
                           uint8_t *output, size_t capacity, size_t *produced) {
  *produced = 0;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  int window = format == CZLIB_GZIP ? 16 + MAX_WBITS : MAX_WBITS;
  int result = inflateInit2(&stream, window);
  if (result == Z_MEM_ERROR) return CZLIB_OUT_OF_MEMORY;
  if (result != Z_OK) return CZLIB_CORRUPT;
  czlib_status status;
  do {
    status = one_stream(&stream, &bytes, &count, output, capacity, produced);
    if (status == CZLIB_OK && only_zeros(bytes, count)) {
      if (format == CZLIB_ZLIB && count > 0) status = CZLIB_TRAILING;
      break;
    }
    if (status == CZLIB_OK && (format == CZLIB_ZLIB || count < 2 || bytes[0] != 0x1f ||
                               bytes[1] != 0x8b || inflateReset(&stream) != Z_OK)) {
      status = CZLIB_TRAILING;
    }
  } while (status == CZLIB_OK);
  inflateEnd(&stream);
  return status;
}

uint32_t czlib_crc32(uint32_t value, const uint8_t *bytes, size_t count) {
  uLong result = value;
  while (count > 0) {
    uInt taken = piece(count);
    result = crc32(result, bytes, taken);
    bytes += taken;
    count -= taken;
  }
  return (uint32_t)result;
}
