"""The back end `hf` under the contract that every back end keeps."""

from fettle_contract.suite import *  # noqa: F403
