// Grades with the page's interpreter: MicroPython on WebAssembly, started once.
//
//     node micropython.mjs <micropython.mjs of the npm package> <grading.py>
//
// A line in is JSON, [item, answer, certainty]; a line out is one of
// {"result": …}, {"answer_error": message}, {"item_error": message}, {"other": what went wrong}.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [packagePath, graderPath] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(packagePath).href);
const runtime = await loadMicroPython({ heapsize: 4 * 1024 * 1024 });
runtime.FS.writeFile("/grading.py", readFileSync(graderPath, "utf8"));
runtime.runPython(`
import json, sys
sys.path.append("/")
import grading

def call(line):
    try:
        item, answer, certainty = json.loads(line)
    except ValueError:
        return '{"other": "not JSON to MicroPython"}'
    try:
        out = {"result": grading.grade(item, answer, certainty)}
    except grading.AnswerError as error:
        out = {"answer_error": str(error)}
    except ValueError as error:
        out = {"item_error": str(error)}
    except Exception as error:
        out = {"other": type(error).__name__}
    return json.dumps(out)
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
