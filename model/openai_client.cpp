#include "model/openai_client.hpp"

#include "base/hmac.hpp"
#include "base/https_client.hpp"
#include "model/multipart.hpp"

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <ctime>

namespace nd::model {
namespace json = boost::json;

namespace {

constexpr std::size_t most_json = 16U << 20U;
constexpr std::size_t most_file = 256U << 20U;
constexpr std::string_view agent = "activationkit/0.1";

// Ids come from the service and go into paths.
bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

api_fault bad_id(std::string_view what) {
    api_fault made;
    made.detail = fmt::format("'{}' is no id that can be asked for", what.substr(0, 64));
    return made;
}

// It was worked on and may have cost something, only nobody can read what came of it.
api_fault garbled(const api_reply<std::string>& from, const base::error& why) {
    api_fault made;
    made.what = fate::garbled;
    made.status = 200;
    made.detail = why.detail;
    made.request_id = from.request_id;
    made.rate = from.rate;
    return made;
}

template <class T, class Read>
api_result<api_reply<T>> read_with(Read read, api_result<api_reply<std::string>> got) {
    if (!got) return got.error();
    auto value = read(got->value);
    if (!value) return garbled(*got, value.error());
    return api_reply<T>{std::move(*value), got->rate, got->request_id};
}

base::https_request get(std::string path) {
    base::https_request made;
    made.path = std::move(path);
    made.most_body = most_json;
    return made;
}

base::https_request post(std::string path, std::string body) {
    auto made = get(std::move(path));
    made.method = "POST";
    made.headers.emplace_back("Content-Type", "application/json");
    made.body = std::move(body);
    return made;
}

}  // namespace

struct openai_client::inside {
    std::unique_ptr<base::https_client> http;
    std::string authorization;
    std::chrono::seconds patience{0};
};

openai_client::openai_client(std::unique_ptr<inside> made) : inside_(std::move(made)) {}
openai_client::~openai_client() = default;

base::result<std::unique_ptr<openai_client>> openai_client::make(boost::asio::io_context& io,
                                                                 const openai_settings& with) {
    auto key = base::read_secret_file(with.key_file);
    if (!key) return key.error();
    const bool one_word =
        std::all_of(key->begin(), key->end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!one_word)
        return base::failure(base::errc::invalid,
                             with.key_file + " holds more than one word: it is for the key alone");
    base::https_settings http;
    http.url = with.url;
    http.trust_file = with.trust_file;
    auto client = base::https_client::make(io, http);
    if (!client) return client.error();
    auto made = std::make_unique<inside>();
    made->http = std::move(*client);
    made->authorization = "Bearer " + *key;
    made->patience = std::chrono::seconds(with.patience_s);
    return std::unique_ptr<openai_client>(new openai_client(std::move(made)));
}

base::task<api_result<api_reply<std::string>>> openai_client::call(base::https_request what) {
    what.headers.emplace_back("Authorization", inside_->authorization);
    what.headers.emplace_back("User-Agent", std::string(agent));
    what.headers.emplace_back("Accept", "application/json");
    what.patience = inside_->patience;
    auto asking = inside_->http->exchange(std::move(what));
    auto got = co_await std::move(asking);
    if (!got) co_return judge_silence(got.error().may_have_arrived, got.error().detail);
    if (got->status / 100 != 2)
        co_return judge_reply(got->status, got->headers, got->body, std::time(nullptr));
    co_return api_reply<std::string>{std::move(got->body), read_rate(got->headers),
                                     std::string(base::header_of(got->headers, "x-request-id"))};
}

base::task<api_result<api_reply<response_answer>>> openai_client::respond(std::string body) {
    auto calling = call(post("/responses", std::move(body)));
    auto got = co_await std::move(calling);
    co_return read_with<response_answer>(read_response, std::move(got));
}

base::task<api_result<api_reply<std::string>>> openai_client::upload(std::string lines) {
    auto form = make_multipart({{"purpose", "batch"},
                                {"expires_after[anchor]", "created_at"},
                                {"expires_after[seconds]", fmt::to_string(file_lifetime_s)}},
                               "pages.jsonl", lines);
    auto what = get("/files");
    what.method = "POST";
    what.headers.emplace_back("Content-Type", form.content_type);
    what.body = std::move(form.body);
    auto calling = call(std::move(what));
    auto got = co_await std::move(calling);
    co_return read_with<std::string>(read_id, std::move(got));
}

base::task<api_result<api_reply<std::string>>> openai_client::file_content(std::string file_id) {
    if (!is_id(file_id)) co_return bad_id(file_id);
    auto what = get("/files/" + file_id + "/content");
    what.most_body = most_file;
    auto calling = call(std::move(what));
    co_return co_await std::move(calling);
}

base::task<api_result<api_reply<std::string>>> openai_client::delete_file(std::string file_id) {
    if (!is_id(file_id)) co_return bad_id(file_id);
    auto what = get("/files/" + file_id);
    what.method = "DELETE";
    auto calling = call(std::move(what));
    auto got = co_await std::move(calling);
    co_return read_with<std::string>(read_id, std::move(got));
}

base::task<api_result<api_reply<batch_object>>> openai_client::create_batch(
    std::string input_file_id, std::map<std::string, std::string> metadata) {
    json::object body;
    body["input_file_id"] = input_file_id;
    body["endpoint"] = "/v1/responses";
    body["completion_window"] = "24h";
    auto& pairs = body["metadata"].emplace_object();
    for (const auto& [name, value] : metadata)
        pairs[name] = value;
    body["output_expires_after"] =
        json::object{{"anchor", "created_at"}, {"seconds", file_lifetime_s}};
    auto calling = call(post("/batches", json::serialize(body)));
    auto got = co_await std::move(calling);
    co_return read_with<batch_object>(read_batch, std::move(got));
}

base::task<api_result<api_reply<batch_object>>> openai_client::batch(std::string id) {
    if (!is_id(id)) co_return bad_id(id);
    auto calling = call(get("/batches/" + id));
    auto got = co_await std::move(calling);
    co_return read_with<batch_object>(read_batch, std::move(got));
}

base::task<api_result<api_reply<batch_object>>> openai_client::cancel_batch(std::string id) {
    if (!is_id(id)) co_return bad_id(id);
    auto calling = call(post("/batches/" + id + "/cancel", ""));
    auto got = co_await std::move(calling);
    co_return read_with<batch_object>(read_batch, std::move(got));
}

base::task<api_result<api_reply<batch_list>>> openai_client::batches(std::string after) {
    if (!after.empty() && !is_id(after)) co_return bad_id(after);
    auto calling = call(get("/batches?limit=100" + (after.empty() ? "" : "&after=" + after)));
    auto got = co_await std::move(calling);
    co_return read_with<batch_list>(read_batch_list, std::move(got));
}

}  // namespace nd::model
