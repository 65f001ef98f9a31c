#include "schema/receipt.hpp"

#include <boost/endian/conversion.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <stdexcept>

namespace nd::schema {
namespace {

constexpr std::string_view prefix = "ndr_";
constexpr std::uint8_t version = 1;
constexpr std::int64_t second = 1'000'000;

// version 1, key id 4, tenant 16, request 16, accepted 2, issued 8, expires 8, MAC 32: a multiple
// of three, so that base64 has neither padding nor bits to spare, and each receipt one form.
constexpr std::size_t signed_size = 55;
constexpr std::size_t whole_size = signed_size + sizeof(base::sha256_digest);
using whole = std::array<std::uint8_t, whole_size>;
static_assert(whole_size % 3 == 0 && prefix.size() + whole_size / 3 * 4 == receipt_length);

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(const whole& bytes) {
    std::string out(prefix);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto three =
            (unsigned{bytes[i]} << 16) | (unsigned{bytes[i + 1]} << 8) | unsigned{bytes[i + 2]};
        for (int shift = 18; shift >= 0; shift -= 6)
            out += alphabet[(three >> shift) & 63U];
    }
    return out;
}

std::optional<whole> decode(std::string_view token) {
    if (token.size() != receipt_length || !token.starts_with(prefix)) return std::nullopt;
    token.remove_prefix(prefix.size());
    whole bytes{};
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned three = 0;
        for (const char c : token.substr(i / 3 * 4, 4)) {
            const auto digit = alphabet.find(c);
            if (digit == std::string_view::npos) return std::nullopt;
            three = (three << 6) | static_cast<unsigned>(digit);
        }
        bytes[i] = static_cast<std::uint8_t>(three >> 16);
        bytes[i + 1] = static_cast<std::uint8_t>(three >> 8);
        bytes[i + 2] = static_cast<std::uint8_t>(three);
    }
    return bytes;
}

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

std::string_view text_of(const base::sha256_digest& digest) {
    return text_of(digest.data(), digest.size());
}

}  // namespace

receipt make_receipt(const tenant_id& tenant, const uuid& request, std::size_t accepted,
                     instant now) {
    const instant issued{now.us - now.us % second};
    return {tenant, request, static_cast<std::uint16_t>(accepted), issued,
            instant{issued.us + receipt_days * 24 * 3600 * second}};
}

receipt_keys::receipt_keys(const std::vector<std::string>& secrets) {
    if (secrets.empty()) throw std::logic_error("receipts without a secret");
    for (const auto& secret : secrets) {
        // A key of its own for this purpose: the file may be used for something else as well.
        const auto derived = base::hmac_sha256(secret)("activationkit receipt 1");
        key made{{}, base::hmac_sha256(text_of(derived))};
        const auto name = made.hmac("key id");  // shorter than what is signed
        std::copy_n(name.begin(), made.id.size(), made.id.begin());
        keys_.push_back(std::move(made));
    }
}

std::string receipt_keys::sign(const receipt& what) {
    auto& signer = keys_.front();
    whole bytes{};
    auto* at = bytes.data();
    *at++ = version;
    at = std::copy(signer.id.begin(), signer.id.end(), at);
    at = std::copy(what.tenant.value.bytes.begin(), what.tenant.value.bytes.end(), at);
    at = std::copy(what.request.bytes.begin(), what.request.bytes.end(), at);
    boost::endian::store_big_u16(at, what.accepted);
    boost::endian::store_big_s64(at + 2, what.issued_at.us);
    boost::endian::store_big_s64(at + 10, what.expires_at.us);
    const auto mac = signer.hmac(text_of(bytes.data(), signed_size));
    std::copy(mac.begin(), mac.end(), bytes.begin() + signed_size);
    return encode(bytes);
}

std::optional<receipt> receipt_keys::open(std::string_view token) {
    const auto bytes = decode(token);
    if (!bytes || bytes->front() != version) return std::nullopt;
    const auto* at = bytes->data() + 1;
    const auto signer = std::find_if(keys_.begin(), keys_.end(), [at](const key& one) {
        return std::equal(one.id.begin(), one.id.end(), at);
    });
    if (signer == keys_.end()) return std::nullopt;
    const auto mac = signer->hmac(text_of(bytes->data(), signed_size));
    // In constant time: how far a guess agrees must not show.
    if (CRYPTO_memcmp(mac.data(), bytes->data() + signed_size, mac.size()) != 0)
        return std::nullopt;
    receipt found;
    at += signer->id.size();
    std::copy_n(at, found.tenant.value.bytes.size(), found.tenant.value.bytes.begin());
    std::copy_n(at + 16, found.request.bytes.size(), found.request.bytes.begin());
    found.accepted = boost::endian::load_big_u16(at + 32);
    found.issued_at.us = boost::endian::load_big_s64(at + 34);
    found.expires_at.us = boost::endian::load_big_s64(at + 42);
    return found;
}

std::vector<std::string> receipt_keys::ids() const {
    std::vector<std::string> names;
    for (const auto& one : keys_) {
        base::sha256_digest padded{};
        std::copy(one.id.begin(), one.id.end(), padded.begin());
        names.push_back(base::to_hex(padded).substr(0, 2 * one.id.size()));
    }
    return names;
}

base::result<std::vector<std::string>> receipt_secrets(std::string_view files,
                                                       std::string_view pepper) {
    std::vector<std::string> secrets;
    while (!files.empty()) {
        const auto path = files.substr(0, files.find(','));
        files.remove_prefix(std::min(files.size(), path.size() + 1));
        if (path.empty()) continue;
        auto secret = base::read_secret_file(std::string(path));
        if (!secret) return secret.error();
        secrets.push_back(std::move(*secret));
    }
    secrets.push_back(base::to_hex(base::hmac_sha256(pepper)("activationkit receipts 1")));
    return secrets;
}

}  // namespace nd::schema
