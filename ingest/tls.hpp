// The server's side of TLS: 1.2 and later, HTTP/1.1 only, from a certificate chain and a key in PEM
// files. Loaded by main at start and again on SIGHUP; connections keep the context that they began
// with.
#pragma once

#include "base/result.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace nd::ingest {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

// errc::invalid says which file is at fault and why; the key must belong to the certificate.
[[nodiscard]] base::result<tls_context> load_tls(const std::string& certificate_file,
                                                 const std::string& key_file);

}  // namespace nd::ingest
