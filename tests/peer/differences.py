"""Where this package knowingly differs from the peer, as its tests have it.

An entry of which nothing differs any more fails the run.
"""

from __future__ import annotations

from collections.abc import Iterable

_PEBBLE = 'test_e2e/test_pebble.py::'
_STATE = 'test_e2e/test_state.py::'

KNOWN: dict[str, str] = {
    # What Pebble, reached through the real client, does otherwise.
    f'{_PEBBLE}test_pebble_plan': (
        'the charm adds a layer whose service has no "override": Pebble refuses it'
    ),
    f'{_PEBBLE}test_pebble_add_layer': (
        'the charm adds a check of no type: Pebble refuses it without http, tcp or exec'
    ),
    f'{_PEBBLE}test_pebble_start_check': (
        'the charm adds a check of no type: Pebble refuses it without http, tcp or exec'
    ),
    f'{_PEBBLE}test_add_layer_merge_check[new_layer_dict1-False-new-layer]': (
        'a layer disables a check that runs: in Pebble it goes on as it was until it is stopped'
    ),
    f'{_PEBBLE}test_add_layer_merge_check[new_layer_dict1-True-base]': (
        'a layer disables a check that runs: in Pebble it goes on as it was until it is stopped'
    ),
    f'{_PEBBLE}test_layers_merge_in_plan': (
        'in the plan that Pebble gives, every entry has the override "replace"'
    ),
    f'{_PEBBLE}test_pebble_check_failed': (
        'can_connect is False: Pebble does not answer, for checks either'
    ),
    f'{_PEBBLE}test_pebble_check_recovered': (
        'can_connect is False: Pebble does not answer, for checks either'
    ),
    f'{_PEBBLE}test_pebble_check_failed_two_containers': (
        'can_connect is False: Pebble does not answer, for checks either'
    ),
    f'{_PEBBLE}test_pebble_custom_notice_in_charm': (
        'the times that Pebble gives have a time zone, so they equal none that has not'
    ),
    f'{_PEBBLE}test_exec': (
        'ExecProcess.wait() closes the streams: what the command wrote is in wait_output() only'
    ),
    f'{_PEBBLE}test_warning_on_non_empty_container': (
        "files belong to the State: what an earlier run wrote isn't in a State from before it"
    ),
    # What the peer lets a State say, though Pebble knows no such thing.
    f'{_STATE}test_immutable_content_dict[Container-layers-required_args13]': (
        "the layer is the text 'bar', which Pebble could not read; it is refused at once"
    ),
    # What the real ops does otherwise, which runs unchanged above the hook tools.
    'test_e2e/test_status.py::test_status_error': (
        'ops refuses these statuses itself, in its own words, before it calls status-set'
    ),
    'test_e2e/test_secrets.py::test_secret_permission_model': (
        "Juju finds no secret of another owner to manage; ops' SecretNotFoundError has no text"
    ),
    # Identities that are given up.
    f'{_STATE}test_state_immutable': (
        'what a run leaves alone is the very same object; nothing can change it in place'
    ),
    'test_check_info.py::test_check_info_defaults': (
        'CheckInfos with equal fields are equal, so none gets a change_id of its own'
    ),
    f'{_STATE}test_checkinfo_changeid_none': (
        'CheckInfos with equal fields are equal, so none gets a change_id of its own'
    ),
}
"""The id of a test, of one or of all of its cases, and why it differs."""


def entry(test: str) -> str | None:
    """The entry that covers a test."""
    return next((key for key in (test, test.partition('[')[0]) if key in KNOWN), None)


def unneeded(ran: Iterable[str], failed: Iterable[str]) -> list[str]:
    """The entries whose tests ran, and did not fail.

    Args:
        ran: The ids of all tests.
        failed: The ids of those that failed.
    """
    return sorted(set(filter(None, map(entry, ran))) - set(filter(None, map(entry, failed))))
