#include "ingest/decompress.hpp"

#include "schema/limits.hpp"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

namespace nd::ingest {
namespace {

// A state that a large stream made large is given back: one per thread would otherwise stay for
// ever.
constexpr std::size_t kept_zstd_state = std::size_t{1} << 20;

// What the stream says of its own length is believed as far as its bytes could hold it: a lie costs
// no more than a bomb of the same size, and the truth saves the growing buffer's copies.
constexpr std::size_t believed_per_byte = 64;

// One byte beyond the cap is enough to prove that the cap is broken.
bool next_room(body_buffer& out, std::size_t cap) {
    return out.make_room(cap + 1 - out.size());
}

bool first_room(body_buffer& out, std::size_t cap, std::string_view in, std::uint64_t said) {
    const auto believed = std::min<std::uint64_t>({said, in.size() * believed_per_byte, cap}) + 1;
    const auto room = static_cast<std::size_t>(believed);
    return out.make_room(std::max(room, body_buffer::first_step), room);
}

// A member ends with its length.
std::uint64_t said_by_gzip(std::string_view in) {
    std::uint32_t said = 0;
    if (in.size() < sizeof said) return 0;
    for (std::size_t i = 0; i < sizeof said; ++i)
        said |= std::uint32_t{static_cast<unsigned char>(in[in.size() - sizeof said + i])}
                << (8 * i);
    return said;
}

// 0: the frame says nothing, or is none.
std::uint64_t said_by_zstd(std::string_view in) {
    const auto said = ZSTD_getFrameContentSize(in.data(), in.size());
    return said == ZSTD_CONTENTSIZE_UNKNOWN || said == ZSTD_CONTENTSIZE_ERROR ? 0 : said;
}

bool is_skippable_frame(std::string_view in) {
    std::uint32_t magic = 0;
    if (in.size() < sizeof magic) return false;
    std::memcpy(&magic, in.data(), sizeof magic);
    return (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

}  // namespace

struct decompressor::gzip_state {
    z_stream stream{};
    gzip_state() {
        if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::bad_alloc();  // 16: gzip only
    }
    ~gzip_state() { inflateEnd(&stream); }
};

struct decompressor::zstd_state {
    ZSTD_DCtx* context = ZSTD_createDCtx();
    zstd_state() {
        if (context == nullptr) throw std::bad_alloc();
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, schema::max_zstd_window_log);
    }
    ~zstd_state() { ZSTD_freeDCtx(context); }
};

decompressor::decompressor() = default;
decompressor::~decompressor() = default;

unpacked decompressor::run(coding how, std::string_view in, body_buffer& out, std::size_t cap) {
    if (in.empty()) return unpacked::truncated;
    if (how == coding::gzip) return gunzip(in, out, cap);
    const auto outcome = unzstd(in, out, cap);
    if (ZSTD_sizeof_DCtx(zstd_->context) > kept_zstd_state) zstd_.reset();
    return outcome;
}

unpacked decompressor::gunzip(std::string_view in, body_buffer& out, std::size_t cap) {
    if (!gzip_) gzip_ = std::make_unique<gzip_state>();
    auto& stream = gzip_->stream;
    inflateReset(&stream);
    stream.next_in = reinterpret_cast<Bytef*>(
        const_cast<char*>(in.data()));  // zlib's const is a macro; it only reads
    stream.avail_in = static_cast<uInt>(in.size());
    if (!first_room(out, cap, in, said_by_gzip(in))) return unpacked::no_room;
    while (true) {
        if (!next_room(out, cap)) return unpacked::no_room;
        const auto room = out.room();
        stream.next_out = reinterpret_cast<Bytef*>(room.data());
        stream.avail_out = static_cast<uInt>(room.size());
        // As if this were the last call: a stream that ends in this room leaves no window behind,
        // and one that does not goes on in the next room all the same.
        const int code = inflate(&stream, Z_FINISH);
        out.added(room.size() - stream.avail_out);
        if (out.size() > cap) return unpacked::too_large;
        if (code == Z_STREAM_END) return stream.avail_in == 0 ? unpacked::ok : unpacked::trailing;
        if (code != Z_OK && code != Z_BUF_ERROR) return unpacked::broken;
        if (stream.avail_in == 0 && stream.avail_out > 0) return unpacked::truncated;
    }
}

unpacked decompressor::unzstd(std::string_view in, body_buffer& out, std::size_t cap) {
    if (is_skippable_frame(in)) return unpacked::broken;  // it holds no content by definition
    if (!zstd_) zstd_ = std::make_unique<zstd_state>();
    ZSTD_DCtx_reset(zstd_->context, ZSTD_reset_session_only);
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    // With room for the whole frame, libzstd writes there directly and needs no window of its own.
    if (!first_room(out, cap, in, said_by_zstd(in))) return unpacked::no_room;
    while (true) {
        if (!next_room(out, cap)) return unpacked::no_room;
        const auto room = out.room();
        ZSTD_outBuffer to{room.data(), room.size(), 0};
        const auto left = ZSTD_decompressStream(zstd_->context, &to, &from);
        out.added(to.pos);
        if (out.size() > cap) return unpacked::too_large;
        if (ZSTD_isError(left) != 0) {
            const auto why = ZSTD_getErrorCode(left);
            return why == ZSTD_error_frameParameter_windowTooLarge ? unpacked::window_too_big
                                                                   : unpacked::broken;
        }
        if (left == 0) return from.pos == from.size ? unpacked::ok : unpacked::trailing;
        if (from.pos == from.size && to.pos < to.size) return unpacked::truncated;
    }
}

std::string_view to_sentence(unpacked outcome) noexcept {
    switch (outcome) {
        case unpacked::ok: return "";
        case unpacked::broken:
            return "the body is not what its Content-Encoding says, or it is damaged: compress it "
                   "again";
        case unpacked::truncated: return "the compressed body ends too early: send all of it";
        case unpacked::trailing:
            return "bytes follow the compressed body: send one gzip member or one zstd frame and "
                   "nothing after it";
        case unpacked::window_too_big:
            return "the zstd window is over 8 MiB: compress with windowLog 23 or less";
        case unpacked::too_large:
            return "more comes out of the compressed body than is allowed: send less at once";
        case unpacked::no_room: return "too many bodies are being read at this moment: try again";
    }
    return "";
}

}  // namespace nd::ingest
