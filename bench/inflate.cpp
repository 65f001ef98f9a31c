#include "bench/inflate.hpp"

#include <zlib.h>
#include <zstd.h>

#include <stdexcept>

namespace nd::bench {
namespace {

constexpr std::size_t largest = std::size_t{8} << 20;
constexpr int gzip_window = 15 + 16;  // zlib's way of asking for a gzip member

}  // namespace

struct inflater::inside {
    z_stream gzip{};
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> zstd{ZSTD_createDCtx(), &ZSTD_freeDCtx};
};

inflater::inflater() : inside_(std::make_unique<inside>()), out_(largest, '\0') {
    if (inflateInit2(&inside_->gzip, gzip_window) != Z_OK)
        throw std::runtime_error("zlib cannot start");
}

inflater::~inflater() {
    inflateEnd(&inside_->gzip);
}

std::size_t inflater::unpack(std::string_view encoding, std::string_view packed) {
    if (encoding == "zstd") {
        const auto size = ZSTD_decompressDCtx(inside_->zstd.get(), out_.data(), out_.size(),
                                              packed.data(), packed.size());
        if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
        return size;
    }
    auto& gzip = inside_->gzip;
    inflateReset(&gzip);
    // zlib does not write to its input; its type only lacks the const.
    gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    gzip.avail_in = static_cast<uInt>(packed.size());
    gzip.next_out = reinterpret_cast<Bytef*>(out_.data());
    gzip.avail_out = static_cast<uInt>(out_.size());
    if (encoding != "gzip" || inflate(&gzip, Z_FINISH) != Z_STREAM_END)
        throw std::runtime_error("neither gzip nor zstd");
    return gzip.total_out;
}

}  // namespace nd::bench
