// Decompression as cheap as the libraries allow, into a buffer that is reused: the limit
// responder's share of a compressed request. Trusts its input; the edge's own way is
// ingest/decompress.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace nd::bench {

class inflater {
  public:
    inflater();
    ~inflater();
    // `encoding` gzip or zstd. Throws std::runtime_error for what is neither.
    std::size_t unpack(std::string_view encoding, std::string_view packed);

  private:
    struct inside;
    std::unique_ptr<inside> inside_;
    std::string out_;
};

}  // namespace nd::bench
