package io.fettle.activities.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.machine.HostCheck.Finding;
import io.fettle.activities.machine.HostCheck.State;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Over a machine's files as the kernel shows them, and an {@code nvidia-smi} that says its part.
 */
class HostCheckTest {
  private static final String H100 = "NVIDIA H100 80GB HBM3, 580.95.05, 81559, 81000, 0, 9.0\n";

  @TempDir Path folder;
  private Path root;
  private HostCheck.Opener store;

  @BeforeEach
  void machine() throws IOException {
    root = Files.createDirectories(folder.resolve("root"));
    var stored = folder.resolve("store").toUri();
    store = () -> Stores.open(stored);
    write("proc/sys/kernel/osrelease", "6.1.0-37-cloud-amd64\n");
    write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
    Files.createDirectories(root.resolve("dev/shm"));
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), text);
  }

  private void command(String name, String output) throws IOException {
    var file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\ncat <<'END'\n" + output + "END\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Finding found(String name) throws Exception {
    var work = Files.createDirectories(folder.resolve("work"));
    var path = folder.resolve("bin").toString();
    var options = new HostCheck.Options(root, path, work, Optional.empty(), store);
    return new HostCheck(options)
        .findings().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  private void localDisk(String name) throws IOException {
    write(
        "sys/block/%s/device/model".formatted(name), "Amazon EC2 NVMe Instance Storage        \n");
  }

  @Test
  void a_machine_without_a_gpu_is_told_so_and_lacks_nothing() throws Exception {
    assertThat(found("driver").state()).isEqualTo(State.NOTE);
    assertThat(found("gpu memory").state()).isEqualTo(State.SKIPPED);
    assertThat(found("nccl")).isEqualTo(Finding.skipped("nccl", "no GPU"));
    assertThat(found("kernel")).isEqualTo(Finding.ok("kernel", "Linux 6.1.0-37-cloud-amd64"));
    assertThat(found("cgroups").state()).isEqualTo(State.OK);
  }

  @Test
  void a_gpu_that_the_driver_does_not_show_is_missing() throws Exception {
    write("sys/bus/pci/devices/0000:00:1e.0/vendor", "0x10de\n");
    write("sys/bus/pci/devices/0000:00:1e.0/class", "0x030200\n");
    assertThat(found("driver").state()).isEqualTo(State.MISSING);
    command("nvidia-smi", "No devices were found\n");
    assertThat(found("driver").state()).isEqualTo(State.MISSING);
  }

  @Test
  void gpus_that_are_free_and_whole_are_counted() throws Exception {
    command("nvidia-smi", H100 + H100);
    assertThat(found("driver"))
        .isEqualTo(Finding.ok("driver", "580.95.05, 2 x NVIDIA H100 80GB HBM3"));
    assertThat(found("gpu memory"))
        .isEqualTo(Finding.ok("gpu memory", "81000 MiB free of 81559 on the fullest of 2"));
    assertThat(found("ecc").state()).isEqualTo(State.OK);
    assertThat(found("nccl").found()).contains("not made yet");
  }

  @Test
  void memory_that_another_process_holds_is_found_on_any_of_them() throws Exception {
    command("nvidia-smi", H100 + H100.replace("81000", "20000"));
    assertThat(found("gpu memory").state()).isEqualTo(State.MISSING);
    command("nvidia-smi", H100 + H100.replace("81000", "70000"));
    assertThat(found("gpu memory").state()).isEqualTo(State.NOTE);
  }

  @Test
  void an_old_driver_and_errors_of_memory_are_missing_and_no_ecc_is_a_note() throws Exception {
    command("nvidia-smi", H100.replace("580.95.05", "550.54.15").replace(", 0,", ", 3,"));
    assertThat(found("driver").state()).isEqualTo(State.MISSING);
    assertThat(found("ecc").state()).isEqualTo(State.MISSING);
    command("nvidia-smi", H100.replace(", 0,", ", [N/A],"));
    assertThat(found("ecc").state()).isEqualTo(State.NOTE);
  }

  private List<String> breaking(String shape, boolean nvme) throws Exception {
    var work = Files.createDirectories(folder.resolve("work"));
    var path = folder.resolve("bin").toString();
    var options = new HostCheck.Options(root, path, work, Optional.empty(), store);
    return new HostCheck(options)
        .fitness(HostCheck.Needs.of(shape, nvme)).breaking().stream().map(Finding::name).toList();
  }

  @Test
  void a_machine_that_is_not_what_its_shape_says_cannot_do_its_work() throws Exception {
    assertThat(breaking("cpu", false)).isEmpty();
    assertThat(breaking("cpu-4", false)).isEmpty();
    assertThat(breaking("h100-80gb-x1", false)).containsExactly("shape");
    command("nvidia-smi", H100 + H100);
    assertThat(breaking("h100-80gb", false)).isEmpty();
    assertThat(breaking("h100-80gb-x2", false)).isEmpty();
    assertThat(breaking("h100-80gb-x8", false)).containsExactly("shape");
    assertThat(breaking("b200-180gb-x1", false)).as("too little memory").containsExactly("shape");
    assertThat(breaking("h100-80gb-x2", true)).as("no disks").containsExactly("own disks");
    localDisk("nvme1n1");
    assertThat(breaking("h100-80gb-x2", true)).as("not mounted").containsExactly("own disks");
  }

  @Test
  void what_costs_only_time_is_told_and_breaks_nothing() throws Exception {
    command("nvidia-smi", H100.replace("81000", "70000"));
    var options =
        new HostCheck.Options(
            root, folder.resolve("bin").toString(), folder, Optional.empty(), store);
    var fitness = new HostCheck(options).fitness(HostCheck.Needs.of("h100-80gb-x1", false));

    assertThat(fitness.breaking()).isEmpty();
    assertThat(fitness.others()).extracting(Finding::name).contains("gpu memory", "clock");
    assertThat(folder.resolve("store")).as("an agent has opened it already").doesNotExist();
  }

  @Test
  void disks_of_the_machine_that_nobody_mounted_are_missing() throws Exception {
    assertThat(found("nvme").state()).isEqualTo(State.NOTE);
    localDisk("nvme1n1");
    localDisk("nvme2n1");
    assertThat(found("nvme").found()).isEqualTo("not mounted: nvme1n1, nvme2n1");
    assertThat(found("nvme").state()).isEqualTo(State.MISSING);
  }

  @Test
  void a_disk_that_is_in_no_array_is_named_beside_the_mounted_ones() throws Exception {
    localDisk("nvme1n1");
    localDisk("nvme2n1");
    Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(
        root.resolve("sys/dev/block/259:1"), root.resolve("sys/block/nvme1n1"));
    var mount = Files.createDirectories(folder.resolve("mnt"));
    write("proc/self/mountinfo", "31 1 259:1 / %s rw - xfs /dev/nvme1n1 rw\n".formatted(mount));
    assertThat(found("nvme").state()).isEqualTo(State.NOTE);
    assertThat(found("nvme").found()).endsWith("in no use: nvme2n1");
    assertThat(found("write").found()).endsWith("MB/s to " + mount);
    Files.createDirectories(root.resolve("sys/block/nvme2n1/holders/md127"));
    assertThat(found("nvme").state()).isEqualTo(State.OK);
  }

  @Test
  void a_short_write_leaves_nothing_behind() throws Exception {
    assertThat(found("write").found()).contains("MB/s to " + folder.resolve("work"));
    try (var left = Files.list(folder.resolve("work"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void the_store_is_measured_both_ways_and_left_as_it_was() throws Exception {
    assertThat(found("store").found()).matches(".*: \\d+ MB/s up, \\d+ MB/s down.*");
    try (var opened = store.open()) {
      assertThat(opened.list("")).isEmpty();
    }
  }

  @Test
  void a_store_that_cannot_be_opened_is_missing_with_its_own_sentence() throws Exception {
    store =
        () -> {
          throw new IOException("no answer of s3://b");
        };
    assertThat(found("store").state()).isEqualTo(State.MISSING);
    assertThat(found("store").found()).isEqualTo("no answer of s3://b");
  }

  @Test
  void interfaces_are_counted_by_their_driver() throws Exception {
    assertThat(found("fabric").state()).isEqualTo(State.NOTE);
    var driver = Files.createDirectories(root.resolve("sys/bus/pci/drivers/efa"));
    for (var name : List.of("rdmap0s6", "rdmap0s7")) {
      var device = Files.createDirectories(root.resolve("sys/class/infiniband").resolve(name));
      Files.createDirectories(device.resolve("device"));
      Files.createSymbolicLink(device.resolve("device/driver"), driver);
    }
    assertThat(found("fabric")).isEqualTo(Finding.ok("fabric", "2 x efa"));
  }

  @Test
  void a_clock_that_nobody_sets_is_noted() throws Exception {
    command("timedatectl", "no\n");
    assertThat(found("clock").state()).isEqualTo(State.NOTE);
    command("timedatectl", "yes\n");
    assertThat(found("clock")).isEqualTo(Finding.ok("clock", "synchronized"));
  }
}
