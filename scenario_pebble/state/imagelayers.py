"""The layers in a container's image, which Pebble reads when it starts."""

from __future__ import annotations

import functools

from ..daemon import plan, planlayers, planparse
from ..errors import StateValidationError
from ..filetree import Directory, File, FileTree

LAYERS = '/var/lib/pebble/default/layers'
"""Where Pebble finds them in a container that Juju has made."""


def image_layers(container: str, image: FileTree) -> tuple[plan.Layer, ...]:
    """The layers in an image, lowest first.

    Args:
        container: The container's name.
        image: Its files.

    Raises:
        StateValidationError: If Pebble could not start with them.
    """
    directory = image.find(LAYERS)
    if type(directory) is not Directory:
        return ()
    try:
        return _read(directory)
    except (plan.FormatError, ValueError) as e:
        raise StateValidationError(
            f'cannot read the layers in the image of container {container!r}: {e}\n'
            f"  in: State.containers['{container}'].image[{LAYERS!r}]\n"
            '  hint: Pebble does not start with such an image'
        ) from e


@functools.lru_cache(maxsize=64)
def _read(directory: Directory) -> tuple[plan.Layer, ...]:
    texts: dict[str, str] = {}
    for name, node in directory.entries.items():
        if isinstance(node, Directory):
            for below, file in node.entries.items():
                if isinstance(file, File):
                    texts[f'{name}/{below}'] = file.text
        elif isinstance(node, File):
            texts[name] = node.text
    ordered = planlayers.ordered_layers(texts)
    return tuple(planparse.parse_layer(label, text) for label, text in ordered)
