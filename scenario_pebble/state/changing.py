"""How is a State made from another one by giving one of its parts, or by changing one?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ..arguments import checked
from ..errors import NotFoundError, closest
from ..frozen import EMPTY, evolve
from .container import Container
from .finding import Finding
from .given import read_only_dict
from .relation import RelationBase
from .secret import Secret, bare_id
from .value import Value

if TYPE_CHECKING:
    from typing_extensions import Self

V = TypeVar('V', bound=Value)

ConfigValue = str | int | float | bool
"""What a config option can be."""


class Changing(Finding):
    """The part of a State that gives other States.

    Each method takes a part, which comes in the place of the one with its name or id; or that name
    or id alone, and the fields in which the State's own part is to differ.
    """

    if TYPE_CHECKING:
        config: Mapping[str, ConfigValue]

    @checked
    def with_config(
        self, options: Mapping[str, ConfigValue] = EMPTY, /, **more: ConfigValue
    ) -> Self:
        """This State with other values of some options.

        Example::

            state = state.with_config({'log-level': 'debug'}, port=80)
        """
        return evolve(self, config=read_only_dict({**self.config, **options, **more}))

    @checked
    def with_container(self, container: Container | str, **changes: Any) -> Self:
        """This State with a container, or with one of its own changed.

        Example::

            state = state.with_container('db', can_connect=False)
            state = state.with_container(state.get_container('db').with_file('/etc/x', 'y'))

        Raises:
            NotFoundError: If the State has no container of that name.
            TypeError: If containers have no such field.
        """
        if isinstance(container, str):
            container = self.get_container(container)
        new = changed(container, changes)
        others = (c for c in self.containers if c.name != new.name)
        return evolve(self, containers=frozenset([*others, new]))

    @checked
    def with_relation(self, relation: RelationBase | int | str, **changes: Any) -> Self:
        """This State with a relation, or with one of its own changed.

        Example::

            state = state.with_relation('database', remote_app_data={'version': '8.0'})

        Args:
            relation: The relation, or the id or the endpoint of one that the State has.
            changes: The fields that differ from it.

        Raises:
            NotFoundError: If the State has no such relation, or more than one.
            TypeError: If such relations have no such field.
        """
        if not isinstance(relation, RelationBase):
            relation = self._one_relation(relation)
        new = changed(relation, changes)
        others = (r for r in self.relations if r.id != new.id)
        return evolve(self, relations=frozenset([*others, new]))

    @checked
    def without_relation(self, relation: RelationBase | int | str) -> Self:
        """This State without a relation.

        Example::

            out = ctx.run(ctx.on.update_status(), state.without_relation('database'))

        Args:
            relation: The relation, or its id or its endpoint.

        Raises:
            NotFoundError: If the State has no such relation, or more than one.
        """
        wanted = relation.id if isinstance(relation, RelationBase) else relation
        gone = self._one_relation(wanted)
        return evolve(self, relations=self.relations - {gone})

    @checked
    def with_secret(self, secret: Secret | str, **changes: Any) -> Self:
        """This State with a secret, or with one of its own changed.

        A new ``latest_content`` is a new revision.

        Example::

            password = Secret({'password': '1'}, label='admin')
            state = state.with_secret(password)
            state = state.with_secret('admin', latest_content={'password': '2'})

        Args:
            secret: The secret, or the id or the label of one that the State has.
            changes: The fields that differ from it.

        Raises:
            NotFoundError: If the State has no such secret.
            TypeError: If secrets have no such field.
        """
        if isinstance(secret, str):
            secret = self._one_secret(secret)
        new = changed(secret, changes)
        if new.latest_content != secret.latest_content and 'latest_revision' not in changes:
            new = evolve(new, latest_revision=secret.latest_revision + 1)
        others = (s for s in self.secrets if bare_id(s.id) != bare_id(new.id))
        return evolve(self, secrets=frozenset([*others, new]))

    def _one_relation(self, wanted: int | str) -> RelationBase:
        by = 'endpoint' if isinstance(wanted, str) else 'id'
        found = [r for r in self.relations if getattr(r, by) == wanted]
        if len(found) != 1:
            shown = _shown(f'{r.endpoint}:{r.id}' for r in self.relations)
            hint = 'give its id' if found else 'State(relations=[Relation(…)])'
            similar = closest(str(wanted), [r.endpoint for r in self.relations])
            raise NotFoundError(
                f'cannot find the one relation with {by} {wanted!r}: the State has {shown}\n'
                f'  hint: {hint if found else similar or hint}'
            )
        return found[0]

    def _one_secret(self, wanted: str) -> Secret:
        for secret in self.secrets:
            if wanted == secret.label or bare_id(wanted) == bare_id(secret.id):
                return secret
        known = _shown(f'{s.id} ({s.label})' if s.label else s.id for s in self.secrets)
        labels = [s.label for s in self.secrets if s.label]
        raise NotFoundError(
            f'cannot find secret {wanted!r}: the State has {known}\n'
            f'  hint: {closest(wanted, labels) or "State(secrets=[Secret(…, label=…)])"}'
        )


def changed(part: V, changes: Mapping[str, Any]) -> V:
    """A part of a State with other values of some fields; checked as by its constructor.

    Raises:
        TypeError: If it has no such field.
    """
    known = [field.name for field in dataclasses.fields(part) if field.init]  # type: ignore[arg-type]
    for name in changes:
        if name not in known:
            hint = closest(name, known) or f'it has {", ".join(known)}'
            raise TypeError(
                f'cannot change {name!r} of a {type(part).__name__}: it has no such field\n'
                f'  hint: {hint}'
            )
    return dataclasses.replace(part, **changes) if changes else part  # type: ignore[type-var]


def _shown(names: Iterable[str]) -> str:
    return ', '.join(sorted(names)) or 'none'
