"""The plan manager: which layers there are, and what they say together."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence

from ..frozen import FrozenDict
from . import plancombine, plancommand, planlayers, planparse, users
from .gotext import quote
from .plan import EMPTY_PLAN, ExecCheck, FormatError, Layer, Plan, PlanError, Service, Workload


def _ignore(plan: Plan) -> None:
    """Nobody wants to know."""


class PlanManager:
    """Holds the layers, from the lowest up, and the plan that they make.

    Args:
        layers: What is there from the start.
        known: Where the users of exec checks and workloads are looked up; None: all exist.
        changed: Called with the new plan after each layer that was added.
    """

    # Pebble: overlord/planstate/manager.go

    def __init__(
        self,
        layers: Sequence[Layer] = (),
        known: users.Known | None = None,
        changed: Callable[[Plan], None] = _ignore,
    ):
        self.layers: tuple[Layer, ...] = ()
        self.plan: Plan = EMPTY_PLAN
        self._changed = changed
        self._known = known or users.known(None)
        self.reset(layers)

    def reset(self, layers: Sequence[Layer]) -> None:
        """Forget all layers but these; nobody is told."""
        self.layers = tuple(layers)
        self.plan = plancombine.plan_of(self.layers)

    def assume(self, layers: Sequence[Layer]) -> None:
        """Take these to be the layers, whatever was there before."""
        self.reset(layers)
        self._changed(self.plan)

    def load_layer_files(self, files: Mapping[str, str]) -> None:
        """Start from the layer files of the image.

        Args:
            files: Text by path below the ``layers`` directory.

        Raises:
            FormatError: With what the daemon says when it can't start.
        """
        try:
            layers = [self.parse(*found) for found in planlayers.ordered_layers(files)]
            self.reset(layers)
        except (FormatError, ValueError) as e:
            raise FormatError(f'cannot load plan: {e}') from None

    def parse(self, label: str, text: str) -> Layer:
        """The layer that a YAML text describes.

        Raises:
            FormatError: If it's invalid, whatever lies below it.
        """
        layer = planparse.parse_layer(label, text)
        for name, check in layer.checks.items():
            if check.exec is not None:
                self._look_up(check.exec, f'plan check {quote(name)} has invalid user/group')
        return layer

    def _look_up(self, owned: ExecCheck | Workload, complaint: str) -> None:
        try:
            users.resolve(self._known, owned.user_id, owned.user, owned.group_id, owned.group)
        except users.OwnerError as e:
            raise FormatError(f'{complaint}: {e}') from None

    def append(self, layer: Layer, *, inner: bool = False) -> None:
        """Add a layer with a new label.

        Args:
            layer: The layer.
            inner: Whether it may be inserted below existing layers, into its sub-directory.

        Raises:
            FormatError: If the label exists or the combined plan is invalid.
            PlanError: If the layer would be inserted without *inner*.
        """
        if self._find(layer.label) is not None:
            raise FormatError(f'layer {quote(layer.label)} already exists')
        self._insert(layer, inner)

    def combine(self, layer: Layer, *, inner: bool = False) -> None:
        """Combine a layer into the one with the same label, or add it if there's none.

        Args:
            layer: The layer.
            inner: See `append`.

        Raises:
            FormatError: If the combined plan is invalid.
            PlanError: If the layer would be inserted without *inner*.
        """
        at = self._find(layer.label)
        if at is None:
            self._insert(layer, inner)
            return
        combined = plancombine.combine_into(self.layers[at], layer)
        self._change((*self.layers[:at], combined, *self.layers[at + 1 :]))

    def set_service_args(self, arguments: Mapping[str, Sequence[str]]) -> None:
        """Replace the default arguments of services, as ``pebble run --args`` does at the start.

        Raises:
            FormatError: If a service isn't in the plan.
        """
        services: dict[str, Service] = {}
        for name, args in arguments.items():
            if name not in self.plan.services:
                raise FormatError(f'service {quote(name)} not found in plan')
            base, _ = plancommand.parse(self.plan.services[name].command)
            group = f' [ {shlex.join(args)} ]' if args else ''
            command = shlex.join(base) + group
            services[name] = Service(name=name, override='merge', command=command)
        added = Layer(label='pebble-service-args', services=FrozenDict(services))
        self.reset((*self.layers, added))

    def _find(self, label: str) -> int | None:
        for at, layer in enumerate(self.layers):
            if layer.label == label:
                return at
        return None

    def _insert(self, layer: Layer, inner: bool) -> None:
        at = self._place(layer.label)
        if at != len(self.layers) and not inner:
            raise PlanError("cannot insert sub-directory layer without 'inner' attribute set")
        self._change((*self.layers[:at], layer, *self.layers[at:]))

    def _place(self, label: str) -> int:
        """A layer goes above the highest one of its sub-directory, or else on top."""
        directory = label.partition('/')[0]
        for at in range(len(self.layers), 0, -1):
            if self.layers[at - 1].label.partition('/')[0] == directory:
                return at
        return len(self.layers)

    def _change(self, layers: tuple[Layer, ...]) -> None:
        plan = plancombine.plan_of(layers)
        if plan.workloads != self.plan.workloads:
            raise FormatError('cannot change immutable section "workloads"')
        for name, workload in plan.workloads.items():
            self._look_up(workload, f'workload {quote(name)}')
        self.layers = layers
        self.plan = plan
        self._changed(plan)
