"""How YAML text becomes nodes, with the syntax errors and the line numbers that go-yaml reports.

Pebble decodes each section of a layer from the section's text written anew, so its errors count
lines in *that* text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Literal

import yaml

from . import planscalar

_yaml: Any = yaml  # whose annotations are incomplete
_LOADER = getattr(_yaml, 'CSafeLoader', yaml.SafeLoader)
_TAG_PREFIX = 'tag:yaml.org,2002:'
_MAX_DEPTH = 100
"""Far deeper than any layer; go-yaml goes on to 10,000, which Python's stack doesn't hold."""


def _no_nodes() -> list[Node]:
    return []


@dataclasses.dataclass(slots=True, eq=False)
class Node:
    """A node of a YAML document."""

    kind: Literal['scalar', 'sequence', 'mapping', 'alias']
    tag: str = ''
    """The short tag, resolved if none was written."""
    value: str = ''
    """The text of a scalar, the name of an alias."""
    line: int = 0
    """In the source, from 1."""
    style: str | None = None
    """How a scalar is written: ``'``, ``"``, ``|``, ``>``, or None for plain."""
    is_flow: bool = False
    is_marked: bool = False
    """It has an anchor or a written tag, which stand where the node begins."""
    content: list[Node] = dataclasses.field(default_factory=_no_nodes)
    """Items of a sequence; keys and values of a mapping by turns."""
    target: Node | None = None
    """What an alias stands for."""

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Keys and values of a mapping."""
        items = iter(self.content)
        return zip(items, items, strict=True)


def compose(text: str) -> Node | None:
    """The first document of a YAML text; None if there is none.

    Raises:
        ValueError: With go-yaml's text, which begins with ``yaml:``.
    """
    try:
        events: Iterator[Any] = _yaml.parse(text, Loader=_LOADER)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                root = _compose(events, next(events), {}, _MAX_DEPTH)
                next(events)  # the document's end, which may be in error
                return root
    except yaml.YAMLError as e:
        raise ValueError(f'yaml: {_syntax_error(e)}') from e
    return None


def _compose(events: Iterator[Any], event: Any, anchors: dict[str, Node], depth: int) -> Node:
    line: int = event.start_mark.line + 1
    if not depth:
        raise ValueError('yaml: exceeded max depth of 10000')
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            raise ValueError(f"yaml: unknown anchor '{event.anchor}' referenced")
        return Node('alias', value=event.anchor, line=line, target=anchors[event.anchor])
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or None
        node = Node('scalar', value=event.value, line=line, style=style)
        node.tag = _written_tag(event.tag) or _scalar_tag(node)
    elif isinstance(event, yaml.SequenceStartEvent):
        node = Node('sequence', _written_tag(event.tag) or '!!seq', line=line)
        node.is_flow = bool(event.flow_style)
    else:
        node = Node('mapping', _written_tag(event.tag) or '!!map', line=line)
        node.is_flow = bool(event.flow_style)
    node.is_marked = bool(event.anchor or event.tag)
    if event.anchor:
        anchors[event.anchor] = node
    if node.kind != 'scalar':
        while not isinstance(child := next(events), yaml.CollectionEndEvent):
            node.content.append(_compose(events, child, anchors, depth - 1))
    return node


def _written_tag(tag: str | None) -> str:
    if not tag or tag == '!':
        return ''
    return '!!' + tag[len(_TAG_PREFIX) :] if tag.startswith(_TAG_PREFIX) else tag


def _scalar_tag(node: Node) -> str:
    if node.style is not None:
        return '!!str'
    return '!!merge' if node.value == '<<' else planscalar.resolve(node.value)[0]


def _syntax_error(error: yaml.YAMLError) -> str:
    # go-yaml: decode.go parser.fail
    if not isinstance(error, yaml.MarkedYAMLError):
        return str(getattr(error, 'reason', error))
    line = 0
    for mark in (error.context_mark, error.problem_mark):
        if mark is not None and mark.line:
            line = mark.line + isinstance(error, _yaml.scanner.ScannerError)
            break
    return f'line {line}: {error.problem}' if line else str(error.problem)


def lines_when_rewritten(section: Node, source: str) -> dict[int, int]:
    """The line of each node (by its ``id``) in the text of a section that go-yaml writes anew.

    Block collections take a line for each entry, flow collections one line; comments are kept,
    blank lines aren't.
    """
    lines: dict[int, int] = {}
    _lay_out(section, 1, lines)
    texts = ['', *(line.strip() for line in source.splitlines())]
    begin = section.line
    while texts[begin - 1][:1] == '#' or (begin > 1 and not texts[begin - 1]):
        begin -= 1  # comments above the first entry belong to it
    for node in walk(section):
        lines[id(node)] += sum(text[:1] == '#' for text in texts[begin : node.line])
    return lines


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it; aliases aren't followed."""
    yield node
    for child in node.content:
        yield from walk(child)


def _lay_out(node: Node, line: int, lines: dict[int, int]) -> int:
    """Place a node at a line; the first line after it."""
    lines[id(node)] = line
    if node.kind == 'scalar':
        return line + _height(node)
    if node.is_flow or node.kind == 'alias':
        for child in walk(node):
            lines[id(child)] = line
        return line + 1
    if node.kind == 'sequence':
        for item in node.content:
            line = _lay_out(item, line, lines)
        return line
    for key, value in node.pairs():
        lines[id(key)] = line
        is_block = value.kind in ('sequence', 'mapping') and not value.is_flow
        after = _lay_out(value, line + is_block, lines)
        if is_block and value.is_marked:
            lines[id(value)] = line
        line = after
    return line


def _height(scalar: Node) -> int:
    if scalar.style in ('|', '>'):
        return 1 + len(scalar.value.removesuffix('\n').split('\n'))
    if scalar.style == "'":
        return 1 + 2 * scalar.value.count('\n')
    return 1
