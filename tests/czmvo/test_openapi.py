"""The OpenAPI description: valid, true to the manual, and at one with the rest of the contract."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.readers import read_from_filename

from podatelna.kernel.resources import resource
from tests.czmvo.description import (
    MAIN,
    PARTS,
    description,
    in_order,
    operations,
    part,
    read,
    unfit,
    walk,
    wire,
)
from tests.czmvo.manual import CODES, PRINTED, VARIABLE

CERTAINTIES = {"documented", "observed", "reconstructed"}

# Path, method: what is asked for, and what the answer is called. Mandatory parameters in brackets.
FUNCTIONS = {
    ("/", "get"): {"": "Connection"},
    ("/", "post"): {"": "Connection"},
    ("/", "put"): {"": "Connection"},
    ("/", "delete"): {"": "Connection"},
    ("/alerts/", "get"): {
        "state": "States PageCount",
        "messages": "Messages",
        "file (id)": "File",
        "enumState": "AlertStates",
        "enumRequest": "CannedMessages",
        "group (uprc)": "Group",
        "enumReopenReason": "ReopenReasons",
        "note (uprc)": "Note",
        "enumTypeState": "TypeStates",
        "alcounter (location)": "Counter",
        "alalerts (location)": "LevelThreeAlerts",
        "": "Connection",
    },
    ("/alerts/", "post"): {"PostMessage": "MessageId", "": "Connection"},
    ("/alerts/", "put"): {
        "SetState (uprc state)": "AlertsTouched",
        "SetNote (uprc note)": "NoteSaved",
        "ChangeMessage (id)": "MessageChanged",
        "": "Connection",
    },
    ("/alerts/", "delete"): {
        "DeleteNote (note)": "NoteDeleted",
        "DeleteMessage (id)": "MessageId",
        "": "Connection",
    },
    ("/filter/", "get"): {
        "enumState": "ExceptionStates",
        "product": "Exceptions",
        "verify": "ExceptionVerified",
        "": "Connection",
    },
    ("/filter/", "post"): {
        "ImportExceptions (csv)": "ExceptionsAdded",
        "AddException (validity productCode batch)": "ExceptionsAdded",
        "": "Connection",
    },
    ("/filter/", "put"): {"": "Connection"},
    ("/filter/", "delete"): {"DeleteExceptions": "ExceptionsDeleted", "": "Connection"},
    ("/auth/token/", "post"): {
        "AskForToken (grant_type client_id client_secret)": "Token",
    },
}

# Every parameter that the manual names, by function.
PARAMETERS = {
    "ReadStates": "list uprc latest createdFrom createdTo changedFrom state page resultAs",
    "ReadMessages": "list uprc id changedFrom",
    "ReadFile": "list id resultAs",
    "ReadAlertStates": "list resultAs",
    "ReadCannedMessages": "list resultAs",
    "ReadGroup": "list uprc",
    "ReadReopenReasons": "list",
    "ReadNote": "list uprc from",
    "ReadTypeStates": "list",
    "ReadCounter": "list location",
    "ReadLevelThreeAlerts": "list location from",
    "PostMessage": (
        "uprc public id_parent subject message file filename id_request group group_a only_file"
    ),
    "ChangeMessage": "id public subject message id_request",
    "SetState": "uprc state group group_a id_request id_reason",
    "SetNote": "uprc note private",
    "DeleteMessage": "id",
    "DeleteNote": "note",
    "ReadExceptionStates": "list resultAs",
    "ReadExceptions": "list productCode batch id",
    "VerifyException": "list productCode batch",
    "AddException": "validity state productCode batch",
    "ImportExceptions": "validity state csv",
    "DeleteExceptions": "productCode batch id",
    "AskForToken": "grant_type client_id client_secret",
}


def examples() -> Iterator[tuple[str, Any, Any]]:
    """Every example of the description, with its schema and its way there."""
    for path, node in walk(description()):
        if isinstance(node, dict) and "schema" in node:
            for name, example in node.get("examples", {}).items():
                yield f"{path} {name}", node["schema"], example["value"]
            if "example" in node:
                yield path, node["schema"], node["example"]


def own_examples() -> Iterator[tuple[str, Any, Any]]:
    """Examples and defaults that schemas bring along."""
    places = [(name, part(name)) for name in PARTS if name != "examples"]
    for path, node in (found for name, each in places for found in walk(each, name)):
        if isinstance(node, dict):
            given = node.get("examples")
            values = given if isinstance(given, list) else []
            yield from ((path, node, value) for value in values)
            if "default" in node and "properties" not in path.split()[-1:]:
                yield path, node, node["default"]


def errors_of(schema: Any) -> list[int]:
    """The codes that a refusal's schema allows."""
    consts = [each["properties"]["code"]["const"] for each in schema.get("oneOf", [schema])]
    assert len(consts) == len(set(consts))
    return sorted(consts)


