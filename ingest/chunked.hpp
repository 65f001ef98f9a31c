// Takes a chunked body apart (RFC 9112 7.1). Called by body_reader. No I/O and no buffer of its
// own: it is fed what came and hands back the slices that are data. Chunk extensions and trailers
// are read over, within bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nd::ingest {

enum class chunk_state { need_more, data, complete, bad };

class chunked_decoder {
  public:
    // Consumes from the front of `bytes`. `data`: `slice` is body; call again with the rest.
    // `need_more`: all is consumed. `complete`: what is left in `bytes` belongs to the next
    // request. `bad`: not a chunked body; the connection is lost.
    [[nodiscard]] chunk_state next(std::string_view& bytes, std::string_view& slice);

  private:
    enum class at {
        size_first,
        size,
        after_size,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_start,
        trailer,
        trailer_lf,
        last_lf,
        done
    };

    [[nodiscard]] bool step(char c);
    [[nodiscard]] bool size_digit(char c);
    [[nodiscard]] bool end_of_size(char c);
    [[nodiscard]] bool trailer_byte(char c);

    at at_ = at::size_first;
    std::uint64_t left_ = 0;    // of the chunk that is being read
    std::size_t overhead_ = 0;  // bytes of the line or of all trailers: bounded, they carry nothing
};

}  // namespace nd::ingest
