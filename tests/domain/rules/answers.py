"""Every way in which a check can answer, read from the source of its predicate, so that none stays untested or mute."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from cotutelle.domain.check import CHECKS
from cotutelle.domain.rules import MODULES

PLACE_OF_SAY = {"Outcome": 1, "met": 1, "aside": 0}


def texts(node: ast.expr, body: ast.FunctionDef) -> Iterator[str]:
    """The texts that an expression may be: itself, both ends of a choice, what a name was given."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from texts(node.body, body)
            yield from texts(node.orelse, body)
        case ast.Name():
            for each in ast.walk(body):
                if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id:
                    yield from texts(each.value, body)


def direct(body: ast.FunctionDef) -> Iterator[str]:
    """What a function says itself."""
    for call in ast.walk(body):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if call.func.id == "unknown":
            yield "unknown"
        elif call.func.id in PLACE_OF_SAY:
            at = PLACE_OF_SAY[call.func.id]
            yield from texts(call.args[at], body) if len(call.args) > at else ("aside",)


@cache
def functions(module: ModuleType) -> dict[str, ast.FunctionDef]:
    """The functions of a module by name."""
    tree = ast.parse(inspect.getsource(module))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def reached(name: str, known: dict[str, ast.FunctionDef]) -> set[str]:
    """A function and those of its module that it calls, in however many steps."""
    found, left = set(), [name]
    while left:
        here = left.pop()
        if here in known and here not in found:
            found.add(here)
            left += [node.id for node in ast.walk(known[here]) if isinstance(node, ast.Name)]
    return found


def answers(check: str) -> set[str]:
    """The names of the sentences with which a check may answer."""
    known = functions(next(m for m in MODULES if m.__name__ == CHECKS[check].predicate.__module__))
    return {say for each in reached(check, known) for say in direct(known[each])}
