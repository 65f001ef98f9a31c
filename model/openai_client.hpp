// OpenAI's API as far as it is used here: one answer (Responses), and batches with their files.
// Edge code on one io_context. It never tries anything again by itself: every call is one request,
// and its fault says what may be done (api_fault).
#pragma once

#include "base/http_headers.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/api_fault.hpp"
#include "model/batch_object.hpp"
#include "model/openai_settings.hpp"
#include "model/rate_reading.hpp"
#include "model/response_answer.hpp"

#include <map>
#include <memory>
#include <string>

namespace nd::base {
struct https_request;
}

namespace nd::model {

template <class T>
struct api_reply {
    T value;
    rate_reading rate{};
    std::string request_id{};
};

// How long the service keeps what a batch left there, in seconds: a week, time enough for a person
// to look into one that went wrong.
inline constexpr int file_lifetime_s = 7 * 24 * 3600;

class openai_client {
  public:
    // errc::invalid names the setting or the file at fault; nothing is connected yet.
    [[nodiscard]] static base::result<std::unique_ptr<openai_client>> make(
        boost::asio::io_context& io, const openai_settings& with);
    ~openai_client();

    // The client must outlive its tasks. Bodies are JSON text.
    [[nodiscard]] base::task<api_result<api_reply<response_answer>>> respond(std::string body);

    // A batch's input file, its lines as of batch_input. The file's id.
    [[nodiscard]] base::task<api_result<api_reply<std::string>>> upload(std::string lines);
    [[nodiscard]] base::task<api_result<api_reply<std::string>>> file_content(std::string file_id);
    [[nodiscard]] base::task<api_result<api_reply<std::string>>> delete_file(std::string file_id);

    // `metadata` is what the batch is found by when its id was lost: at most 16 pairs of 64 and 512
    // characters.
    [[nodiscard]] base::task<api_result<api_reply<batch_object>>> create_batch(
        std::string input_file_id, std::map<std::string, std::string> metadata);
    [[nodiscard]] base::task<api_result<api_reply<batch_object>>> batch(std::string id);
    [[nodiscard]] base::task<api_result<api_reply<batch_object>>> cancel_batch(std::string id);
    // Newest first, a hundred at a time, after the batch of that id ("" for the first page).
    [[nodiscard]] base::task<api_result<api_reply<batch_list>>> batches(std::string after);

  private:
    struct inside;
    explicit openai_client(std::unique_ptr<inside> made);
    [[nodiscard]] base::task<api_result<api_reply<std::string>>> call(base::https_request what);
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::model
