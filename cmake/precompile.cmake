# Precompiled: what most files include and what takes longest to parse. Two of them, because the tests are optimised less and a precompiled
# header serves one set of options. Included last, when every target is there.
set(precompiled <algorithm> <chrono> <functional> <map> <memory> <optional> <span> <sstream> <string> <string_view> <unordered_map>
    <vector> <boost/json/value.hpp> <fmt/format.h>)

# Those that link too little to share a precompiled header.
set(not_precompiled nd_allocator nd_test_main)

function(nd_precompile folder first)
    get_property(targets DIRECTORY ${CMAKE_SOURCE_DIR}/${folder} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target ${targets})
        get_target_property(type ${target} TYPE)
        if(type MATCHES "STATIC_LIBRARY|EXECUTABLE" AND NOT target STREQUAL first AND NOT target IN_LIST not_precompiled)
            target_precompile_headers(${target} REUSE_FROM ${first})
        endif()
    endforeach()
    get_property(folders DIRECTORY ${CMAKE_SOURCE_DIR}/${folder} PROPERTY SUBDIRECTORIES)
    foreach(inner ${folders})
        cmake_path(RELATIVE_PATH inner BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
        nd_precompile(${inner} ${first})
    endforeach()
endfunction()

target_precompile_headers(nd_base PRIVATE ${precompiled})
foreach(folder base schema model sql ingest workers ops bench)
    if(IS_DIRECTORY ${CMAKE_SOURCE_DIR}/${folder})
        nd_precompile(${folder} nd_base)
    endif()
endforeach()
target_precompile_headers(nd_test_support PRIVATE ${precompiled})
nd_precompile(tests nd_test_support)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # It forgets which headers are the system's, and takes a short string's buffer inside them for overrun.
    target_compile_options(nd_options INTERFACE -Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow)
endif()
