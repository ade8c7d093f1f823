// Copyright 2026 mcp_native contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The protocol's TypeScript SDK with resources, prompts, completions and a tool that reports progress:
// sdk_context.mjs MODULES URL MODE, the key in MCP_KEY, what to ask as JSON on stdin (see sdk_context.py).
// Prints what it saw as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, url, mode] = process.argv.slice(2);
const path = createRequire(`${modules}/`).resolve("@modelcontextprotocol/client");
const { Client, StreamableHTTPClientTransport } = await import(pathToFileURL(path));

const plan = JSON.parse(readFileSync(0, "utf8"));
const client = new Client({ name: "ts", version: "1" }, { versionNegotiation: { mode } });
const headers = { Authorization: `Bearer ${process.env.MCP_KEY}` };
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
const read = [];
for (const uri of plan.uris) {
    read.push((await client.readResource({ uri })).contents[0]);
}
const [template, name, value, context] = plan.complete;
const ref = { type: "ref/resource", uri: template };
const completed = await client.complete({ ref, argument: { name, value }, context: { arguments: context } });
const [prompt, args] = plan.prompt;
const got = await client.getPrompt({ name: prompt, arguments: args });
const progress = [];
const [tool, given] = plan.tool;
const done = await client.callTool(
    { name: tool, arguments: given },
    { onprogress: (step) => progress.push([step.progress, step.total]) },
);
const seen = {
    resources: (await client.listResources()).resources.map((one) => one.uri),
    templates: (await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate),
    prompts: (await client.listPrompts()).prompts.map((one) => one.name),
    read,
    prompt: got.messages[0].content.text,
    completed: completed.completion.values,
    progress,
    answer: done.content[0].text,
};
await client.close();
console.log(JSON.stringify(seen));
