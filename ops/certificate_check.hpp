// doctor's look at nd-ingest's certificate and key: they parse, belong together and are in time.
// Connects to nothing. Codes: tls_incomplete, tls_cert_unreadable, tls_key_unreadable,
// tls_key_open, tls_mismatch, tls_not_yet_valid, tls_expired, tls_expiring.
#pragma once

#include "ops/check.hpp"
#include "ops/settings.hpp"

#include <chrono>

namespace nd::ops {

inline constexpr int certificate_warning_days = 14;

[[nodiscard]] check check_certificate(const settings& from,
                                      std::chrono::system_clock::time_point now);

}  // namespace nd::ops
