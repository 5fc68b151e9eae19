// Calls functions of the course's modules on the page's interpreter: MicroPython on WebAssembly, started once.
//
//     node page_modules.mjs <micropython.mjs of the npm package> <module.py>...
//
// A line in is JSON, [module, function, [arguments]]; a line out is {"result": …} or {"error": name, "message": …}.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [packagePath, ...modulePaths] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(packagePath).href);
const runtime = await loadMicroPython({ heapsize: 2 * 1024 * 1024 }); // as in the page
for (const path of modulePaths) runtime.FS.writeFile(`/${basename(path)}`, readFileSync(path, "utf8"));
runtime.runPython(`
import json, sys
sys.path.append("/")

def call(line):
    module, function, arguments = json.loads(line)
    try:
        return json.dumps({"result": getattr(__import__(module), function)(*arguments)})
    except Exception as error:
        return json.dumps({"error": type(error).__name__, "message": str(error)})
`);
const call = runtime.globals.get("call");

// Not node:readline, which also splits at U+2028: JSON lets it stand in a string.
let rest = "";
process.stdin.setEncoding("utf8");
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) process.stdout.write(`${call(line)}\n`);
}
