// Copyright 2026 mcp_native contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The protocol's TypeScript SDK as a client: sdk_client.mjs MODULES URL MODE, the key in MCP_KEY, the calls as JSON on
// stdin. Prints what it saw as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, url, mode] = process.argv.slice(2);
const path = createRequire(`${modules}/`).resolve("@modelcontextprotocol/client");
const { Client, StreamableHTTPClientTransport } = await import(pathToFileURL(path));

const client = new Client({ name: "ts", version: "1" }, { versionNegotiation: { mode } });
const headers = { Authorization: `Bearer ${process.env.MCP_KEY}` };
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
const { tools } = await client.listTools();
const results = [];
for (const [name, args] of JSON.parse(readFileSync(0, "utf8"))) {
    results.push(await client.callTool({ name, arguments: args }));
}
const progress = [];
const onprogress = (step) => progress.push(step.progress);
await client.callTool({ name: "test_tool_with_progress", arguments: {} }, { onprogress });
const version = client.getNegotiatedProtocolVersion();
await client.close();
console.log(JSON.stringify({ version, tools: tools.map((tool) => tool.name), results, progress }));
