// Copyright 2026 mcp_native contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The conformance suite cannot log in. Loaded before it (node --import), this adds the bearer token to every request to
// the server under test, over each of the three ways the suite sends requests: fetch, undici and node:http.
//   MCP_TEST_ORIGIN, MCP_TEST_TOKEN   the server and the token
//   MCP_TEST_SUITE                    a file of the suite, whose undici is to be used
import http from "node:http";
import { createRequire, syncBuiltinESMExports } from "node:module";

const { MCP_TEST_ORIGIN: origin, MCP_TEST_TOKEN: token, MCP_TEST_SUITE: suite } = process.env;
const NAME = "authorization";
const VALUE = `Bearer ${token}`;
const { Agent, setGlobalDispatcher } = createRequire(suite)("undici");

/** Headers as undici takes them (flat list, pairs or object), as a list of pairs. */
function pairs(headers) {
    if (!headers) {
        return [];
    }
    if (Array.isArray(headers) && !Array.isArray(headers[0])) {
        return headers.flatMap((value, index) => (index % 2 ? [] : [[value, headers[index + 1]]]));
    }
    return typeof headers[Symbol.iterator] === "function" ? [...headers] : Object.entries(headers);
}

function authorized(headers) {
    const found = pairs(headers);
    const present = found.some(([name]) => String(name).toLowerCase() === NAME);
    return (present ? found : [...found, [NAME, VALUE]]).flat();
}

setGlobalDispatcher(
    new Agent().compose((dispatch) => (options, handler) => {
        const ours = String(options.origin) === origin;
        return dispatch(ours ? { ...options, headers: authorized(options.headers) } : options, handler);
    })
);

const request = http.request;
http.request = (...parameters) => {
    const sent = request(...parameters);
    if (`${sent.protocol}//${sent.getHeader("host")}` === origin && !sent.hasHeader(NAME)) {
        sent.setHeader(NAME, VALUE);
    }
    return sent;
};
syncBuiltinESMExports();
