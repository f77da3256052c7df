#pragma once

#include <limits.h>
#include <stddef.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

// Doors for Swift: one call is one whole operation, so that no OpenSSL object of a moment's life crosses over. They answer 1 for
// done, 0 where the input is to blame and -1 where OpenSSL itself fails, and they leave nothing in the thread's error queue,
// which libcurl reads too.

/// HMAC with SHA-256 of many messages under one key; NULL where OpenSSL has none.
static inline EVP_MAC_CTX *openid_hmac_new(const unsigned char *key, size_t count) {
  char digest[] = "SHA256";
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()
  };
  EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
  EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
  EVP_MAC_free(mac);
  if (context && EVP_MAC_init(context, key, count, parameters) == 1) return context;
  EVP_MAC_CTX_free(context);
  ERR_clear_error();
  return NULL;
}

/// The code of one message, 32 bytes.
static inline int openid_hmac_run(EVP_MAC_CTX *context, const unsigned char *message, size_t count, unsigned char *code) {
  size_t written = 0;
  // Without a key it begins anew with the one it has.
  if (
    EVP_MAC_init(context, NULL, 0, NULL) == 1 && EVP_MAC_update(context, message, count) == 1
    && EVP_MAC_final(context, code, &written, 32) == 1 && written == 32
  ) return 1;
  ERR_clear_error();
  return -1;
}

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

// Signatures. A key belongs to whoever made it, until EVP_PKEY_free; threads may share one.

/// A number for a key's parameters; NULL stays NULL.
static inline BIGNUM *openid_number(const unsigned char *bytes, size_t count) {
  return bytes && count <= INT_MAX ? BN_bin2bn(bytes, (int)count, NULL) : NULL;
}

/// Makes a key of parameters that were pushed, and lets go of the builder. NULL where OpenSSL finds that they are no key.
static inline EVP_PKEY *openid_key_built(OSSL_PARAM_BLD *builder, const char *type, int is_private) {
  EVP_PKEY *key = NULL;
  OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX *context = parameters ? EVP_PKEY_CTX_new_from_name(NULL, type, NULL) : NULL;
  int selection = is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  if (!context || EVP_PKEY_fromdata_init(context) != 1 || EVP_PKEY_fromdata(context, &key, selection, parameters) != 1) {
    EVP_PKEY_free(key);
    key = NULL;
  }
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(builder);
  if (key) {
    // Points that lie on no curve and halves that do not belong together end here.
    context = EVP_PKEY_CTX_new(key, NULL);
    int is_sound = context && EVP_PKEY_public_check(context) == 1 && (!is_private || EVP_PKEY_pairwise_check(context) == 1);
    EVP_PKEY_CTX_free(context);
    if (!is_sound) {
      EVP_PKEY_free(key);
      key = NULL;
    }
  }
  ERR_clear_error();
  return key;
}

/// An RSA key (RFC 8017). `numbers` are n, e, d, p, q, dp, dq, qi, one behind the other and of `counts` bytes; for a public key the
/// last six are not read, for a private one the last five may all be of no bytes.
static inline EVP_PKEY *openid_rsa_key(const unsigned char *numbers, const size_t *counts, int is_private) {
  static const char *const names[8] = {
    OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
    OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
    OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
  };
  BIGNUM *kept[8] = {NULL};
  EVP_PKEY *key = NULL;
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
  int is_pushed = builder != NULL;
  for (int index = 0; is_pushed && index < (is_private ? 8 : 2); index++) {
    if (counts[index] == 0) continue;
    kept[index] = openid_number(numbers, counts[index]);
    numbers += counts[index];
    is_pushed = kept[index] && OSSL_PARAM_BLD_push_BN(builder, names[index], kept[index]) == 1;
  }
  if (is_pushed) key = openid_key_built(builder, "RSA", is_private);
  else OSSL_PARAM_BLD_free(builder);
  for (int index = 0; index < 8; index++) BN_clear_free(kept[index]);
  ERR_clear_error();
  return key;
}

/// A key on one of NIST's curves (`P-256`); `point` is uncompressed, `scalar` NULL for a public key.
static inline EVP_PKEY *openid_ec_key(
  const char *curve, const unsigned char *point, size_t point_count, const unsigned char *scalar, size_t scalar_count
) {
  EVP_PKEY *key = NULL;
  BIGNUM *number = openid_number(scalar, scalar_count);
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
  if (builder && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1
      && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, point_count) == 1
      && (!scalar || (number && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1)))
    key = openid_key_built(builder, "EC", scalar != NULL);
  else OSSL_PARAM_BLD_free(builder);
  BN_clear_free(number);
  ERR_clear_error();
  return key;
}

