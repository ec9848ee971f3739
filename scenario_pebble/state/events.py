"""The events that a test can run: the class behind ``ctx.on``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn, cast

import ops

from ..errors import closest
from ..frozen import FrozenDict
from .action import Action, AnyJson
from .event import Event

if TYPE_CHECKING:
    from .check import CheckInfo
    from .container import Container
    from .notice import Notice
    from .relation import RelationBase
    from .secret import Secret
    from .storage import Storage


class CharmEvents:
    """Makes events; each method is named like the event in ops.

    Example::

        ctx.run(ctx.on.relation_changed(relation, remote_unit=1), state)
    """

    if not TYPE_CHECKING:  # what there isn't is for type checkers to find

        def __getattr__(self, name: str) -> NoReturn:
            known = [event for event in vars(CharmEvents) if not event.startswith('_')]
            suffix = next((event for event in known if name.endswith(f'_{event}')), '')
            hint = f'ctx.on.{suffix}(…)' if suffix else closest(name, known)
            hint = hint or 'events are named as in ops, without the name of what they are about'
            raise AttributeError(
                f'cannot make event {name!r}: there is no such method\n  hint: {hint}'
            )

    @staticmethod
    def install() -> Event:
        """The unit was created."""
        return Event('install')

    @staticmethod
    def start() -> Event:
        """The unit was installed and configured, or its container or machine started again."""
        return Event('start')

    @staticmethod
    def stop() -> Event:
        """The unit is about to go."""
        return Event('stop')

    @staticmethod
    def remove() -> Event:
        """The unit is gone as soon as this event is over."""
        return Event('remove')

    @staticmethod
    def update_status() -> Event:
        """Some time has passed."""
        return Event('update_status')

    @staticmethod
    def config_changed() -> Event:
        """The configuration or the network changed, or the agent started."""
        return Event('config_changed')

    @staticmethod
    def upgrade_charm() -> Event:
        """The charm was refreshed, or the pod was replaced."""
        return Event('upgrade_charm')

    @staticmethod
    def pre_series_upgrade() -> Event:
        """The machine's operating system is about to be upgraded."""
        return Event('pre_series_upgrade')

    @staticmethod
    def post_series_upgrade() -> Event:
        """The machine's operating system was upgraded."""
        return Event('post_series_upgrade')

    @staticmethod
    def leader_elected() -> Event:
        """This unit is the leader now."""
        return Event('leader_elected')

    @staticmethod
    def collect_app_status() -> Event:
        """Ops asks for the application's status."""
        return Event('collect_app_status')

    @staticmethod
    def collect_unit_status() -> Event:
        """Ops asks for the unit's status."""
        return Event('collect_unit_status')

    @staticmethod
    def relation_created(relation: RelationBase) -> Event:
        """The applications were related."""
        return Event('relation_created', relation=relation)

    @staticmethod
    def relation_joined(relation: RelationBase, *, remote_unit: int | None = None) -> Event:
        """A remote unit joined; without *remote_unit* the first that the relation has."""
        return Event('relation_joined', relation=relation, remote_unit=remote_unit)

    @staticmethod
    def relation_changed(relation: RelationBase, *, remote_unit: int | None = None) -> Event:
        """A remote databag changed; without *remote_unit* that of the first unit."""
        return Event('relation_changed', relation=relation, remote_unit=remote_unit)

    @staticmethod
    def relation_departed(
        relation: RelationBase,
        *,
        remote_unit: int | None = None,
        departing_unit: int | None = None,
    ) -> Event:
        """A unit left: *departing_unit*, by default *remote_unit*."""
        return Event(
            'relation_departed',
            relation=relation,
            remote_unit=remote_unit,
            departing_unit=departing_unit,
        )

    @staticmethod
    def relation_broken(relation: RelationBase) -> Event:
        """The applications are no longer related."""
        return Event('relation_broken', relation=relation)

    @staticmethod
    def storage_attached(storage: Storage) -> Event:
        """A storage instance became available."""
        return Event('storage_attached', storage=storage)

    @staticmethod
    def storage_detaching(storage: Storage) -> Event:
        """A storage instance is about to go."""
        return Event('storage_detaching', storage=storage)

    @staticmethod
    def secret_changed(secret: Secret) -> Event:
        """The owner of a secret that this unit tracks published a new revision.

        Raises:
            ValueError: If this unit or application owns the secret.
        """
        event = Event('secret_changed', secret=secret)
        if secret.owner:
            raise ValueError(
                f'cannot run secret_changed for secret {secret.id!r}: '
                f'its owner, this {secret.owner}, never gets this event\n'
                '  hint: a Secret(…) without owner= belongs to another application'
            )
        return event

    @staticmethod
    def secret_rotate(secret: Secret) -> Event:
        """The rotation policy asks the owner for a new revision.

        Raises:
            ValueError: If neither this unit nor this application owns the secret.
        """
        return _owned('secret_rotate', secret)

    @staticmethod
    def secret_expired(secret: Secret, *, revision: int) -> Event:
        """A revision expired; its owner should remove it.

        Raises:
            ValueError: If neither this unit nor this application owns the secret.
        """
        return _owned('secret_expired', secret, revision)

    @staticmethod
    def secret_remove(secret: Secret, *, revision: int) -> Event:
        """Nobody tracks a revision any more; its owner may remove it.

        Raises:
            ValueError: If neither this unit nor this application owns the secret.
        """
        return _owned('secret_remove', secret, revision)

    @staticmethod
    def pebble_ready(container: Container) -> Event:
        """Pebble in the container answers, for the first time or again."""
        return Event('pebble_ready', container=container)

    @staticmethod
    def pebble_custom_notice(container: Container, notice: Notice) -> Event:
        """Pebble recorded a custom notice for the first time, or its repeat-after has passed."""
        return Event('pebble_custom_notice', container=container, notice=notice)

    @staticmethod
    def pebble_check_failed(container: Container, info: CheckInfo) -> Event:
        """The failures of a check reached its threshold."""
        return Event('pebble_check_failed', container=container, check_info=info)

    @staticmethod
    def pebble_check_recovered(container: Container, info: CheckInfo) -> Event:
        """A check that was down succeeded."""
        return Event('pebble_check_recovered', container=container, check_info=info)

    @staticmethod
    def action(
        name: str, params: Mapping[str, AnyJson] | None = None, id: str | None = None
    ) -> Event:
        """Somebody runs an action; *id* defaults to the next number, process-wide."""
        return Event('action', action=Action(name, params=params, id=id))

    @staticmethod
    def custom(event: ops.BoundEvent, *args: Any, **kwargs: Any) -> Event:
        """An object of the charm, for example a library, emits an event of its own.

        Example::

            ctx.run(ctx.on.custom(DatabaseRequirer.on.ready, relation), state)

        Args:
            event: As the emitter's class shows it; the charm must hold an instance of that class.
            args: What the event's class takes after the handle; State components become
                ops objects.
            kwargs: Likewise.

        Raises:
            ValueError: If it is a kind of Juju event.
        """
        if not isinstance(cast('Any', event), ops.BoundEvent):
            raise TypeError(
                f'cannot run {event!r} as a custom event: it is no event of a class\n'
                '  hint: ctx.on.custom(DatabaseRequirer.on.ready)'
            )
        if issubclass(event.event_type, ops.HookEvent):
            raise ValueError(
                f'cannot run {event.event_kind!r} as a custom event: '
                f'{event.event_type.__name__} is a kind of Juju event\n'
                '  hint: run the Juju event, for example ctx.on.relation_changed(relation)'
            )
        return Event(
            event.event_kind,
            custom_event=event,
            custom_args=args,
            custom_kwargs=FrozenDict(kwargs),
        )


def _owned(suffix: str, secret: Secret, revision: int | None = None) -> Event:
    event = Event(suffix, secret=secret, secret_revision=revision)
    if not secret.owner:
        raise ValueError(
            f'cannot run {suffix} for secret {secret.id!r}: only its owner gets this event\n'
            "  hint: Secret(..., owner='unit') or owner='app'"
        )
    return event