def refusals() -> Iterator[tuple[str, str, Any]]:
    """Name, status and answer of every documented refusal that has an envelope."""
    for path, method, operation in operations():
        for status, answer in operation["responses"].items():
            enveloped = path != "/auth/token/" or status == "500"
            if enveloped and status not in {"200", "429"}:
                yield f"{method} {path} {status}", status, answer


# --- Validity


def test_it_is_valid() -> None:
    document, address = read_from_filename(str(resource("contracts", f"czmvo/{MAIN}")))
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document, base_uri=address).iter_errors()) == []


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))


def test_nothing_lies_idle() -> None:
    """Every schema and example of the files beside is referred to."""
    written = [read(MAIN), *(read(f"openapi/{name}.yaml") for name in PARTS)]
    used = {
        node["$ref"].rpartition("/")[2]
        for each in written
        for _, node in walk(each)
        if isinstance(node, dict) and "$ref" in node
    }
    kept = {name for each in PARTS for name in read(f"openapi/{each}.yaml")}
    assert kept - used == set()


# --- Examples


def test_examples_fit_their_schemas() -> None:
    found = [(path, unfit(schema, value)) for path, schema, value in examples()]
    assert len(found) > 100
    assert [each for each in found if each[1]] == []


def test_examples_of_schemas_fit_them() -> None:
    found = [(path, unfit(schema, value)) for path, schema, value in own_examples()]
    assert len(found) > 20
    assert [each for each in found if each[1]] == []


def test_all_examples_of_the_manual_are_here() -> None:
    """E5, the bare envelope, is a schema."""
    names = set(part("examples")) | {"E5_answer"}
    parameters = {
        name
        for path, node in walk(description())
        if path.endswith("examples") and isinstance(node, dict)
        for name in node
    }
    numbers = {int(name[1:].partition("_")[0]) for name in names | parameters if name[0] == "E"}
    assert numbers == set(range(1, 32))


@pytest.mark.parametrize("name", PRINTED)
def test_an_example_is_as_printed(name: str) -> None:
    assert wire(part("examples")[name]["value"]) == PRINTED[name]


def test_all_answers_are_compared() -> None:
    answered = {name for name in part("examples") if "_answer" in name or "_refusal" in name}
    assert answered == set(PRINTED)


def test_members_are_listed_in_the_order_of_the_wire() -> None:
    found = [(path, in_order(schema, value), value) for path, schema, value in examples()]
    answered = [each for each in found if "responses" in each[0] and isinstance(each[2], dict)]
    assert len(answered) > 30
    assert [path for path, ordered, value in answered if wire(ordered) != wire(value)] == []


# --- Codes


def test_all_codes_are_described() -> None:
    described = {
        error["properties"]["code"]["const"]: key
        for key, error in part("errors").items()
        if key.islower()
    }
    assert described == {number: key for number, (key, *_) in CODES.items()}
    undefined = description()["info"]["x-undefined-codes"]
    assert sorted([0, *described, *undefined]) == list(range(41))


@pytest.mark.parametrize("number", CODES)
def test_a_code_has_its_texts_and_no_others(number: int) -> None:
    key, status, *texts = CODES[number]
    schema = part("errors")[key]
    assert schema["x-http-status"] == status
    result = {"result": {"uprc": ["CZ-0VR-Y94-KK5-6FJ"]}} if number == 40 else {}
    for text in texts:
        message = text.format(VARIABLE.get(number, ""))
        refusal = {"status": "error", "code": number, "message": message} | result
        assert unfit(schema, refusal) == []
        for wrong in ({"code": number + 1}, {"message": message + "!"}, {"status": "ok"}, {"x": 1}):
            assert unfit(schema, refusal | wrong) != []
    bare = {"status": "error", "code": number, "message": texts[0].format(VARIABLE.get(number, ""))}
    assert (unfit(schema, bare) == []) == (number != 40)


@pytest.mark.parametrize("number", CODES)
def test_certainty_of_a_code(number: int) -> None:
    """Our copy of the manual keeps number and status up to 24, and beyond only the number 40."""
    status = "documented" if number <= 24 else "reconstructed"
    code = "documented" if number == 40 else status
    text = "reconstructed" if number == 5 else "documented"
    schema = part("errors")[CODES[number][0]]
    evidence = {"code": code, "text": text, "status": status, "text_en": "reconstructed"}
    assert (schema["x-evidence"], schema["x-certainty"]) == (evidence, code)


def test_a_code_comes_with_its_status_only() -> None:
    given = {
        (number, int(status))
        for _, status, answer in refusals()
        for number in errors_of(answer["content"]["application/json"]["schema"])
    }
    assert given == {(number, status) for number, (_, status, *_) in CODES.items()}


def test_a_refusal_tells_its_codes() -> None:
    for name, _, answer in refusals():
        told = [int(number) for number in re.findall(r"\d+", answer["description"])]
        assert told == errors_of(answer["content"]["application/json"]["schema"]), name


# --- Functions


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_functions(path: str, method: str, operation: Any) -> None:
    asked = FUNCTIONS[path, method]
    assert list(requests(operation)) == [name for name in asked if name]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    wanted = list(dict.fromkeys(" ".join(asked.values()).split()))
    results = part("results")
    given = [
        name for each in answer.get("oneOf", [answer]) for name in results if results[name] == each
    ]
    assert sorted(given) == sorted(wanted)


