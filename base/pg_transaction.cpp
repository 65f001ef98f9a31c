// The transactions of base/pg.hpp.
#include "base/pg.hpp"

#include <libpq-fe.h>

#include <utility>

namespace nd::base::pg {

result<transaction> transaction::begin(connection& on) {
    const auto begun = on.exec(statement("begin"));
    if (begun.has_error()) {
        return begun.error();
    }
    return transaction(on);
}

transaction::~transaction() {
    if (on_ == nullptr || !on_->usable()) {
        return;
    }
    // A rollback that fails leaves a connection in an unknown state: never used again.
    if (on_->exec(statement("rollback")).has_error()) {
        on_->owned_.reset();
    }
}

result<> transaction::commit() {
    connection* on = std::exchange(on_, nullptr);
    // COMMIT of a failed transaction is answered with ROLLBACK and no error; then nothing was
    // stored.
    const bool failed = on->usable() && PQtransactionStatus(on->owned_.get()) == PQTRANS_INERROR;
    const auto ended = on->exec(statement("commit"));
    if (ended.has_error()) {
        return ended.error();
    }
    if (failed) {
        return failure(errc::internal,
                       "commit of a transaction that had failed: it was rolled back");
    }
    return {};
}

result<tenant_tx> tenant_tx::begin(connection& on, std::string_view tenant) {
    auto begun = transaction::begin(on);
    if (begun.has_error()) {
        return begun.error();
    }
    const auto set =
        on.exec(statement("select set_config('app.tenant_id', $1::uuid::text, true)"), tenant);
    if (set.has_error()) {
        return set.error();
    }
    return tenant_tx(std::move(*begun));
}

}  // namespace nd::base::pg
