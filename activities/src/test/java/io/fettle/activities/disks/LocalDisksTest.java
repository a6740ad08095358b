package io.fettle.activities.disks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over trees as the kernel shows them on such machines. */
class LocalDisksTest {
  private static final String INSTANCE_STORE = "Amazon EC2 NVMe Instance Storage";

  @TempDir Path root;
  private Path block;
  private Path mount;

  @BeforeEach
  void machine() throws IOException {
    block = Files.createDirectories(root.resolve("sys/devices/pci0"));
    Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createDirectories(root.resolve("proc/self"));
    mount = Files.createDirectories(root.resolve("mnt/fast disk"));
  }

  private Path disk(String name, String number, String model) throws IOException {
    var device = Files.createDirectories(block.resolve(name));
    Files.createDirectories(device.resolve("device"));
    Files.createDirectories(device.resolve("slaves"));
    Files.writeString(device.resolve("device/model"), "%-40s%n".formatted(model));
    return numbered(device, number);
  }

  private Path numbered(Path device, String number) throws IOException {
    Files.createSymbolicLink(root.resolve("sys/dev/block").resolve(number), device);
    return device;
  }

  private void mounted(String number, Path folder) throws IOException {
    Files.writeString(
        root.resolve("proc/self/mountinfo"),
        """
        22 1 259:0 / / rw,relatime shared:1 - ext4 /dev/root rw
        23 22 0:21 / /proc rw,nosuid shared:12 - proc proc rw
        90 22 %s / %s rw,noatime shared:40 - xfs /dev/x rw
        91 22 %s /inner %s rw - xfs /dev/x rw
        """
            .formatted(
                number, folder.toString().replace(" ", "\\040"), number, root.resolve("bound")));
  }

  private LocalDisks disks() {
    return new LocalDisks(root);
  }

  @Test
  void the_instance_store_is_found_though_the_volume_has_the_first_name() throws IOException {
    disk("nvme0n1", "259:0", "Amazon Elastic Block Store");
    disk("nvme1n1", "259:1", INSTANCE_STORE);
    mounted("259:1", mount);

    assertThat(disks().usable())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.folder()).isEqualTo(mount);
              assertThat(found.model()).isEqualTo(INSTANCE_STORE);
              assertThat(found.free()).isPositive();
            });
    assertThat(disks().mounted()).hasSize(1);
  }

  @Test
  void a_network_volume_is_none_whatever_it_is_called() throws IOException {
    disk("nvme1n1", "259:1", "nvme_card-pd");
    mounted("259:1", mount);

    assertThat(disks().usable()).isEmpty();
  }

  @Test
  void a_part_of_a_disk_counts_as_its_disk() throws IOException {
    var disk = disk("nvme1n1", "259:1", "nvme_card");
    var part = Files.createDirectories(disk.resolve("nvme1n1p1"));
    Files.writeString(part.resolve("partition"), "1\n");
    numbered(part, "259:2");
    mounted("259:2", mount);

    assertThat(disks().usable()).hasSize(1);
  }

  @Test
  void an_array_counts_where_all_its_disks_do() throws IOException {
    var first = disk("nvme1n1", "259:1", INSTANCE_STORE);
    var second = disk("nvme2n1", "259:2", INSTANCE_STORE);
    var array = array(first, second);
    mounted("9:0", mount);
    assertThat(disks().usable()).hasSize(1);

    var volume = disk("nvme0n1", "259:0", "Amazon Elastic Block Store");
    Files.createSymbolicLink(array.resolve("slaves/nvme0n1"), volume);

    assertThat(disks().usable()).isEmpty();
  }

  private Path array(Path... disks) throws IOException {
    var array = Files.createDirectories(block.resolve("md0"));
    Files.createDirectories(array.resolve("slaves"));
    for (var disk : disks) {
      Files.createSymbolicLink(array.resolve("slaves").resolve(disk.getFileName()), disk);
    }
    return numbered(array, "9:0");
  }

  @Test
  void where_there_is_no_such_kernel_there_are_none() throws IOException {
    assertThat(new LocalDisks(root.resolve("nothing")).mounted()).isEmpty();
  }
}