def requests(operation: Any) -> Iterator[str]:
    """What can be asked for, as FUNCTIONS has it."""
    if "requestBody" not in operation:
        return
    (media,) = operation["requestBody"]["content"].values()
    schema = media["schema"]
    known = part("requests")
    for each in alternatives(schema):
        named = next(name for name in known if known[name] == each)
        chosen = each["properties"].get("list", {}).get("const")
        required = " ".join(name for name in each.get("required", ()) if name != "list")
        yield (chosen or named) + (f" ({required})" if required else "")


def alternatives(schema: Any) -> list[Any]:
    """The requests that a body may be. An anyOf beside properties tells what must be given."""
    if "properties" in schema:
        return [schema]
    found: list[Any] = schema.get("oneOf") or schema["anyOf"]
    return found


def test_all_functions_are_there() -> None:
    assert {(path, method) for path, method, _ in operations()} == set(FUNCTIONS)


def test_parameters_of_the_functions() -> None:
    found = {
        name: " ".join(schema["properties"])
        for name, schema in part("requests").items()
        if "properties" in schema
    }
    assert found == PARAMETERS


@pytest.mark.parametrize("path", ["/alerts/", "/filter/"])
def test_what_a_body_takes_the_url_takes_too(path: str) -> None:
    for method in ("get", "delete"):
        operation = description()["paths"][path][method]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        named = {name for each in alternatives(schema) for name in each["properties"]}
        parameters = {each["name"].removesuffix("[]") for each in operation["parameters"]}
        assert parameters == named


def test_functions_of_a_list_are_told_apart() -> None:
    for path in ("/alerts/", "/filter/"):
        operation = description()["paths"][path]["get"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        (given,) = [each for each in operation["parameters"] if each["name"] == "list"]
        assert list(schema["discriminator"]["mapping"]) == given["schema"]["enum"]
        chosen = [each["properties"]["list"]["const"] for each in schema["oneOf"]]
        assert chosen == given["schema"]["enum"]


# --- Answers


def test_every_answer_tells_the_versions() -> None:
    names = ["amscz-version", "amscz-supported-versions", "amscz-deprecated-versions"]
    for path, method, operation in operations():
        for status, answer in operation["responses"].items():
            required = [name for name, each in answer["headers"].items() if each.get("required")]
            assert required == names, (path, method, status)


def test_every_operation_has_its_common_answers() -> None:
    for path, method, operation in operations():
        common = {"200", "400", "429", "500"}
        if path != "/auth/token/":
            common |= {"406"} | ({"404"} if path == "/" else {"401"})
        assert common <= set(operation["responses"]), (path, method)


def test_too_many_requests_have_no_body() -> None:
    assert all("content" not in operation["responses"]["429"] for *_, operation in operations())


# --- Certainty


def test_everything_has_certainty_and_source() -> None:
    named = {
        f"{name} {key}": each
        for name in ("requests", "results", "errors")
        for key, each in part(name).items()
        if "properties" in each or "allOf" in each
    }
    named |= {f"{path} {method}": each for path, method, each in operations()}
    components = description()["components"]
    for kind in ("securitySchemes", "parameters", "headers"):
        named |= {f"{kind} {key}": each for key, each in components[kind].items()}
    lacking = [name for name, each in named.items() if not each.get("x-source")]
    unknown = [name for name, each in named.items() if each.get("x-certainty") not in CERTAINTIES]
    assert (lacking, unknown) == ([], [])


def test_certainties_are_the_three_words() -> None:
    words = {
        node
        for path, node in walk(description())
        if path.endswith("x-certainty") and isinstance(node, str)
    }
    assert words <= CERTAINTIES


# --- The contract beside


def contract(name: str) -> Any:
    path = resource("contracts", f"czmvo/{name}")
    return yaml.safe_load(path.read_text("utf-8"))


def test_the_catalogue_has_the_same_codes_and_texts() -> None:
    found = {
        entry["number"]: (key, entry["status"], entry["text"], entry["text_en"])
        for key, entry in contract("errors.yaml").items()
        if entry["number"]
    }
    plain = {
        number: (*entry[:2], *(re.sub(r"\{\w+\}", "{}", text) for text in entry[2:]))
        for number, entry in found.items()
    }
    assert plain == CODES


def test_the_catalogue_says_the_same_of_certainty() -> None:
    entries = contract("errors.yaml")
    for key, error in part("errors").items():
        if key in entries:
            assert error["x-evidence"] == entries[key]["evidence"], key
            assert error["x-certainty"] == entries[key]["certainty"], key


def test_the_settings_named_exist() -> None:
    known = set(contract("service.yaml")["settings"])
    named = {
        setting.strip()
        for path, node in walk(description())
        if path.endswith("x-setting") and isinstance(node, str)
        for setting in node.split(",")
    }
    assert named - known == set()
