#include "tests/ingest/raw_client.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace nd::tests {

using clock_type = std::chrono::steady_clock;

struct raw_client::inside {
    int fd = -1;
    SSL_CTX* context = nullptr;
    SSL* ssl = nullptr;
    std::string held;
    bool was_reset = false;

    ~inside() {
        if (ssl != nullptr) SSL_free(ssl);
        if (context != nullptr) SSL_CTX_free(context);
        if (fd >= 0) ::close(fd);
    }

    void begin_tls() {
        context = SSL_CTX_new(TLS_client_method());
        ssl = SSL_new(context);
        SSL_set_fd(ssl, fd);
        if (SSL_connect(ssl) != 1) throw std::runtime_error("the TLS handshake failed");
    }

    // -1: nothing in time, 0: the end, else more bytes are held.
    long more(clock_type::time_point deadline) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock_type::now());
        pollfd wait{fd, POLLIN, 0};
        const bool pending = ssl != nullptr && SSL_pending(ssl) > 0;
        if (!pending && ::poll(&wait, 1, static_cast<int>(std::max<long>(left.count(), 0))) <= 0)
            return -1;
        std::array<char, 16384> piece;
        const long n = ssl != nullptr ? SSL_read(ssl, piece.data(), piece.size())
                                      : ::recv(fd, piece.data(), piece.size(), 0);
        if (n < 0 && ssl == nullptr) was_reset = true;
        if (n <= 0) return 0;
        held.append(piece.data(), static_cast<std::size_t>(n));
        return n;
    }
};

namespace {

int connect_to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) return fd;
    ::close(fd);
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
}

}  // namespace

bool takes_tls(std::uint16_t port, tls_version only) {
    raw_client::inside one;
    one.fd = connect_to(port);
    one.context = SSL_CTX_new(TLS_client_method());
    const int version = only == tls_version::v1_1   ? TLS1_1_VERSION
                        : only == tls_version::v1_2 ? TLS1_2_VERSION
                                                    : TLS1_3_VERSION;
    // Level 0, because at Debian's own level this side would not offer 1.1.
    SSL_CTX_set_cipher_list(one.context, "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(one.context, version);
    SSL_CTX_set_max_proto_version(one.context, version);
    one.ssl = SSL_new(one.context);
    SSL_set_fd(one.ssl, one.fd);
    return SSL_connect(one.ssl) == 1 && SSL_version(one.ssl) == version;
}

raw_client::raw_client(std::uint16_t port, bool tls) : inside_(std::make_unique<inside>()) {
    inside_->fd = connect_to(port);
    if (tls) inside_->begin_tls();
}

raw_client::~raw_client() = default;
raw_client::raw_client(raw_client&&) noexcept = default;

bool raw_client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const long n = inside_->ssl != nullptr
                           ? SSL_write(inside_->ssl, bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(inside_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

void raw_client::stop_sending() {
    ::shutdown(inside_->fd, SHUT_WR);
}

namespace {

http_answer parse_head(std::string_view head) {
    http_answer made;
    const auto space = head.find(' ');
    made.status = std::stoi(std::string(head.substr(space + 1, 3)));
    for (auto at = head.find("\r\n"); at < head.size(); at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        const auto colon = line.find(": ");
        if (colon == std::string_view::npos) continue;
        std::string name(line.substr(0, colon));
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        made.headers[name] = line.substr(colon + 2);
    }
    return made;
}

}  // namespace

http_answer raw_client::read_answer(bool to_head, std::chrono::milliseconds longest) {
    const auto deadline = clock_type::now() + longest;
    auto& held = inside_->held;
    auto end = held.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (inside_->more(deadline) <= 0) return {0, {}, held};
        end = held.find("\r\n\r\n");
    }
    auto made = parse_head(std::string_view(held).substr(0, end));
    held.erase(0, end + 4);
    const auto length = made.headers.find("content-length");
    const auto want = to_head || length == made.headers.end() ? 0 : std::stoul(length->second);
    while (held.size() < want)
        if (inside_->more(deadline) <= 0) return {0, {}, held};
    made.body = held.substr(0, want);
    held.erase(0, want);
    return made;
}

bool raw_client::ends_in_order(std::chrono::milliseconds longest) {
    const auto deadline = clock_type::now() + longest;
    while (true) {
        const auto n = inside_->more(deadline);
        if (n < 0) return false;
        if (n == 0) return !inside_->was_reset && inside_->held.empty();
    }
}

std::string raw_client::peer_name() const {
    X509* certificate = SSL_get1_peer_certificate(inside_->ssl);
    if (certificate == nullptr) return {};
    std::array<char, 256> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                              name.size());
    X509_free(certificate);
    return name.data();
}

}  // namespace nd::tests
