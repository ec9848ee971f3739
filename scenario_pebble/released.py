"""What ops would keep for ever of a run that is over.

This is one of the modules that know names which ops keeps private.  It relies on:

- ``ops.framework.ObjectEvents._cache``: what ``on`` gives for each object of the charm, by weak
  references to the objects, to which the values lead back;
- ``ops.framework.Framework._objects``: all live objects of a framework, by their paths.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import Any

import ops


def release(framework: ops.Framework) -> None:
    """Let the events of a framework's objects belong to the objects, not to their classes.

    A process of ops ends with its run.  In one that makes many, ``on`` of each class would keep
    every charm, and all that it refers to, as long as the class lives.
    """
    objects: Any = framework._objects
    for reference in objects.valuerefs():
        events = reference()
        if isinstance(events, ops.ObjectEvents):
            parent = events.handle.parent
            emitter = framework if parent is None else objects.get(parent.path)
            if emitter is not None:
                _move(events, emitter)


def _move(events: ops.ObjectEvents, emitter: Any) -> None:
    for cls in type(emitter).__mro__:
        shared = cls.__dict__.get('on')
        if isinstance(shared, ops.ObjectEvents):
            if shared._cache.pop(emitter, None) is events:
                emitter.__dict__['on'] = events
            return
