# Runs in the page, on MicroPython: the border between the page's JSON and the grader.
import sys

sys.path.append("/")

import json

import grading


def call(text):
    item, answer, certainty = json.loads(text)
    try:
        return json.dumps({"result": grading.grade(item, answer, certainty)})
    except grading.AnswerError as error:
        return json.dumps({"error": str(error), "kind": "AnswerError"})
    except ValueError as error:
        return json.dumps({"error": str(error), "kind": "ValueError"})
