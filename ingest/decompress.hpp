// gzip and zstd under a cap: one member or frame, nothing after it, at most 8 MiB out, at most 8
// MiB of window. One decompressor per io thread (it reuses its states); called by post_events. It
// never holds more than the cap, and a length that the stream claims buys no more room than its
// bytes could fill.
#pragma once

#include "ingest/body_buffer.hpp"
#include "ingest/content.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace nd::ingest {

enum class unpacked {
    ok,
    broken,          // not that coding at all, damaged, or it wants a dictionary
    truncated,       // ends before its own end
    trailing,        // a second member or frame, or anything else after the end
    window_too_big,  // zstd only
    too_large,       // more than the cap comes out
    no_room,         // the process's body budget is used up: our fault, not the client's
};

class decompressor {
  public:
    decompressor();
    ~decompressor();
    decompressor(const decompressor&) = delete;
    decompressor& operator=(const decompressor&) = delete;

    // Appends to `out` (which should be empty). `how` is gzip or zstd.
    [[nodiscard]] unpacked run(coding how, std::string_view in, body_buffer& out, std::size_t cap);

  private:
    struct gzip_state;
    struct zstd_state;
    [[nodiscard]] unpacked gunzip(std::string_view in, body_buffer& out, std::size_t cap);
    [[nodiscard]] unpacked unzstd(std::string_view in, body_buffer& out, std::size_t cap);

    std::unique_ptr<gzip_state> gzip_;
    std::unique_ptr<zstd_state> zstd_;
};

// For the client: what to change. Empty for ok.
[[nodiscard]] std::string_view to_sentence(unpacked outcome) noexcept;

}  // namespace nd::ingest
