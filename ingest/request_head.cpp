#include "ingest/request_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace nd::ingest {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

// A long field is rare; a connection that waits should not keep its room.
void clear_text(std::string& text) {
    constexpr std::size_t kept = 256;
    if (text.capacity() > kept)
        text = {};
    else
        text.clear();
}

}  // namespace

void single_field::add(std::string_view text) {
    if (count++ == 0) value.assign(text);
}

void single_field::clear() {
    clear_text(value);
    count = 0;
}

std::optional<std::string_view> single_field::get() const {
    if (count == 0) return std::nullopt;
    return value;
}

void request_head::clear() {
    method = http::verb::unknown;
    clear_text(target);
    http_1_0 = keep_alive = expects_continue = chunked = false;
    content_length = 0;
    for (auto* field : {&host, &key, &origin, &content_type, &transfer_encoding})
        field->clear();
    clear_text(if_none_match);
    clear_text(content_encoding);
}

head_parser::head_parser(request_head& into) : head_(into) {
    head_.clear();
    header_limit(max_header);
    body_limit(boost::none);  // the body's cap is body_reader's affair
}

void head_parser::on_request_impl(verb method, text, text target, int version, error_code&) {
    head_.method = method;
    head_.target.assign(target);
    head_.http_1_0 = version == 10;
}

void head_parser::on_field_impl(field name, text label, text raw, error_code&) {
    const std::string_view value(raw.data(), raw.size());
    switch (name) {
        case field::host: head_.host.add(value); return;
        case field::origin: head_.origin.add(value); return;
        case field::content_type: head_.content_type.add(value); return;
        case field::transfer_encoding: head_.transfer_encoding.add(value); return;
        case field::expect: head_.expects_continue |= beast::iequals(raw, "100-continue"); return;
        case field::if_none_match:
            if (!head_.if_none_match.empty()) head_.if_none_match += ',';
            head_.if_none_match += value;
            return;
        case field::content_encoding:
            if (!head_.content_encoding.empty()) head_.content_encoding += ',';
            head_.content_encoding += value;
            return;
        default:
            if (name == field::unknown && beast::iequals(label, "X-ND-Key")) head_.key.add(value);
    }
}

head_state head_parser::feed(std::string_view bytes, std::size_t& used) {
    error_code ec;
    used = put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    size_ += used;
    const bool ended = !ec && is_header_done();
    const bool open = !ended && (!ec || ec == http::error::need_more);
    // Beast's own limit begins again after the request line. A head that is still open needs at
    // least one byte more.
    const auto least = open ? size_ + (bytes.size() - used) + 1 : size_;
    if (ec == http::error::header_limit || ((ended || open) && least > max_header))
        return head_state::too_large;
    if (ended) return judge();
    if (open) return head_state::need_more;
    what_ = "the request is not HTTP/1.1 or HTTP/1.0 as RFC 9112 writes it";
    if (ec == http::error::bad_content_length || ec == http::error::multiple_content_length ||
        ec == http::error::bad_transfer_encoding)
        what_ =
            "Content-Length and Transfer-Encoding do not say one length: send one of them, once";
    return head_state::bad;
}

// What Beast lets through although two servers could read it in two ways (request smuggling), or
// RFC 9112 3.2 forbids.
head_state head_parser::judge() {
    head_.keep_alive = keep_alive();
    head_.chunked = chunked();
    head_.content_length = content_length().value_or(0);
    if (head_.host.count > 1 || (head_.host.count == 0 && !head_.http_1_0))
        what_ = "send the Host header exactly once";
    else if (head_.key.count > 1)
        what_ = "send the X-ND-Key header once";
    else if (head_.origin.count > 1)
        what_ = "send the Origin header at most once";
    else if (head_.content_type.count > 1)
        what_ = "send the Content-Type header once";
    else if (head_.transfer_encoding.count > 0 &&
             (head_.http_1_0 || !head_.chunked || head_.transfer_encoding.count > 1 ||
              !beast::iequals(head_.transfer_encoding.value, "chunked")))
        what_ = "the only Transfer-Encoding understood is chunked, in HTTP/1.1";
    return what_.empty() ? head_state::complete : head_state::bad;
}

}  // namespace nd::ingest
