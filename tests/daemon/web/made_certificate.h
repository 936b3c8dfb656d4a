// A certificate and its key for a test, made on the spot: the same one is server, client and CA.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace bouncesight {

struct MadeCertificate {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;

  void Write(const std::string& cert_file, const std::string& key_file) const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> cert(BIO_new_file(cert_file.c_str(), "w"),
                                                         BIO_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> own(BIO_new_file(key_file.c_str(), "w"),
                                                        BIO_free);
    ASSERT_EQ(PEM_write_bio_X509(cert.get(), certificate.get()), 1);
    ASSERT_EQ(PEM_write_bio_PrivateKey(own.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr),
              1);
  }
};

inline MadeCertificate MakeCertificate(const char* name) {
  MadeCertificate made;
  made.key = {EVP_EC_gen("P-256"), EVP_PKEY_free};
  made.certificate = {X509_new(), X509_free};
  X509* const x509 = made.certificate.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, made.key.get());
  X509_NAME* const subject = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(x509, subject);
  EXPECT_NE(X509_sign(x509, made.key.get(), EVP_sha256()), 0);
  return made;
}

}  // namespace bouncesight
