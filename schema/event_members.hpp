// One event under the cursor: its members, by name, each judged as it comes. The same walk serves
// the batch at the edge and the single record at the writer. Knows nothing of now, of other events,
// or of bytes that are not UTF-8.
#pragma once

#include "schema/event.hpp"
#include "schema/json_cursor.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nd::schema {

struct event_fault {
    event_code code = event_code::not_an_object;
    std::string detail;
};

struct event_draft {
    event_view view;
    std::string_view id_text;          // event_id as it was given, if it was a text
    std::optional<event_fault> fault;  // the first one; the view is complete only without

    // The other members of the view are set by every event that is accepted.
    void clear() noexcept {
        view.session_id.reset();
        view.user_id.reset();
        view.page.reset();
        view.properties = "{}";
        id_text = {};
        fault.reset();
    }

    // Keeps the first fault: one sentence to fix at a time.
    void refuse(event_code code, std::string detail) {
        if (!fault) fault = event_fault{code, std::move(detail)};
    }
};

// Reads one value, whatever it is. false: the text is not JSON (see cursor.error()); else `draft`
// holds an event or the reason why this is none.
[[nodiscard]] bool read_event(json_cursor& cursor, event_draft& draft);

}  // namespace nd::schema
