// A client of one HTTP/1.1 service: TLS that verifies the certificate and the host name,
// connections that are used again, a deadline and a bound for each answer. Edge code on one
// io_context: all calls and their answers belong to its thread, and any number may be under way. It
// never sends anything twice; whether to try again is for the caller, who is told what may have
// arrived.
#pragma once

#include "base/http_headers.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace nd::base {

struct https_settings {
    std::string url = "https://api.openai.com/v1";  // http:// for this machine only
    std::string trust_file{};                       // PEM; empty: the system's certificates
    std::chrono::milliseconds connect_patience{10'000};
    std::chrono::milliseconds idle{30'000};  // a connection unused for longer is closed, not used
    std::size_t most_idle = 16;
};

struct https_request {
    std::string method = "GET";
    std::string path;  // behind the URL's own, with its query: "/responses"
    http_headers headers;
    std::string body;
    std::chrono::milliseconds patience{60'000};  // from the call to the answer's last byte
    std::size_t most_body = 8U << 20U;           // of the answer, in bytes
};

struct https_reply {
    int status = 0;
    http_headers headers;  // names in lower case
    std::string body;
};

// No answer, or not all of it.
struct https_failure {
    // false: the request did not reach the server whole, so nothing has come of it. true: nobody
    // can say.
    bool may_have_arrived = false;
    std::string detail;
};
[[noreturn]] void throw_exception_from_error(const https_failure& e,
                                             const boost::source_location& where);

using https_result = boost::system::result<https_reply, https_failure>;

class https_client {
  public:
    // errc::invalid names the setting that is wrong; nothing is connected yet.
    [[nodiscard]] static result<std::unique_ptr<https_client>> make(boost::asio::io_context& io,
                                                                    const https_settings& with);
    ~https_client();

    // The client must outlive its tasks.
    [[nodiscard]] task<https_result> exchange(https_request what);

    [[nodiscard]] std::size_t connections_made() const noexcept;

  private:
    struct inside;
    explicit https_client(std::unique_ptr<inside> made);
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::base
