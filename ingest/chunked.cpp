#include "ingest/chunked.hpp"

#include <algorithm>

namespace nd::ingest {
namespace {

constexpr std::size_t max_line = 256;       // a chunk's size and extensions
constexpr std::size_t max_trailers = 4096;  // all trailer lines together
constexpr std::uint64_t max_chunk = 1ULL
                                    << 40;  // far above any cap: only so that the sum cannot wrap

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_text(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

}  // namespace

chunk_state chunked_decoder::next(std::string_view& bytes, std::string_view& slice) {
    while (!bytes.empty() && at_ != at::done) {
        if (at_ == at::data) {
            const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
            slice = bytes.substr(0, n);
            bytes.remove_prefix(n);
            left_ -= n;
            if (left_ == 0) at_ = at::data_cr;
            return chunk_state::data;
        }
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (!step(c)) return chunk_state::bad;
    }
    return at_ == at::done ? chunk_state::complete : chunk_state::need_more;
}

// One byte of what is not data. A bare LF ends nothing: accepting it is how front ends come to
// disagree.
bool chunked_decoder::step(char c) {
    switch (at_) {
        case at::size_first:
            left_ = 0;
            overhead_ = 0;
            at_ = at::size;
            return size_digit(c);
        case at::size:
            if (hex_value(c) >= 0) return size_digit(c);
            return end_of_size(c);
        case at::after_size: return ++overhead_ <= max_line && end_of_size(c);
        case at::extension:
            if (c == '\r') return end_of_size(c);
            return is_text(c) && ++overhead_ <= max_line;
        case at::size_lf:
            at_ = left_ == 0 ? at::trailer_start : at::data;
            overhead_ = 0;
            return c == '\n';
        case at::data_cr: at_ = at::data_lf; return c == '\r';
        case at::data_lf: at_ = at::size_first; return c == '\n';
        default: return trailer_byte(c);
    }
}

bool chunked_decoder::size_digit(char c) {
    const int digit = hex_value(c);
    if (digit < 0) return false;
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    return left_ <= max_chunk && ++overhead_ <= max_line;
}

bool chunked_decoder::end_of_size(char c) {
    if (c == '\r') {
        at_ = at::size_lf;
        return true;
    }
    // Whitespace may stand before the extension's semicolon or the line's end and nowhere else.
    at_ = c == ';' ? at::extension : at::after_size;
    return c == ';' || c == ' ' || c == '\t';
}

bool chunked_decoder::trailer_byte(char c) {
    if (++overhead_ > max_trailers) return false;
    switch (at_) {
        case at::trailer_start:
            at_ = c == '\r' ? at::last_lf : at::trailer;
            return c == '\r' || is_text(c);
        case at::trailer:
            if (c == '\r') at_ = at::trailer_lf;
            return c == '\r' || is_text(c);
        case at::trailer_lf: at_ = at::trailer_start; return c == '\n';
        case at::last_lf: at_ = at::done; return c == '\n';
        default: return false;
    }
}

}  // namespace nd::ingest
