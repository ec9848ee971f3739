from __future__ import annotations

import pathlib

import ops
import pytest
import yaml

import scenario_pebble as scenario


class Charm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.start, self._on_start)

    def _on_start(self, _: ops.StartEvent):
        declared = yaml.safe_load((self.charm_dir / 'metadata.yaml').read_text())
        self.unit.status = ops.ActiveStatus(declared['name'])
        if self.config['fail']:
            raise RuntimeError


@pytest.fixture
def ctx(tmp_path: pathlib.Path) -> scenario.Context[Charm]:
    options = {'fail': {'type': 'boolean', 'default': False}}
    return scenario.Context(
        Charm, meta={'name': 'web'}, config={'options': options}, charm_root=tmp_path
    )


def test_the_charms_directory_has_its_metadata_during_a_run(
    ctx: scenario.Context[Charm], tmp_path: pathlib.Path
):
    (tmp_path / 'metadata.yaml').write_text('name: other\n')

    out = ctx.run(ctx.on.start(), scenario.State())

    assert out.unit_status == scenario.ActiveStatus('web')
    assert [path.name for path in tmp_path.iterdir()] == ['metadata.yaml']
    assert (tmp_path / 'metadata.yaml').read_text() == 'name: other\n'


def test_the_directory_is_the_tests_again_as_soon_as_the_event_is_over(
    ctx: scenario.Context[Charm], tmp_path: pathlib.Path
):
    with ctx(ctx.on.start(), scenario.State()) as mgr:
        assert sorted(path.name for path in tmp_path.iterdir()) == ['config.yaml', 'metadata.yaml']
        mgr.run()

        assert list(tmp_path.iterdir()) == []


def test_a_charm_that_fails_leaves_nothing_in_the_directory(
    ctx: scenario.Context[Charm], tmp_path: pathlib.Path
):
    with pytest.raises(scenario.UncaughtCharmError):
        ctx.run(ctx.on.start(), scenario.State(config={'fail': True}))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings('ignore:Legacy hooks')
def test_a_hook_of_the_directory_is_run_as_well(
    ctx: scenario.Context[Charm], tmp_path: pathlib.Path
):
    hook = tmp_path / 'hooks' / 'start'
    hook.parent.mkdir()
    hook.write_text('#!/bin/sh\necho "$JUJU_UNIT_NAME" > "$JUJU_CHARM_DIR/seen"\n')
    hook.chmod(0o755)

    ctx.run(ctx.on.start(), scenario.State())

    assert (tmp_path / 'seen').read_text() == 'web/0\n'


@pytest.mark.parametrize('there', ['nothing', 'a file'])
def test_a_charm_root_is_a_directory_when_an_event_runs(there: str, tmp_path: pathlib.Path):
    root = tmp_path / 'charm'
    if there == 'a file':
        root.touch()
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'web'}, charm_root=root)

    with pytest.raises(
        scenario.ContextSetupError,
        match=rf"^cannot use '{root}' for charm_root: it is no directory\n"
        r'  hint: make it before the first run, or leave charm_root out$',
    ):
        ctx.run(ctx.on.start(), scenario.State())


def test_a_charm_root_may_be_made_after_the_context(tmp_path: pathlib.Path):
    root = tmp_path / 'charm'
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'web'}, charm_root=root)
    root.mkdir()

    ctx.run(ctx.on.start(), scenario.State())

    assert list(root.iterdir()) == []
