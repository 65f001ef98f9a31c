#include "base/pg.hpp"

#include "base/pg_error.hpp"
#include "base/pg_url.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

namespace nd::base::pg {
namespace {

using clock = std::chrono::steady_clock;

std::string without_newline(const char* text) {
    std::string line = text == nullptr ? "" : text;
    while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) {
        line.pop_back();
    }
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

// Only the primary message: DETAIL and CONTEXT of data errors quote rows, which belong in no log.
error refusal(const PGresult* said) {
    const char* state = PQresultErrorField(said, PG_DIAG_SQLSTATE);
    const char* primary = PQresultErrorField(said, PG_DIAG_MESSAGE_PRIMARY);
    const char* position = PQresultErrorField(said, PG_DIAG_STATEMENT_POSITION);
    error e;
    // libpq makes up a result without a SQLSTATE when the connection broke under the statement.
    e.sqlstate = state == nullptr ? std::string(connection_failure) : state;
    e.code = errc_of_sqlstate(e.sqlstate);
    e.detail = without_newline(primary == nullptr ? PQresultErrorMessage(said) : primary);
    if (position != nullptr) {
        e.detail += " (at character " + std::string(position) + " of the statement)";
    }
    return e;
}

bool is_answer(const PGresult* said) {
    const ExecStatusType status = PQresultStatus(said);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

error not_connected(const PGconn* on) {
    return error{errc::unavailable, without_newline(PQerrorMessage(on)),
                 std::string(connection_failure)};
}

// libpq keeps the SQLSTATE of a server that refuses a connection to itself, unless it is asked for
// nothing else: so a server that spoke is asked once more. None: this time it let us in.
std::optional<error> why_not_connected(PGconn* on) {
    auto e = not_connected(on);
    // Two blanks stand between a server's severity, in whatever language, and its words.
    if (e.detail.find(":  ") == std::string::npos) return e;
    PQsetErrorVerbosity(on, PQERRORS_SQLSTATE);
    PQreset(on);
    PQsetErrorVerbosity(on, PQERRORS_DEFAULT);
    if (PQstatus(on) == CONNECTION_OK) return std::nullopt;
    const auto said = without_newline(PQerrorMessage(on));  // what the state is a view of
    const auto state = sqlstate_at_end(said);
    if (state.empty()) return e;
    e.sqlstate = state;
    e.code = errc_of_sqlstate(state);
    return e;
}

}  // namespace

void connection::finish::operator()(pg_conn* owned) const noexcept {
    PQfinish(owned);
}

result<connection> connection::open(const std::string& url, const open_options& options) {
    if (url.empty()) {
        return failure(errc::invalid, "the database URL is empty");
    }
    // Before libpq says what it could not read, quoting it, and a password with it.
    if (const auto problem = url_problem(url); !problem.empty())
        return failure(errc::invalid, "the database URL " + problem);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.connect_timeout).count();
    const std::string timeout = std::to_string(std::max<std::int64_t>(seconds, 2));
    // Ours come first, so that what the URL says wins. A host that vanished is noticed within about
    // 25 s, in a send within 15 s.
    const std::array keys{
        "fallback_application_name", "connect_timeout",  "keepalives_idle",
        "keepalives_interval",       "keepalives_count", "tcp_user_timeout",
        "client_encoding",           "dbname",           static_cast<const char*>(nullptr)};
    const std::array values{options.application_name.c_str(),
                            timeout.c_str(),
                            "10",
                            "5",
                            "3",
                            "15000",
                            "UTF8",
                            url.c_str(),
                            static_cast<const char*>(nullptr)};
    handle owned(PQconnectdbParams(keys.data(), values.data(), 1));
    if (!owned) {
        throw std::bad_alloc();
    }
    if (PQstatus(owned.get()) != CONNECTION_OK) {
        if (auto refused = why_not_connected(owned.get())) return std::move(*refused);
    }
    if (PQsetnonblocking(owned.get(), 1) != 0) return not_connected(owned.get());
    PQsetNoticeProcessor(
        owned.get(), [](void*, const char*) {},
        nullptr);  // "already exists, skipping" is nobody's news
    return connection(std::move(owned), options.deadline);
}

bool connection::usable() const noexcept {
    return owned_ && PQstatus(owned_.get()) == CONNECTION_OK;
}

int connection::server_version() const noexcept {
    return PQserverVersion(owned_.get());
}

int connection::socket() const noexcept {
    return PQsocket(owned_.get());
}

clock::time_point connection::due() const {
    return deadline_.count() == 0 ? clock::time_point::max() : clock::now() + deadline_;
}

// Ends the connection: what the server still does with the statement is unknown, so nothing may
// follow on it.
error connection::lost(std::string_view doing) {
    const std::string why =
        owned_ ? without_newline(PQerrorMessage(owned_.get())) : "the connection is closed";
    owned_.reset();
    return error{errc::unavailable,
                 std::string(doing) + ": " + (why.empty() ? "no answer in time" : why),
                 std::string(connection_failure)};
}

result<> connection::wait(bool also_writable, clock::time_point until) {
    for (;;) {
        int left = -1;
        if (until != clock::time_point::max()) {
            const auto remaining =
                std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
            left = static_cast<int>(std::clamp<std::int64_t>(remaining, 0, 3'600'000));
        }
        pollfd watched{socket(), static_cast<short>(also_writable ? POLLIN | POLLOUT : POLLIN), 0};
        const int ready = ::poll(&watched, 1, left);
        if (ready > 0) {
            return {};
        }
        if (ready == 0 && clock::now() >= until) {
            return failure(errc::unavailable, "no answer in time");
        }
        if (ready < 0 && errno != EINTR) {
            return failure(errc::unavailable, "the connection cannot be watched");
        }
    }
}

result<> connection::send_all(clock::time_point until) {
    int left = PQflush(owned_.get());
    while (left == 1) {
        if (wait(true, until).has_error()) {
            return lost("sending a statement");
        }
        // The server may have to speak (an error, a notice) before it reads on: always take what it
        // says.
        if (PQconsumeInput(owned_.get()) == 0) {
            return lost("sending a statement");
        }
        left = PQflush(owned_.get());
    }
    if (left < 0) {
        return lost("sending a statement");
    }
    return {};
}

result<rows> connection::answer() {
    const auto until = due();
    if (const auto sent = send_all(until); sent.has_error()) {
        return sent.error();
    }
    std::optional<rows> last;
    std::optional<error> refused;
    for (;;) {
        while (PQisBusy(owned_.get()) != 0) {
            if (wait(false, until).has_error() || PQconsumeInput(owned_.get()) == 0) {
                return lost("waiting for an answer");
            }
        }
        PGresult* said = PQgetResult(owned_.get());
        if (said == nullptr) {
            break;
        }
        last.emplace(said);
        if (!is_answer(said) && !refused) {
            refused = refusal(said);
        }
    }
    if (refused) {
        return std::move(*refused);
    }
    if (!last) {
        return lost("waiting for an answer");
    }
    return std::move(*last);
}

result<rows> connection::run(const char* sql, std::span<const param> params) {
    if (!usable()) {
        return lost("a statement");
    }
    std::vector<const char*> data;
    std::vector<int> sizes;
    std::vector<int> forms;
    for (const param& value : params) {
        if (value.holds_nul()) {
            return error{errc::data, "a text parameter holds a NUL character", "22021"};
        }
        data.push_back(value.data());
        sizes.push_back(static_cast<int>(value.size()));
        forms.push_back(value.is_binary() ? 1 : 0);
    }
    if (PQsendQueryParams(owned_.get(), sql, static_cast<int>(params.size()), nullptr, data.data(),
                          sizes.data(), forms.data(), 0) == 0) {
        return lost("sending a statement");
    }
    return answer();
}

result<rows> connection::exec_script(std::string_view sql) {
    if (!usable()) {
        return lost("a script");
    }
    if (PQsendQuery(owned_.get(), std::string(sql).c_str()) == 0) {
        return lost("sending a script");
    }
    return answer();
}

result<> connection::listen(std::string_view channel) {
    const bool plain = !channel.empty() && std::all_of(channel.begin(), channel.end(), [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z');
    });
    if (!plain) {
        return failure(errc::invalid, "not a channel: " + std::string(channel));
    }
    const auto said = exec_script("listen " + std::string(channel));
    return said.has_error() ? result<>(said.error()) : result<>();
}

result<std::optional<notification>> connection::wait_notification(
    std::chrono::milliseconds timeout) {
    const auto until = clock::now() + timeout;
    for (;;) {
        if (!usable() || PQconsumeInput(owned_.get()) == 0) {
            return lost("listening");
        }
        const std::unique_ptr<PGnotify, decltype(&PQfreemem)> heard(PQnotifies(owned_.get()),
                                                                    &PQfreemem);
        if (heard) {
            return std::optional(notification{heard->relname, heard->extra});
        }
        if (wait(false, until).has_error()) {
            return std::optional<notification>();
        }
    }
}

result<std::string> connection::password_verifier(const std::string& role,
                                                  const std::string& password) {
    if (!usable()) {
        return lost("a password");
    }
    const std::unique_ptr<char, decltype(&PQfreemem)> verifier(
        PQencryptPasswordConn(owned_.get(), password.c_str(), role.c_str(), "scram-sha-256"),
        &PQfreemem);
    if (!verifier) {
        return failure(errc::invalid, "no SCRAM verifier for this password");
    }
    return std::string(verifier.get());
}

}  // namespace nd::base::pg
