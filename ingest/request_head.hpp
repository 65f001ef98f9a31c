// What nd-ingest wants to know of a request before its body, and the parser that fills it in.
// Called by the session only. Beast checks the syntax; this keeps the few fields that matter, in
// strings that are reused from request to request, and refuses what RFC 9112 calls ambiguous. No
// I/O: bytes in, verdict out.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nd::ingest {

inline constexpr std::size_t max_header = std::size_t{16} << 10;

// A field that may come at most once. `count` says how often it came; `value` is the first.
struct single_field {
    std::string value;
    unsigned count = 0;

    void add(std::string_view text);
    void clear();
    [[nodiscard]] std::optional<std::string_view> get() const;
};

struct request_head {
    boost::beast::http::verb method = boost::beast::http::verb::unknown;
    std::string target;
    bool http_1_0 = false;
    bool keep_alive = false;
    bool expects_continue = false;
    bool chunked = false;
    std::uint64_t content_length = 0;  // meaningful unless chunked
    single_field host;
    single_field key;
    single_field origin;
    single_field content_type;
    single_field transfer_encoding;
    std::string if_none_match;     // all lines joined by commas
    std::string content_encoding;  // all lines joined by commas, as RFC 9110 reads them

    void clear();
    [[nodiscard]] bool has_body() const { return chunked || content_length > 0; }
};

enum class head_state { need_more, complete, bad, too_large };

class head_parser final : private boost::beast::http::basic_parser<true> {
  public:
    explicit head_parser(request_head& into);

    // `used` is how many of `bytes` belong to the head; give the unused ones again, with more,
    // after need_more.
    [[nodiscard]] head_state feed(std::string_view bytes, std::size_t& used);
    // For `bad`: one sentence that says what is wrong.
    [[nodiscard]] std::string_view what() const { return what_; }

  private:
    using verb = boost::beast::http::verb;
    using field = boost::beast::http::field;
    using text = boost::beast::string_view;
    using error_code = boost::beast::error_code;

    void on_request_impl(verb method, text, text target, int version, error_code&) override;
    void on_response_impl(int, text, int, error_code&) override {}
    void on_field_impl(field name, text, text value, error_code&) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    [[nodiscard]] head_state judge();

    request_head& head_;
    std::size_t size_ = 0;  // of the head so far
    std::string_view what_;
};

}  // namespace nd::ingest
