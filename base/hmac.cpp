#include "base/hmac.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <new>

namespace nd::base {
namespace {

struct free_context {
    void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};
using context = std::unique_ptr<EVP_MD_CTX, free_context>;

context make_context() {
    context made(EVP_MD_CTX_new());
    if (!made) throw std::bad_alloc();
    return made;
}

struct free_algorithm {
    void operator()(EVP_MD* a) const { EVP_MD_free(a); }
};

// Looked up once: EVP_sha256() is only a name, which each use would look up, under locks.
const EVP_MD* algorithm() {
    static const std::unique_ptr<EVP_MD, free_algorithm> fetched(
        EVP_MD_fetch(nullptr, "SHA256", nullptr));
    if (!fetched) throw std::bad_alloc();
    return fetched.get();
}

constexpr std::size_t block_size = 64;  // of SHA-256, RFC 2104

}  // namespace

// The two keyed states are computed once; each message then costs two copies of a state and no key
// schedule. EVP_MAC would look its algorithm up and re-key for each call.
struct hmac_sha256::states {
    context inner = make_context();
    context outer = make_context();
    context work = make_context();
};

hmac_sha256::hmac_sha256(std::string_view secret) : states_(std::make_unique<states>()) {
    std::array<std::uint8_t, block_size> key{};
    if (secret.size() > block_size) {
        const auto digest = sha256(secret);
        std::copy(digest.begin(), digest.end(), key.begin());
    } else {
        std::copy(secret.begin(), secret.end(), key.begin());
    }
    auto inner_pad = key;
    auto outer_pad = key;
    for (auto& b : inner_pad)
        b = static_cast<std::uint8_t>(b ^ 0x36);
    for (auto& b : outer_pad)
        b = static_cast<std::uint8_t>(b ^ 0x5c);
    EVP_DigestInit_ex(states_->inner.get(), algorithm(), nullptr);
    EVP_DigestUpdate(states_->inner.get(), inner_pad.data(), inner_pad.size());
    EVP_DigestInit_ex(states_->outer.get(), algorithm(), nullptr);
    EVP_DigestUpdate(states_->outer.get(), outer_pad.data(), outer_pad.size());
}

hmac_sha256::~hmac_sha256() = default;
hmac_sha256::hmac_sha256(hmac_sha256&&) noexcept = default;
hmac_sha256& hmac_sha256::operator=(hmac_sha256&&) noexcept = default;

sha256_digest hmac_sha256::operator()(std::string_view message) {
    sha256_digest digest{};
    auto* work = states_->work.get();
    EVP_MD_CTX_copy_ex(work, states_->inner.get());
    EVP_DigestUpdate(work, message.data(), message.size());
    EVP_DigestFinal_ex(work, digest.data(), nullptr);
    EVP_MD_CTX_copy_ex(work, states_->outer.get());
    EVP_DigestUpdate(work, digest.data(), digest.size());
    EVP_DigestFinal_ex(work, digest.data(), nullptr);
    return digest;
}

sha256_digest sha256(std::string_view message) {
    sha256_digest digest{};
    EVP_Digest(message.data(), message.size(), digest.data(), nullptr, algorithm(), nullptr);
    return digest;
}

std::string to_hex(const sha256_digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out(digest.size() * 2, '0');
    for (std::size_t i = 0; i < digest.size(); ++i) {
        out[2 * i] = digits[digest[i] >> 4U];
        out[2 * i + 1] = digits[digest[i] & 0xfU];
    }
    return out;
}

result<std::string> read_secret_file(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
        return failure(errc::invalid,
                       fmt::format("secret file {} cannot be read: make one with "
                                   "'head -c 32 /dev/urandom > FILE; chmod 600 FILE'",
                                   path));
    }
    if ((facts.st_mode & S_IRWXO) != 0) {
        return failure(errc::invalid,
                       fmt::format("secret file {} is open to everybody: chmod 600 it", path));
    }
    std::ifstream file(path, std::ios::binary);
    std::string secret{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.good() && !file.eof()) {
        return failure(errc::invalid, fmt::format("secret file {} cannot be read", path));
    }
    if (!secret.empty() && secret.back() == '\n') secret.pop_back();
    if (secret.size() < 32) {
        return failure(errc::invalid,
                       fmt::format("secret file {} holds {} bytes; at least 32 are needed", path,
                                   secret.size()));
    }
    return secret;
}

}  // namespace nd::base
