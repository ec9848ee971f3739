from __future__ import annotations

import importlib.util
import pathlib
import sys
from typing import Any

import ops
import pytest

from scenario_pebble.errors import ContextSetupError, MetadataNotFoundError
from scenario_pebble.juju.charm import charm_spec
from scenario_pebble.state.spec import ContainerMount, ContainerSpec, Endpoint, Option, StorageSpec

UNIFIED = """\
type: charm
name: web
summary: s
description: d
containers: {web: {resource: image}}
actions: {backup: {}}
config: {options: {port: {type: int, default: 80}}}
"""


class Charm(ops.CharmBase):
    stored = ops.StoredState()


@pytest.fixture
def charm_type(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> type[ops.CharmBase]:
    """A charm whose file is src/charm.py below the test's directory."""
    file = tmp_path / 'src' / 'charm.py'
    file.parent.mkdir()
    file.write_text('import ops\n\nclass Web(ops.CharmBase):\n    pass\n', encoding='utf-8')
    module_spec = importlib.util.spec_from_file_location('found_charm', file)
    assert module_spec is not None
    assert module_spec.loader is not None
    module = importlib.util.module_from_spec(module_spec)
    monkeypatch.setitem(sys.modules, 'found_charm', module)
    module_spec.loader.exec_module(module)
    return module.Web


def test_a_charmcraft_yaml_holds_everything(
    charm_type: type[ops.CharmBase], tmp_path: pathlib.Path
):
    (tmp_path / 'charmcraft.yaml').write_text(UNIFIED, encoding='utf-8')

    spec = charm_spec(charm_type)

    assert spec.root == tmp_path
    assert set(spec.meta) == {'type', 'name', 'summary', 'description', 'containers'}
    assert spec.actions == {'backup': {}}
    assert spec.config == {'options': {'port': {'type': 'int', 'default': 80}}}


def test_older_charms_have_three_files(charm_type: type[ops.CharmBase], tmp_path: pathlib.Path):
    (tmp_path / 'charmcraft.yaml').write_text('type: charm\nbases: []\n', encoding='utf-8')
    (tmp_path / 'metadata.yaml').write_text('name: web\n', encoding='utf-8')
    (tmp_path / 'config.yaml').write_text('options: {a: {type: int}}\n', encoding='utf-8')
    (tmp_path / 'actions.yaml').write_text('backup: {}\n', encoding='utf-8')

    spec = charm_spec(charm_type)

    assert spec.meta == {'name': 'web'}
    assert spec.config == {'options': {'a': {'type': 'int'}}}
    assert spec.actions == {'backup': {}}


def test_a_file_that_changed_is_read_again(
    charm_type: type[ops.CharmBase], tmp_path: pathlib.Path
):
    (tmp_path / 'metadata.yaml').write_text('name: old\n', encoding='utf-8')
    charm_spec(charm_type)

    (tmp_path / 'metadata.yaml').write_text('name: newer\n', encoding='utf-8')

    assert charm_spec(charm_type).meta == {'name': 'newer'}


def test_a_charm_without_files_needs_meta(charm_type: type[ops.CharmBase], tmp_path: pathlib.Path):
    with pytest.raises(ContextSetupError) as caught:
        charm_spec(charm_type)

    assert str(caught.value) == (
        f'cannot find the metadata of Web: {tmp_path} has neither charmcraft.yaml nor '
        "metadata.yaml\n  hint: Context(..., meta={'name': ...})"
    )
    assert isinstance(caught.value.__cause__, MetadataNotFoundError)


@pytest.mark.parametrize(
    ('content', 'missing'),
    [
        ('type: charm\nname: web\n', "'summary', 'description'"),
        ('name: web\n', "'type: charm'"),
    ],
)
def test_what_a_charmcraft_yaml_lacks_is_named(
    charm_type: type[ops.CharmBase], tmp_path: pathlib.Path, content: str, missing: str
):
    (tmp_path / 'charmcraft.yaml').write_text(content, encoding='utf-8')

    with pytest.raises(ContextSetupError) as caught:
        charm_spec(charm_type)

    assert str(caught.value) == (
        f'cannot find the metadata of Web: {tmp_path} has a charmcraft.yaml without {missing}, '
        "and no metadata.yaml\n  hint: Context(..., meta={'name': ...})"
    )


@pytest.mark.parametrize(
    ('content', 'cause'),
    [
        ('- a\n', 'it holds a list, not a mapping'),
        ('{', r'while parsing a flow node\n(.*\n)+'),
        ('\udcff', "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    charm_type: type[ops.CharmBase], tmp_path: pathlib.Path, content: str, cause: str
):
    path = tmp_path / 'charmcraft.yaml'
    path.write_text(content, encoding='utf-8', errors='surrogateescape')

    with pytest.raises(
        ContextSetupError,
        match=rf'^cannot read {path}: {cause}\n?  hint: correct the file, '
        r'or give its content: Context\(\.\.\., meta={\.\.\.}\)$',
    ):
        charm_spec(charm_type)


def test_a_class_without_a_file_needs_meta():
    nowhere = type('Nowhere', (ops.CharmBase,), {'__module__': 'no_such_module'})

    with pytest.raises(ContextSetupError, match=r'^cannot find the metadata of Nowhere: '):
        charm_spec(nowhere)


def test_meta_may_be_a_whole_charmcraft_yaml():
    meta: dict[str, Any] = {'name': 'web', 'actions': {'a': {}}, 'config': {'options': {}}}

    spec = charm_spec(Charm, meta)

    assert spec.meta == {'name': 'web'}
    assert spec.actions == {'a': {}}
    assert spec.config == {'options': {}}
    assert set(meta) == {'name', 'actions', 'config'}


@pytest.mark.parametrize('part', ['actions', 'config'])
def test_a_part_is_given_once(part: str):
    given: dict[str, Any] = {part: {'a': {}}}

    with pytest.raises(ValueError) as caught:
        charm_spec(Charm, {'name': 'web', part: {}}, **given)

    assert str(caught.value) == (
        f'cannot use both {part} and the {part} in meta\n  hint: give them in one place'
    )


def test_without_meta_the_class_gives_the_name():
    assert charm_spec(Charm, config={'options': {}}).meta == {'name': 'Charm'}


def test_what_was_given_is_detached_from_the_dict():
    meta: dict[str, Any] = {'name': 'web', 'containers': {'web': {}}}
    spec = charm_spec(Charm, meta)

    meta['containers']['other'] = {}

    assert set(spec.containers) == {'web'}


def test_metadata_is_viewed_by_concept():
    spec = charm_spec(
        Charm,
        {
            'requires': {
                'db': {'interface': 'pg'},
                'log': {'interface': 'l', 'scope': 'container'},
            },
            'peers': {'cluster': {'interface': 'c'}},
            'containers': {
                'web': {
                    'resource': 'image',
                    'uid': 584792,
                    'gid': 584792,
                    'mounts': [{'storage': 'data', 'location': '/srv'}],
                },
                'bare': None,
            },
            'storage': {
                'data': {'type': 'filesystem', 'location': '/data'},
                'disk': {'type': 'block'},
            },
            'resources': {'image': {'type': 'oci-image'}},
        },
        actions={'backup': {'params': {'to': {'type': 'string'}}}, 'bare': None},
        config={'options': {'a': {'type': 'int', 'default': 0}, 'b': {'type': 'string'}}},
    )

    assert spec.endpoints == {
        'db': Endpoint('db', 'requires', 'pg', subordinate=False),
        'log': Endpoint('log', 'requires', 'l', subordinate=True),
        'cluster': Endpoint('cluster', 'peers', 'c', subordinate=False),
    }
    assert spec.containers == {
        'web': ContainerSpec('web', 'image', 584792, 584792, (ContainerMount('data', '/srv'),)),
        'bare': ContainerSpec('bare', None, None, None, ()),
    }
    assert spec.storages == {
        'data': StorageSpec('data', 'filesystem', '/data'),
        'disk': StorageSpec('disk', 'block', ''),
    }
    assert spec.resources == {'image': 'oci-image'}
    assert spec.options == {'a': Option('a', 'int', 0), 'b': Option('b', 'string', None)}
    assert spec.config_defaults == {'a': 0}
    assert spec.action_params('backup') == {'to': {'type': 'string'}}
    assert spec.action_params('bare') == spec.action_params('none') == {}
    assert list(spec.stored_states()) == [('stored', 'Charm')]


def test_an_extension_adds_what_charmcraft_adds(
    charm_type: type[ops.CharmBase], tmp_path: pathlib.Path
):
    text = UNIFIED.replace('containers', 'links').replace('resources', 'links')
    text += (
        'extensions: [flask-framework]\nrequires: {db: {interface: pg}}\nassumes: [juju >= 3]\n'
    )
    (tmp_path / 'charmcraft.yaml').write_text(text, encoding='utf-8')

    spec = charm_spec(charm_type)

    assert set(spec.containers) == {'flask-app'}
    assert set(spec.endpoints) == {
        *('db', 'ingress', 'logging'),
        *('grafana-dashboard', 'metrics-endpoint', 'secret-storage'),
    }
    assert spec.meta['assumes'] == ['k8s-api', 'juju >= 3']
    assert spec.config_defaults == {'port': 80, 'flask-preferred-url-scheme': 'HTTPS'}
    assert spec.action_names == {'backup', 'rotate-secret-key'}
    assert 'extensions' not in spec.meta


@pytest.mark.parametrize(
    ('extension', 'container', 'default'),
    [
        ('django-framework', 'django-app', {'django-debug': False}),
        ('fastapi-framework', 'app', {'webserver-workers': 1}),
        ('go-framework', 'app', {'metrics-path': '/metrics'}),
        ('expressjs-framework', 'app', {'app-port': 8080}),
        ('spring-boot-framework', 'app', {'metrics-path': '/actuator/prometheus'}),
    ],
)
def test_every_extension_has_its_container_and_options(
    extension: str,
    container: str,
    default: dict[str, Any],
    charm_type: type[ops.CharmBase],
    tmp_path: pathlib.Path,
):
    text = UNIFIED.replace('containers', 'links') + f'extensions: [{extension}]\n'
    (tmp_path / 'charmcraft.yaml').write_text(text, encoding='utf-8')

    spec = charm_spec(charm_type)

    assert set(spec.containers) == {container}
    assert spec.config_defaults.items() >= default.items()


def test_what_an_extension_adds_must_not_be_there(
    charm_type: type[ops.CharmBase], tmp_path: pathlib.Path
):
    text = UNIFIED.replace('port:', 'app-port:') + 'extensions: [go-framework]\n'
    (tmp_path / 'charmcraft.yaml').write_text(text, encoding='utf-8')

    with pytest.raises(ValueError) as caught:
        charm_spec(charm_type)

    assert str(caught.value) == (
        "cannot expand extension 'go-framework': config.options in charmcraft.yaml has 'app-port' "
        'too\n  hint: rename or remove what the extension adds'
    )


def test_an_unknown_extension_is_named(charm_type: type[ops.CharmBase], tmp_path: pathlib.Path):
    (tmp_path / 'charmcraft.yaml').write_text(UNIFIED + 'extensions: [new]\n', encoding='utf-8')

    with pytest.warns(UserWarning, match=r"^cannot expand extension 'new': not simulated; "):
        charm_spec(charm_type)
