"""How are files written: by path, with content, mode, owner and time; those that lie over the
image?
"""

from __future__ import annotations

from typing import Any, get_args

from ...dataclass import dataclass
from ...filenode import SpecialKind
from ...filetree import Directory, File, FileTree, Node, Special, Symlink
from .collection import Entries, Kinds
from .form import Form
from .overlay import Differences, differences, lay_over
from .record import ABSENT, Part, Record
from .scalar import BYTES, TEXT, WHOLE
from .spelt import NANOSECONDS, OneOf, Spelt


def _mode(text: str) -> int:
    if not 3 <= len(text) <= 4:
        raise ValueError(text)
    return int(text, 8)


_MODE = Spelt(int, 'permissions, as three or four octal digits', '"644"', '{:03o}'.format, _mode)

_OWNED: dict[str, Part] = {
    'user': Part(TEXT, optional=True),
    'user_id': Part(WHOLE, optional=True),
    'group': Part(TEXT, optional=True),
    'group_id': Part(WHOLE, optional=True),
    'mtime': Part(NANOSECONDS, 0),
}

_FIELDS = {'content': 'data', 'type': 'kind', 'mtime': 'mtime_ns'}
"""Where a key has another name than the field of the node."""


class NodeRecord(Record):
    """One kind of node."""

    def __init__(self, kind: type[Node], **parts: Part):
        self._fields: dict[str, Part] = {**parts, **_OWNED}
        super().__init__(kind, lambda: self._fields)

    def _values(self, value: Node) -> dict[str, Any]:
        shown = {key: getattr(value, _FIELDS.get(key, key), ABSENT) for key in self._fields}
        # Beside its user's numbers and names, only those are written that don't follow.
        follows = Symlink('', user=value.user, user_id=value.user_id)
        if (value.group, value.group_id) == (follows.group, follows.group_id):
            shown['group'] = shown['group_id'] = ABSENT
        if (value.user, value.user_id) == ('root', 0):
            shown['user'] = shown['user_id'] = ABSENT
        return shown

    def _build(self, values: dict[str, Any]) -> Node:
        return self._kind(**{_FIELDS.get(key, key): value for key, value in values.items()})


class Gone(Record):
    """In place of a node: nothing is there, though the image has something."""

    def __init__(self) -> None:
        super().__init__(type(None), dict)

    def _build(self, values: dict[str, Any]) -> None:
        return None


_NODES = Entries(
    TEXT,
    Kinds(
        {
            'file': NodeRecord(File, content=Part(BYTES, b''), mode=Part(_MODE, 0o644)),
            'directory': NodeRecord(Directory, mode=Part(_MODE, 0o755)),
            'symlink': NodeRecord(Symlink, target=Part(TEXT)),
            'special': NodeRecord(
                Special,
                type=Part(OneOf.of_literals(get_args(SpecialKind)), 'named-pipe'),
                mode=Part(_MODE, 0o644),
            ),
            'nothing': Gone(),
        },
        usual='file',
    ),
    dict,
)


@dataclass(frozen=True)
class Overlay:
    """A tree, and the image that it lies over."""

    image: FileTree
    tree: FileTree


class Files(Form):
    """Files by path."""

    wanted = 'an object of files by path'
    example = '{"/etc/app.conf": {"content": "port = 80"}}'

    def reads(self, data: Any) -> bool:
        return isinstance(data, dict)


class OverlayForm(Files):
    """What of a tree differs from its image. Read as the differences."""

    def takes(self, value: Any) -> bool:
        return isinstance(value, Overlay)

    def _encode(self, value: Overlay) -> Any:
        return _NODES.encode(dict(differences(value.image, value.tree)))

    def _decode(self, data: Any) -> Differences:
        return _NODES.decode(data)

    def leaves_out(self, value: Overlay, default: Any) -> bool:
        return _are_same(value.image, value.tree)


class ImageForm(Files):
    """The files of an image, which lies over nothing."""

    def takes(self, value: Any) -> bool:
        return isinstance(value, FileTree)

    def _encode(self, value: FileTree) -> Any:
        return _NODES.encode(dict(differences(_NO_FILES, value)))

    def _decode(self, data: Any) -> FileTree:
        return lay_over(_NO_FILES, _NODES.decode(data))

    def leaves_out(self, value: FileTree, default: Any) -> bool:
        return _are_same(_NO_FILES, value)


def _are_same(image: FileTree, tree: FileTree) -> bool:
    return tree is image or next(differences(image, tree), None) is None


_NO_FILES = FileTree()
