"""How are the parts of a State found?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..arguments import checked
from ..errors import NotFoundError, closest
from .container import Container
from .network import Network
from .relation import RelationBase
from .secret import Secret, bare_id
from .storage import Storage
from .stored import StoredState
from .value import Value

R = TypeVar('R', bound=RelationBase)


class Finding(Value):
    """The part of a State that gives its parts."""

    if TYPE_CHECKING:
        relations: frozenset[RelationBase]
        networks: frozenset[Network]
        containers: frozenset[Container]
        storages: frozenset[Storage]
        secrets: frozenset[Secret]
        stored_states: frozenset[StoredState]

    @checked
    def get_container(self, container: str, /) -> Container:
        """The container of that name.

        Raises:
            NotFoundError: If there is none.
        """
        for candidate in self.containers:
            if candidate.name == container:
                return candidate
        raise _missing(
            'container',
            container,
            [c.name for c in self.containers],
            'State(containers=[Container(…)])',
        )

    @checked
    def get_network(self, binding_name: str, /) -> Network:
        """The network of that binding.

        Raises:
            NotFoundError: If the State mentions none.
        """
        for network in self.networks:
            if network.binding_name == binding_name:
                return network
        raise _missing(
            'network',
            binding_name,
            [n.binding_name for n in self.networks],
            'State(networks=[Network(…)])',
        )

    @checked
    def get_secret(self, *, id: str | None = None, label: str | None = None) -> Secret:
        """The secret with that id, in any of Juju's forms of it, that label, or both.

        Raises:
            ValueError: If neither is given.
            NotFoundError: If there is none.
        """
        if id is None and label is None:
            raise ValueError(
                'cannot find a secret without its id or its label\n'
                "  hint: state.get_secret(label='…')"
            )
        wanted = None if id is None else bare_id(id)
        for secret in self.secrets:
            if wanted in (None, bare_id(secret.id)) and label in (None, secret.label):
                return secret
        if id is None:
            labels = [s.label for s in self.secrets if s.label]
            raise _missing('secret with label', label, labels, 'Secret(…, label=…)')
        raise _missing('secret', id, [s.id for s in self.secrets], 'State(secrets=[Secret(…)])')

    @checked
    def get_stored_state(
        self, stored_state: str, /, *, owner_path: str | None = None
    ) -> StoredState:
        """The stored state of that name and owner.

        Raises:
            ValueError: If there is none.
        """
        for stored in self.stored_states:
            if stored.name == stored_state and stored.owner_path == owner_path:
                return stored
        known = [s.handle_path for s in self.stored_states]
        wanted = StoredState(stored_state, owner_path=owner_path).handle_path
        hint = 'state.stored_states holds those that the charm has written'
        raise ValueError(str(_missing('stored state', wanted, known, hint)))

    @checked
    def get_storage(self, storage: str, /, *, index: int = 0) -> Storage:
        """The storage instance of that name and number.

        Raises:
            ValueError: If there is none.
        """
        for candidate in self.storages:
            if candidate.name == storage and candidate.index == index:
                return candidate
        known = [f'{s.name}/{s.index}' for s in self.storages]
        hint = 'State(storages=[Storage(…)])'
        raise ValueError(str(_missing('storage', f'{storage}/{index}', known, hint)))

    @overload
    def get_relation(self, relation: int, /) -> RelationBase: ...
    @overload
    def get_relation(self, relation: R, /) -> R: ...
    def get_relation(self, relation: int | RelationBase, /) -> RelationBase:
        """The relation with that id, or what has become of a relation of an earlier State.

        Raises:
            NotFoundError: If there is none.
            ValueError: If the one of that id is of another kind or endpoint than the given one.
        """
        wanted = relation.id if isinstance(relation, RelationBase) else relation
        for found in self.relations:
            if found.id == wanted:
                if isinstance(relation, RelationBase):
                    _check_same(relation, found)
                return found
        raise _missing(
            'relation',
            wanted,
            [r.id for r in self.relations],
            "state.get_relations('…') gives those of an endpoint",
        )

    @checked
    def get_relations(self, endpoint: str) -> tuple[RelationBase, ...]:
        """The relations of that endpoint, spelt as in the metadata."""
        return tuple(relation for relation in self.relations if relation.endpoint == endpoint)


def _check_same(given: RelationBase, found: RelationBase) -> None:
    if (type(given), given.endpoint) != (type(found), found.endpoint):
        raise ValueError(
            f'cannot find relation {given!r}: the State has another one with id {given.id}\n'
            f'  it has: {found!r}\n'
            f'  hint: state.get_relation({given.id}) gives it'
        )


def _missing(kind: str, wanted: Any, known: Iterable[Any], hint: str) -> NotFoundError:
    names = list(known)
    shown = ', '.join(sorted(map(repr, names))) or 'none'
    repair = closest(str(wanted), map(str, names)) or hint
    return NotFoundError(f'cannot find {kind} {wanted!r}: the State has {shown}\n  hint: {repair}')
