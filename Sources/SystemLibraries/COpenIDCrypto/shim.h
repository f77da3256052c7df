#pragma once

#include <limits.h>
#include <stddef.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

// Doors for Swift: one call is one whole operation, so that no OpenSSL object of a moment's life crosses over. They answer 1 for
// done, 0 where the input is to blame and -1 where OpenSSL itself fails, and they leave nothing in the thread's error queue,
// which libcurl reads too.

/// A context for many operations under one key, in one direction; NULL where OpenSSL has no such cipher.
static inline EVP_CIPHER_CTX *openid_aead_new(const EVP_CIPHER *cipher, const unsigned char *key, int is_sealing) {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (context && EVP_CipherInit_ex(context, cipher, NULL, key, NULL, is_sealing) == 1) return context;
  EVP_CIPHER_CTX_free(context);
  ERR_clear_error();
  return NULL;
}

/// Sets how long the nonces are from here on.
static inline int openid_aead_set_nonce_length(EVP_CIPHER_CTX *context, int length) {
  if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, length, NULL) == 1) return 1;
  ERR_clear_error();
  return -1;
}

/// Takes `count` bytes through the cipher; `output` is NULL for additional data.
static inline int openid_aead_update(
  EVP_CIPHER_CTX *context, unsigned char *output, const unsigned char *input, size_t count
) {
  while (count > 0) {
    int step = count > INT_MAX / 2 ? INT_MAX / 2 : (int)count;
    int written = 0;
    if (EVP_CipherUpdate(context, output, &written, input, step) != 1) return 0;
    if (output) output += written;
    input += step;
    count -= (size_t)step;
  }
  return 1;
}

/// Seals or opens a message whose tag has 16 bytes. The output is as long as the input, and worthless unless the answer is 1.
static inline int openid_aead_run(
  EVP_CIPHER_CTX *context, int is_sealing, const unsigned char *nonce, const unsigned char *additional, size_t additional_count,
  const unsigned char *input, size_t count, unsigned char *output, unsigned char *tag
) {
  int written = 0;
  unsigned char rest[EVP_MAX_BLOCK_LENGTH];
  int answer = -1;
  if (EVP_CipherInit_ex(context, NULL, NULL, NULL, nonce, is_sealing) == 1
      && openid_aead_update(context, NULL, additional, additional_count)
      && openid_aead_update(context, output, input, count)
      && (is_sealing || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tag) == 1)) {
    answer = EVP_CipherFinal_ex(context, rest, &written) == 1;
    if (is_sealing && (!answer || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag) != 1)) answer = -1;
  }
  if (answer != 1) ERR_clear_error();
  return answer;
}

/// HKDF with SHA-256, extract and expand (RFC 5869).
static inline int openid_hkdf_sha256(
  const unsigned char *input, size_t input_count, const unsigned char *salt, size_t salt_count, const unsigned char *info,
  size_t info_count, unsigned char *output, size_t count
) {
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)input, input_count),
    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_count),
    // OpenSSL takes a salt of no bytes for an error; left out, it means the same.
    salt_count ? OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_count) : OSSL_PARAM_construct_end(),
    OSSL_PARAM_construct_end(),
  };
  EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
  EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
  int answer = context && EVP_KDF_derive(context, output, count, parameters) == 1 ? 1 : -1;
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  if (answer != 1) ERR_clear_error();
  return answer;
}

/// The public key of an X25519 private key, 32 bytes each (RFC 7748).
static inline int openid_x25519_public_key(const unsigned char *private_key, unsigned char *output) {
  size_t count = 32;
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_key, 32);
  int answer = key && EVP_PKEY_get_raw_public_key(key, output, &count) == 1 && count == 32 ? 1 : -1;
  EVP_PKEY_free(key);
  if (answer != 1) ERR_clear_error();
  return answer;
}

/// The shared secret of a private and a public key, 32 bytes each; 0 where it would be all zeros (RFC 7748, section 6.1).
static inline int openid_x25519_shared_secret(
  const unsigned char *private_key, const unsigned char *public_key, unsigned char *output
) {
  static const unsigned char zeros[32];
  size_t count = 32;
  EVP_PKEY *mine = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_key, 32);
  EVP_PKEY *theirs = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, public_key, 32);
  EVP_PKEY_CTX *context = mine && theirs ? EVP_PKEY_CTX_new(mine, NULL) : NULL;
  int answer = -1;
  if (context && EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, theirs) == 1)
    answer = EVP_PKEY_derive(context, output, &count) == 1 && count == 32 && CRYPTO_memcmp(output, zeros, 32) != 0;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(theirs);
  EVP_PKEY_free(mine);
  if (answer != 1) ERR_clear_error();
  return answer;
}
