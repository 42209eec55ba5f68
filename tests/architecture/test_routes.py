"""Each route's service takes the fields of its payload by their names: a type checker does not see the call."""

import inspect

import pytest

from handlers.routes import find_routes
from handlers.routing import Route

SIDE_RESULT = "found"  # the parameter by which a service gets what ran beside it


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
