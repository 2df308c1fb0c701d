"""`/_local-lake/faults`: rules added, listed and removed over HTTP."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from moto.core.request import Request

from local_lake.faults.rule import InvalidRules, read_rules
from local_lake.front.protocol import WireResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from local_lake.faults.rule_book import RuleBook

FAULTS_PATH = "/_local-lake/faults"


def answer_control(rules: RuleBook, environ: WSGIEnvironment) -> WireResponse:
    """Answer one request to FAULTS_PATH.

    GET lists, POST adds a rule or a list of rules (all or none), DELETE removes all or `?id=N`. Answers have
    `faults`; refusals (400, 404, 405) have `error` and, for rules, `mistakes`, each a Mistake.
    """
    method = environ["REQUEST_METHOD"]
    if method == "GET":
        return _json(200, {"faults": rules.to_json()})
    if method == "POST":
        return _add(rules, environ)
    if method == "DELETE":
        return _remove(rules, environ)
    return _json(405, {"error": f"{method} is not for {FAULTS_PATH}; GET, POST and DELETE are"})


def _add(rules: RuleBook, environ: WSGIEnvironment) -> WireResponse:
    try:
        sent = json.loads(Request(environ, populate_request=False).get_data(parse_form_data=False))
    except ValueError as error:
        return _json(400, {"error": f"the body is not JSON: {error}"})
    try:
        return _json(201, {"faults": rules.add(read_rules(sent))})
    except InvalidRules as error:
        return _json(400, {"error": str(error), "mistakes": [asdict(mistake) for mistake in error.mistakes]})


def _remove(rules: RuleBook, environ: WSGIEnvironment) -> WireResponse:
    numbers = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True).get("id")
    if numbers is None:
        return _json(200, {"faults": rules.remove()})
    if not numbers[0].isdecimal():
        return _json(400, {"error": f"id is {numbers[0]!r}, but must be the number of a rule"})
    removed = rules.remove(int(numbers[0]))
    if not removed:
        return _json(404, {"error": f"there is no rule {numbers[0]}"})
    return _json(200, {"faults": removed})


def _json(status: int, value: dict[str, Any]) -> WireResponse:
    return WireResponse(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
