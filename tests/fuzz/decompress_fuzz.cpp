// Any bytes as a gzip or zstd body. What comes out is held against zlib and libzstd called once
// with all of it, and what our own compression of the input gives must come back byte for byte.
#include "ingest/decompress.hpp"

#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace nd::ingest;

void require(bool holds) {
    if (!holds) std::abort();
}

struct outcome {
    unpacked end = unpacked::ok;
    std::string bytes;
};

outcome run(coding how, std::string_view in, std::size_t cap) {
    static decompressor unpack;  // as an io thread has it: its states see one input after the other
    static byte_budget budget;
    body_buffer out(budget);
    outcome made;
    made.end = unpack.run(how, in, out, cap);
    made.bytes = std::string(out.view());
    // What is refused as too large was found out by at most one step of memory more.
    require(made.bytes.size() <= (made.end == unpacked::ok ? cap : cap + body_buffer::first_step));
    return made;
}

std::string gunzip_in_one_call(std::string_view in, std::size_t size) {
    std::string out(size + 1, '\0');
    z_stream state{};
    require(inflateInit2(&state, 15 + 16) == Z_OK);
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    state.avail_in = static_cast<uInt>(in.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    require(inflate(&state, Z_FINISH) == Z_STREAM_END);
    require(state.avail_in == 0);
    out.resize(state.total_out);
    inflateEnd(&state);
    return out;
}

std::string unzstd_in_one_call(std::string_view in, std::size_t size) {
    // Not ZSTD_decompress: it refuses some frames with empty blocks that the streaming one takes.
    auto* const fresh = ZSTD_createDStream();
    std::string out(size + 1, '\0');
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    require(ZSTD_decompressStream(fresh, &to, &from) == 0);
    require(from.pos == in.size());
    ZSTD_freeDStream(fresh);
    out.resize(to.pos);
    return out;
}

std::string gzip(std::string_view plain) {
    z_stream state{};
    require(deflateInit2(&state, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&state, plain.size()), '\0');
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    state.avail_in = static_cast<uInt>(plain.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    require(deflate(&state, Z_FINISH) == Z_STREAM_END);
    out.resize(state.total_out);
    deflateEnd(&state);
    return out;
}

std::string zstd(std::string_view plain) {
    std::string out(ZSTD_compressBound(plain.size()), '\0');
    const auto made = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1);
    require(ZSTD_isError(made) == 0);
    out.resize(made);
    return out;
}

void judge_hostile(coding how, std::string_view in, std::size_t cap) {
    const auto made = run(how, in, cap);
    if (made.end != unpacked::ok) {
        require(!to_sentence(made.end).empty());
        return;
    }
    require(made.bytes == (how == coding::gzip ? gunzip_in_one_call(in, made.bytes.size())
                                               : unzstd_in_one_call(in, made.bytes.size())));
    const std::string longer = std::string(in) + '\0';
    require(run(how, longer, cap).end == unpacked::trailing);
    require(run(how, in.substr(0, in.size() - 1), cap).end != unpacked::ok);
    if (!made.bytes.empty())
        require(run(how, in, made.bytes.size() - 1).end == unpacked::too_large);
}

void judge_own(coding how, std::string_view plain) {
    const auto packed = how == coding::gzip ? gzip(plain) : zstd(plain);
    const auto made = run(how, packed, plain.size());
    require(made.end == unpacked::ok && made.bytes == plain);
}

}  // namespace

// The first byte chooses the coding and the cap.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto how = (data[0] & 1) != 0 ? coding::gzip : coding::zstd;
    const std::size_t cap = std::size_t{1} << (data[0] >> 1) % 21;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    judge_hostile(how, rest, cap);
    judge_own(how, rest);
    return 0;
}
