#ifndef CDIGEST_H
#define CDIGEST_H

#include <stddef.h>
#include <stdint.h>

// The compression function of SHA-256 (FIPS 180-4), with the processor's own instructions where it
// has them. The caller owns every buffer; nothing is kept.

/// Takes `count` blocks of 64 bytes into the state.
void cdigest_sha256(uint32_t state[8], const uint8_t *data, size_t count);

/// The same in portable C, for tests to compare with.
void cdigest_sha256_portable(uint32_t state[8], const uint8_t *data, size_t count);

/// Whether `cdigest_sha256` uses instructions made for it.
int cdigest_is_accelerated(void);

#endif
