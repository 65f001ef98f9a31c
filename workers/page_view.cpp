#include "workers/page_view.hpp"

namespace nd::workers {

page_view::page_view(const schema::tenant_id& tenant, const schema::safe_page& page)
    : tenant_(tenant), page_(page) {
    schema::each_text(page, [this](const schema::page_text& one) {
        const bool is_new =
            places_.try_emplace({one.what, one.role, one.text}, places_.size()).second;
        if (is_new) keys_.add(schema::text_key(tenant_, one));
    });
}

std::optional<schema::model_page> page_view::visible(const std::vector<std::int64_t>& seen) const {
    const auto shown = [&](const schema::page_text& one) {
        return seen.at(places_.at({one.what, one.role, one.text})) != 0;
    };
    auto made = schema::visible_to_model(tenant_, page_, shown);
    if (made.page() == schema::unseen_mark) return std::nullopt;
    return made;
}

}  // namespace nd::workers
