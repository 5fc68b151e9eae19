# Runs in the page, on MicroPython: the border between the page's JSON and the course's modules.
import sys

sys.path.append("/")

import json

import grading
import progress
import record


def read(data):
    events, set_aside = record.read(data)
    return {"events": events, "set_aside": set_aside}


FUNCTIONS = {
    "grade": grading.grade,
    "summary": progress.summary,
    "read": read,
    "export": record.export,
}


def call(text):
    name, args = json.loads(text)
    try:
        return json.dumps({"result": FUNCTIONS[name](*args)})
    except ValueError as error:
        return json.dumps({"error": str(error), "kind": type(error).__name__})
