#include "ingest/tls.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace nd::ingest {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

namespace {

base::error fault(const std::string& file, const error_code& ec) {
    return base::failure(base::errc::invalid, fmt::format("{}: {}", file, ec.message()));
}

// A client that offers protocols without http/1.1 among them (h2 only) is told so in the handshake.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void*) {
    static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    const int verdict =
        SSL_select_next_proto(&found, length, ours.data(), ours.size(), offered, offered_length);
    *chosen = found;
    return verdict == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

base::result<tls_context> load_tls(const std::string& certificate_file,
                                   const std::string& key_file) {
    auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_alpn_select_cb(made->native_handle(), choose_protocol, nullptr);
    error_code ec;
    made->set_options(ssl::context::no_compression | SSL_OP_NO_RENEGOTIATION, ec);
    if (ec) return fault("TLS options", ec);
    made->use_certificate_chain_file(certificate_file, ec);
    if (ec) return fault(certificate_file, ec);
    made->use_private_key_file(key_file, ssl::context::pem, ec);
    if (ec) return fault(key_file, ec);
    if (SSL_CTX_check_private_key(made->native_handle()) != 1)
        return base::failure(base::errc::invalid,
                             fmt::format("{} is not the key of {}", key_file, certificate_file));
    return made;
}

}  // namespace nd::ingest
