#include "bench/request_maker.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <stdexcept>

namespace nd::bench {
namespace {

// What SDKs and servers use where speed counts; the decompressor's work depends little on it.
constexpr int gzip_level = 1;
constexpr int zstd_level = 1;
constexpr int gzip_window = 15 + 16;  // zlib's way of asking for a gzip member

}  // namespace

std::string_view to_string(encoding how) {
    switch (how) {
        case encoding::gzip: return "gzip";
        case encoding::zstd: return "zstd";
        case encoding::identity: break;
    }
    return "identity";
}

std::optional<encoding> encoding_named(std::string_view name) {
    for (const auto one : {encoding::identity, encoding::gzip, encoding::zstd})
        if (name == to_string(one)) return one;
    return std::nullopt;
}

struct request_maker::packer {
    z_stream gzip{};
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> zstd{nullptr, &ZSTD_freeCCtx};

    explicit packer(encoding how) {
        if (how == encoding::zstd) {
            zstd.reset(ZSTD_createCCtx());
        } else if (deflateInit2(&gzip, gzip_level, Z_DEFLATED, gzip_window, 8,
                                Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::runtime_error("zlib cannot start");
        }
    }
    ~packer() {
        if (!zstd) deflateEnd(&gzip);
    }
    packer(const packer&) = delete;
    packer& operator=(const packer&) = delete;

    void pack(std::string& plain, std::string& into) {
        if (zstd) {
            into.resize(ZSTD_compressBound(plain.size()));
            const auto size = ZSTD_compressCCtx(zstd.get(), into.data(), into.size(), plain.data(),
                                                plain.size(), zstd_level);
            if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
            into.resize(size);
            return;
        }
        deflateReset(&gzip);
        into.resize(deflateBound(&gzip, plain.size()));
        gzip.next_in = reinterpret_cast<Bytef*>(plain.data());
        gzip.avail_in = static_cast<uInt>(plain.size());
        gzip.next_out = reinterpret_cast<Bytef*>(into.data());
        gzip.avail_out = static_cast<uInt>(into.size());
        if (deflate(&gzip, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate failed");
        into.resize(gzip.total_out);
    }
};

request_maker::request_maker(std::span<const event_template> events, encoding how,
                             std::uint64_t run)
    : events_(events),
      ids_(run),
      packer_(how == encoding::identity ? nullptr : std::make_unique<packer>(how)) {}

request_maker::~request_maker() = default;

void request_maker::append(std::string& to, std::chrono::system_clock::time_point occurred) {
    const auto us =
        std::chrono::duration_cast<std::chrono::microseconds>(occurred.time_since_epoch()).count();
    if (us / 1'000'000 != second_) {
        second_ = us / 1'000'000;
        time_ = fmt::format("{:%Y-%m-%dT%H:%M:%S}.000000Z", fmt::gmtime(second_));
    }
    auto left = us % 1'000'000;
    for (std::size_t at = 25; at > 19; --at, left /= 10)
        time_[at] = static_cast<char>('0' + left % 10);
    std::array<char, id_length> id{};
    ids_.write(ids_.next(), id);
    events_[next_template_].append(to, {id.data(), id.size()}, time_);
    next_template_ = (next_template_ + 1) % events_.size();
}

std::uint64_t request_maker::make(std::string& body, int events,
                                  std::chrono::system_clock::time_point occurred) {
    auto& plain = packer_ ? plain_ : body;
    plain.assign(R"({"events":[)");
    auto ids = ids_;
    const auto first = ids.next();
    for (int i = 0; i < events; ++i) {
        if (i > 0) plain += ',';
        append(plain, occurred);
    }
    plain += "]}";
    if (packer_) packer_->pack(plain, body);
    return first;
}

void request_maker::make_event(std::string& event, std::chrono::system_clock::time_point occurred) {
    event.clear();
    append(event, occurred);
}

}  // namespace nd::bench