/// An Ed25519 key of 32 bytes (RFC 8032).
static inline EVP_PKEY *openid_ed25519_key(const unsigned char *bytes, int is_private) {
  EVP_PKEY *key = is_private ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes, 32)
                             : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes, 32);
  ERR_clear_error();
  return key;
}

/// A new key pair: RSA of so many bits, on that curve, or Ed25519 where neither is given.
static inline EVP_PKEY *openid_generate_key(int bits, const char *curve) {
  EVP_PKEY *key = bits ? EVP_RSA_gen((unsigned int)bits)
                       : curve ? EVP_EC_gen(curve) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  ERR_clear_error();
  return key;
}

/// A number of the key (`n`, `d`, `qx`), in its fewest bytes; how many, or 0 where the key has none of that name or it is longer.
static inline size_t openid_key_number(const EVP_PKEY *key, const char *name, unsigned char *output, size_t room) {
  BIGNUM *number = NULL;
  size_t count = 0;
  if (EVP_PKEY_get_bn_param(key, name, &number) == 1 && (size_t)BN_num_bytes(number) <= room)
    count = (size_t)BN_bn2bin(number, output);
  BN_clear_free(number);
  ERR_clear_error();
  return count;
}

/// The 32 bytes of an Ed25519 key's public or private half.
static inline int openid_ed25519_bytes(const EVP_PKEY *key, int is_private, unsigned char *output) {
  size_t count = 32;
  int answer = is_private ? EVP_PKEY_get_raw_private_key(key, output, &count) : EVP_PKEY_get_raw_public_key(key, output, &count);
  if (answer != 1) ERR_clear_error();
  return answer == 1 ? 1 : -1;
}

/// Sets RSA-PSS with a salt as long as the digest (RFC 7518, section 3.5).
static inline int openid_use_pss(EVP_PKEY_CTX *context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
    && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

/// Signs with that digest (NULL for Ed25519). `count` is the room on the way in, and what was written on the way out.
static inline int openid_sign(
  EVP_PKEY *key, const char *digest, int is_pss, const unsigned char *message, size_t message_count, unsigned char *output,
  size_t *count
) {
  EVP_PKEY_CTX *padding = NULL;  // belongs to the context
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int is_signed = context && EVP_DigestSignInit_ex(context, &padding, digest, NULL, NULL, key, NULL) == 1
    && (!is_pss || openid_use_pss(padding)) && EVP_DigestSign(context, output, count, message, message_count) == 1;
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return is_signed ? 1 : -1;
}

/// Checks a signature: 1 where it is right, 0 where it is not.
static inline int openid_verify(
  EVP_PKEY *key, const char *digest, int is_pss, const unsigned char *message, size_t message_count,
  const unsigned char *signature, size_t signature_count
) {
  EVP_PKEY_CTX *padding = NULL;  // belongs to the context
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int is_right = context && EVP_DigestVerifyInit_ex(context, &padding, digest, NULL, NULL, key, NULL) == 1
    && (!is_pss || openid_use_pss(padding))
    && EVP_DigestVerify(context, signature, signature_count, message, message_count) == 1;
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return is_right;
}

/// The two numbers of an ECDSA signature, `width` bytes each (RFC 7518, section 3.4), from DER.
static inline int openid_ecdsa_from_der(const unsigned char *der, size_t count, unsigned char *output, int width) {
  const unsigned char *cursor = der;
  ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &cursor, (long)count);
  int is_done = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), output, width) == width
    && BN_bn2binpad(ECDSA_SIG_get0_s(signature), output + width, width) == width;
  ECDSA_SIG_free(signature);
  ERR_clear_error();
  return is_done ? 1 : -1;
}

/// DER of the two numbers of an ECDSA signature. `output` has to hold 2 × width + 16 bytes; how many were written, or -1.
static inline int openid_ecdsa_to_der(const unsigned char *numbers, int width, unsigned char *output) {
  unsigned char *cursor = output;
  ECDSA_SIG *signature = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(numbers, width, NULL);
  BIGNUM *s = BN_bin2bn(numbers + width, width, NULL);
  int count = -1;
  if (signature && r && s && ECDSA_SIG_set0(signature, r, s) == 1) {
    r = s = NULL;
    count = i2d_ECDSA_SIG(signature, &cursor);
  }
  BN_free(r);
  BN_free(s);
  ECDSA_SIG_free(signature);
  ERR_clear_error();
  return count;
}
