"""Each route's and each endpoint's service takes what is read for it by name: a type checker does not see the call."""

import inspect
import re

import pytest

from handlers.routes import find_routes
from handlers.routing import Route
from web.api.endpoint import AnswerWay, Endpoint
from web.api.table import ENDPOINTS

SIDE_RESULT = "reading"  # the parameter by which a service gets what ran beside it


@pytest.mark.parametrize("route", find_routes(), ids=lambda route: route.payload.__name__)
def test_a_service_takes_the_fields_of_its_payload(route: Route):
    parameters = inspect.signature(route.service).parameters
    passed = {"act", *route.payload.model_fields} | ({SIDE_RESULT} if route.beside is not None else set())
    accepts_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    required = {
        name for name, each in parameters.items() if each.default is each.empty and each.kind is not each.VAR_KEYWORD
    }
    assert accepts_any or passed - {"act"} <= set(parameters)
    assert len(required - passed) <= 1  # the act itself, whatever its name


SERVED = [endpoint for endpoint in ENDPOINTS if endpoint.way is AnswerWay.SERVICE]


@pytest.mark.parametrize("endpoint", SERVED, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_a_service_takes_what_its_address_and_body_name(endpoint: Endpoint):
    parameters = inspect.signature(endpoint.service).parameters
    read = set(re.findall(r"{(\w+)}", endpoint.path))
    for part in (endpoint.query, endpoint.body):
        read |= set(part.model_fields) if part is not None else set()
    assert read <= set(parameters) or any(each.kind is each.VAR_KEYWORD for each in parameters.values())
