"""How the YAML text of a layer becomes a `Layer`, or Pebble's error."""

from __future__ import annotations

import functools
from typing import Any

from . import plannodes, planschema, planvalidate
from .gotext import quote
from .plan import FormatError, Layer
from .plandecode import DecodeError, Decoder, Problem
from .plannodes import Node


@functools.lru_cache(maxsize=512)
def parse_layer(label: str, text: str) -> Layer:
    """Parse and validate a layer on its own.

    Whether the users of its exec checks exist depends on the container and is left to the caller.

    Raises:
        FormatError: With Pebble's text.
    """
    # Pebble: plan/plan.go ParseLayer
    values: dict[str, Any] = {}
    for name, section in _sections(label, text).items():
        if name not in planschema.SECTIONS:
            raise FormatError(f'cannot parse layer {quote(label)}: unknown section {quote(name)}')
        attribute, field = planschema.SECTIONS[name]
        try:
            value = _decode(name, section, field, text)
        except ValueError as e:
            raise FormatError(f'{_where(label, name)}: {e}') from None
        if value is not None:
            values[attribute] = value
    layer = Layer(label=label, source=text, **values)
    for problem in planvalidate.layer_problems(layer):
        raise FormatError(problem)
    return layer


def _where(label: str, section: str) -> str:
    if section == 'workloads':
        return 'cannot parse the "workloads" section'
    if section == 'pairing':
        return 'cannot parse the pairing section'
    return f'cannot parse layer {quote(label)} section {quote(section)}'


def _sections(label: str, text: str) -> dict[str, Node]:
    decoder = Decoder('')
    sections: dict[str, Node] = {}
    try:
        root = plannodes.compose(text)
        if root is None or root.tag == '!!null':
            return {}
        if root.kind != 'mapping':
            decoder.mismatch(root, 'map[string]yaml.Node')
        elif decoder.has_unique_keys(root):
            sections = {name: value for name, _, value in decoder.entries(root)}
        if decoder.problems:
            raise ValueError(_type_errors(decoder.problems))
    except (ValueError, DecodeError) as e:
        raise FormatError(f'cannot parse layer {quote(label)}: {e}') from None
    return sections


def _decode(name: str, section: Node, field: Any, source: str) -> Any:
    if name == 'pairing' and not section.content:
        return None
    # Pebble decodes the section's text written anew, where it's all there is.
    if section.kind == 'scalar' and section.tag == '!!null' and not section.value:
        raise ValueError('EOF')
    _refuse_foreign_aliases(section)
    decoder = Decoder(name)
    try:
        value = field(decoder, section)
    except DecodeError as e:
        raise ValueError(e.text) from None
    if decoder.problems:
        lines = plannodes.lines_when_rewritten(section, source)
        raise ValueError(_type_errors(decoder.problems, lines))
    return value


def _refuse_foreign_aliases(section: Node) -> None:
    nodes = list(plannodes.walk(section))
    own = set(map(id, nodes))
    for node in nodes:
        if node.target is not None and id(node.target) not in own:
            raise ValueError(f"yaml: unknown anchor '{node.value}' referenced")


def _type_errors(problems: list[Problem], lines: dict[int, int] | None = None) -> str:
    def line(node: Node) -> int:
        return lines.get(id(node), node.line) if lines else node.line

    texts = [f'line {line(problem.node)}: {problem.text}' for problem in problems]
    for number, problem in enumerate(problems):
        if problem.earlier is not None:
            texts[number] += f' at line {line(problem.earlier)}'
    return 'yaml: unmarshal errors:' + ''.join(f'\n  {text}' for text in texts)
