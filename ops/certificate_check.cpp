#include "ops/certificate_check.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <memory>

namespace nd::ops {
namespace {

template <auto Free>
struct freed {
    template <class T>
    void operator()(T* owned) const {
        Free(owned);
    }
};
using file_handle = std::unique_ptr<std::FILE, freed<&std::fclose>>;
using certificate = std::unique_ptr<X509, freed<&X509_free>>;
using private_key = std::unique_ptr<EVP_PKEY, freed<&EVP_PKEY_free>>;

template <class Owner, auto Read>
Owner read_pem(const std::string& path) {
    const file_handle file(std::fopen(path.c_str(), "r"));
    // No question on the terminal for an encrypted key: nd-ingest could not answer it either.
    const auto no_password = [](char*, int, int, void*) { return -1; };
    Owner read(file ? Read(file.get(), nullptr, no_password, nullptr) : nullptr);
    ERR_clear_error();
    return read;
}

std::string day_of(const ASN1_TIME* at) {
    std::tm parts{};
    std::array<char, 32> text{};
    if (ASN1_TIME_to_tm(at, &parts) != 1) return "an unreadable time";
    const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%MZ", &parts);
    return std::string(text.data(), length);
}

void check_dates(const X509* cert, const std::string& path, std::time_t now, findings& found) {
    const auto* from = X509_get0_notBefore(cert);
    const auto* until = X509_get0_notAfter(cert);
    const std::string renew =
        "renew it, then send nd-ingest SIGHUP: it reloads without dropping a connection";
    if (X509_cmp_time(from, &now) > 0) {
        found.push_back({"tls_not_yet_valid", path, "is valid only from " + day_of(from),
                         "check this machine's clock, or wait"});
    }
    auto soon = now + certificate_warning_days * 86'400;
    if (X509_cmp_time(until, &now) < 0) {
        found.push_back({"tls_expired", path,
                         "expired " + day_of(until) + ": clients refuse to connect", renew});
    } else if (X509_cmp_time(until, &soon) < 0) {
        found.push_back(
            {"tls_expiring", path,
             fmt::format("expires {}, within {} days", day_of(until), certificate_warning_days),
             renew});
    }
}

void check_key(const X509* cert, const settings& from, findings& found) {
    const auto key = read_pem<private_key, &PEM_read_PrivateKey>(from.tls_key);
    if (!key) {
        found.push_back(
            {"tls_key_unreadable", from.tls_key,
             "holds no private key that can be read without a password",
             "point ND_TLS_KEY at the PEM file of the certificate's key, readable by this user"});
        return;
    }
    struct stat facts {};
    if (::stat(from.tls_key.c_str(), &facts) == 0 && (facts.st_mode & S_IRWXO) != 0) {
        found.push_back(
            {"tls_key_open", from.tls_key, "is open to everybody", "chmod o= " + from.tls_key});
    }
    if (cert != nullptr && X509_check_private_key(const_cast<X509*>(cert), key.get()) != 1) {
        found.push_back({"tls_mismatch", from.tls_key, "is not the key of " + from.tls_cert,
                         "install the certificate and the key that were made together"});
    }
    ERR_clear_error();
}

}  // namespace

check check_certificate(const settings& from, std::chrono::system_clock::time_point now) {
    if (from.tls_cert.empty() && from.tls_key.empty()) {
        return {"certificate",
                "ND_TLS_CERT is not set: a proxy ends TLS, or nd-ingest is on loopback",
                {},
                true};
    }
    check seen{"certificate", from.tls_cert, {}, false};
    if (from.tls_cert.empty() || from.tls_key.empty()) {
        const auto* absent = from.tls_cert.empty() ? "ND_TLS_CERT" : "ND_TLS_KEY";
        seen.found.push_back({"tls_incomplete", absent, "is not set, though the other one is",
                              "set both, or neither"});
        return seen;
    }
    const auto cert = read_pem<certificate, &PEM_read_X509>(from.tls_cert);
    if (cert) {
        check_dates(cert.get(), from.tls_cert, std::chrono::system_clock::to_time_t(now),
                    seen.found);
        seen.detail =
            fmt::format("{}, until {}", from.tls_cert, day_of(X509_get0_notAfter(cert.get())));
    } else {
        seen.found.push_back({"tls_cert_unreadable", from.tls_cert,
                              "holds no certificate in PEM form that can be read",
                              "point ND_TLS_CERT at the certificate, followed by its chain"});
    }
    check_key(cert.get(), from, seen.found);
    return seen;
}

}  // namespace nd::ops
