# Text files as string constants of a library, made again whenever the file changes.
#
#     include(${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
#     nd_embed(TARGET nd_schema NAMESPACE nd::schema NAME openapi_yaml FILE openapi.yaml)
#
# defines `const std::string_view nd::schema::openapi_yaml`; the header that declares it (extern) is written by hand. With
# TYPE and HEADER it writes a header instead, whose constexpr constant of that type is known to the compiler: the statements of
# sql/queries. The same file, run with -P at build time, writes the file.
if(CMAKE_SCRIPT_MODE_FILE)
    file(READ "${INPUT}" text)
    if(text MATCHES "\\)nd_embed\"")
        message(FATAL_ERROR "${INPUT} holds the raw string's own end")
    endif()
    if(TYPE)
        file(WRITE "${OUTPUT}" "#pragma once\n\n#include \"${HEADER}\"\n\n"
            "namespace ${NAMESPACE} {\n"
            "inline constexpr ${TYPE} ${NAME}{R\"nd_embed(${text})nd_embed\"};\n"
            "}\n")
        return()
    endif()
    file(WRITE "${OUTPUT}" "#include <string_view>\n\n"
        "namespace ${NAMESPACE} {\n"
        "extern const std::string_view ${NAME};\n"
        "const std::string_view ${NAME} = R\"nd_embed(${text})nd_embed\";\n"
        "}\n")
    return()
endif()

set(ND_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(nd_embed)
    cmake_parse_arguments(E "" "TARGET;NAMESPACE;NAME;FILE;TYPE;HEADER;OUTPUT" "" ${ARGN})
    set(input ${CMAKE_CURRENT_SOURCE_DIR}/${E_FILE})
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${E_NAME}.cpp)
    if(E_OUTPUT)
        set(output ${E_OUTPUT})
    endif()
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DNAMESPACE=${E_NAMESPACE} -DNAME=${E_NAME}
            -DTYPE=${E_TYPE} -DHEADER=${E_HEADER} -P ${ND_EMBED_SCRIPT}
        DEPENDS ${input} ${ND_EMBED_SCRIPT} VERBATIM)
    target_sources(${E_TARGET} PRIVATE ${output})
endfunction()
