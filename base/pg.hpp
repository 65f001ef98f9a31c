// The edge to Postgres: one connection for one thread, statements that exist at compile time,
// transactions with a tenant. Callers: the key keeper, the writer, ndctl. It never reconnects,
// retries or logs by itself: the caller owns that policy.
//
// It speaks libpq, not libpqxx, because libpqxx has no deadline: against a server that is stopped
// but not dead (SIGSTOP, a full disk under it, a hung volume) the kernel still acknowledges, so
// neither keepalives nor tcp_user_timeout fire and its exec blocks for ever, SIGTERM or not.
// libpq's asynchronous calls let every statement end by a deadline. 6.4 also reconnects silently,
// which would hide a gap in LISTEN. libpq-fe.h stays inside the pg*.cpp of this folder.
//
// Errors: see base/pg_error.hpp for the classes; `sqlstate` is set whenever Postgres said one,
// "08006" when the connection is gone.
#pragma once

#include "base/pg_param.hpp"
#include "base/pg_rows.hpp"
#include "base/result.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct pg_conn;

namespace nd::base::pg {

// SQL can only be made from text known at compile time (sql/queries, embedded): concatenating
// values into it does not compile.
class statement {
  public:
    consteval explicit statement(const char* text) : text_(text) {}
    [[nodiscard]] constexpr const char* text() const noexcept { return text_; }

  private:
    const char* text_;
};

// SQL that needs a tenant: only tenant_tx executes it, so forgetting the context does not compile
// either.
class tenant_statement {
  public:
    consteval explicit tenant_statement(const char* text) : text_(text) {}
    [[nodiscard]] constexpr const char* text() const noexcept { return text_; }

  private:
    const char* text_;
};

struct open_options {
    std::string application_name = "activationkit";
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::milliseconds deadline{20000};  // of each statement; 0 = none (migrations)
};

struct notification {
    std::string channel;
    std::string payload;
};

class connection {
  public:
    // Errors: invalid for a URL that cannot be read, unavailable for a server that does not answer,
    // and what the SQLSTATE says when it answered and refused (28, 3D, 42: refused). The detail
    // says why, and never the password.
    [[nodiscard]] static result<connection> open(const std::string& url,
                                                 const open_options& options = {});

    // One statement, committed by itself unless a transaction is open on this connection.
    template <class... P>
    [[nodiscard]] result<rows> exec(statement sql, const P&... values) {
        const std::array<param, sizeof...(P)> params{param(values)...};
        return run(sql.text(), params);
    }
    // Several statements in one implicit transaction, without parameters: migrations, roles.sql and
    // tests; never a program's query.
    [[nodiscard]] result<rows> exec_script(std::string_view sql);

    // Needs a direct connection (not PgBouncer in transaction mode). The channel is a plain
    // identifier.
    [[nodiscard]] result<> listen(std::string_view channel);
    // The next notification, or none within the timeout. Error: the connection is gone (LISTEN
    // again on a new one).
    [[nodiscard]] result<std::optional<notification>> wait_notification(
        std::chrono::milliseconds timeout);

    // What ALTER ROLE .. PASSWORD stores, computed here so that no password travels or is logged.
    [[nodiscard]] result<std::string> password_verifier(const std::string& role,
                                                        const std::string& password);

    [[nodiscard]] bool usable()
        const noexcept;  // false after any error that ended the connection: open a new one
    [[nodiscard]] int server_version() const noexcept;  // 150020
    void set_deadline(std::chrono::milliseconds deadline) noexcept { deadline_ = deadline; }
    [[nodiscard]] int socket() const noexcept;

  private:
    friend class transaction;
    friend class tenant_tx;
    struct finish {
        void operator()(pg_conn* owned) const noexcept;
    };
    using handle = std::unique_ptr<pg_conn, finish>;

    connection(handle owned, std::chrono::milliseconds deadline)
        : owned_(std::move(owned)), deadline_(deadline) {}
    [[nodiscard]] result<rows> run(const char* sql, std::span<const param> params);
    [[nodiscard]] result<rows> answer();
    [[nodiscard]] result<> wait(bool also_writable, std::chrono::steady_clock::time_point until);
    [[nodiscard]] std::chrono::steady_clock::time_point due() const;
    [[nodiscard]] result<> send_all(std::chrono::steady_clock::time_point until);
    [[nodiscard]] error lost(std::string_view doing);

    handle owned_;
    std::chrono::milliseconds deadline_;
};

// BEGIN .. COMMIT for SQL that needs no tenant. Rolled back when destroyed uncommitted. The
// connection must outlive it.
class transaction {
  public:
    [[nodiscard]] static result<transaction> begin(connection& on);
    transaction(transaction&& other) noexcept : on_(std::exchange(other.on_, nullptr)) {}
    transaction& operator=(transaction&&) = delete;
    ~transaction();

    template <class... P>
    [[nodiscard]] result<rows> exec(statement sql, const P&... values) {
        return on_->exec(sql, values...);
    }
    [[nodiscard]] result<rows> exec_script(std::string_view sql) { return on_->exec_script(sql); }
    // Error unavailable here means: it may or may not have happened.
    [[nodiscard]] result<> commit();

  private:
    friend class tenant_tx;
    explicit transaction(connection& on) : on_(&on) {}
    connection* on_;
};

// BEGIN + the tenant for this transaction only (so that a pooled connection carries nothing over).
// The one place in the code that sets the context, the hot procedure aside.
class tenant_tx {
  public:
    [[nodiscard]] static result<tenant_tx> begin(connection& on, std::string_view tenant);

    template <class... P>
    [[nodiscard]] result<rows> exec(tenant_statement sql, const P&... values) {
        const std::array<param, sizeof...(P)> params{param(values)...};
        return inside_.on_->run(sql.text(), params);
    }
    [[nodiscard]] result<> commit() { return inside_.commit(); }

  private:
    explicit tenant_tx(transaction inside) : inside_(std::move(inside)) {}
    transaction inside_;
};

}  // namespace nd::base::pg
