from pathlib import Path

import pytest
from fettle_contract import Failure
from fettle_trainer.checkpoint import read_manifest, remove_drafts, write_checkpoint


def fill(folder: Path) -> None:
    (folder / "adapter").mkdir()
    (folder / "adapter" / "weights").write_bytes(b"0123456789")
    (folder / "state").write_bytes(b"abc")


def test_a_written_checkpoint_reads_back_and_leaves_no_draft(tmp_path: Path) -> None:
    saved = write_checkpoint(tmp_path, 12, {"epoch": 1.5}, fill)
    manifest = read_manifest(saved.path)
    assert (saved.path.name, saved.bytes) == ("step-0000000012", 13)
    assert (manifest["step"], manifest["epoch"]) == (12, 1.5)
    assert [f["path"] for f in manifest["files"]] == ["adapter/weights", "state"]
    assert [p.name for p in tmp_path.iterdir()] == ["step-0000000012"]


def test_a_failed_write_leaves_only_a_draft_that_the_next_start_removes(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        fill(folder)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_checkpoint(tmp_path, 1, {}, fail)
    assert [p.name.startswith(".draft-") for p in tmp_path.iterdir()] == [True]
    remove_drafts(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_same_step_written_again_replaces_the_first(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, 1, {"epoch": 0.1}, fill)
    assert read_manifest(write_checkpoint(tmp_path, 1, {"epoch": 0.2}, fill).path)["epoch"] == 0.2


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: (c / "state").write_bytes(b"abd"),
        lambda c: (c / "state").write_bytes(b"ab"),
        lambda c: (c / "adapter" / "weights").unlink(),
        lambda c: (c / "manifest.json").write_text('{"format": 1, "files": [{}]}'),
        lambda c: (c / "manifest.json").write_text('{"form'),
        lambda c: (c / "manifest.json").write_text('{"format": 2, "files": []}'),
        lambda c: (c / "manifest.json").unlink(),
    ],
)
def test_any_damage_is_found_before_anything_is_loaded(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    saved = write_checkpoint(tmp_path, 3, {}, fill)
    damage(saved.path)
    with pytest.raises(Failure, match="step-0000000003"):
        read_manifest(saved.path)
