package io.fettle.workers.agent;

import io.fettle.activities.disks.LocalDisks;
import io.fettle.workers.settings.FettleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a host keeps its claim, its work and its cache: all on one file system, so that staging
 * links and does not copy.
 */
record HostFolder(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger(HostFolder.class);

  static HostFolder of(AgentSettings agent, FettleSettings settings, LocalDisks disks)
      throws IOException {
    var named = agent.state();
    if (named != null) {
      return new HostFolder(named.toAbsolutePath());
    }
    var places = new ArrayList<Path>();
    disks.usable().forEach(disk -> places.add(disk.folder().resolve("fettle")));
    places.add(settings.state());
    var folder = chosen(places, Path.of("hosts", agent.host()));
    LOG.info("working in {}", folder);
    return new HostFolder(folder);
  }

  /** Where it worked before, for there its claim and its trainer are; else the first place. */
  private static Path chosen(List<Path> places, Path host) {
    return places.stream()
        .filter(place -> Files.isDirectory(place.resolve(host)))
        .findFirst()
        .orElse(places.getFirst())
        .resolve(host);
  }

  Path cache() {
    return path.resolve("cache");
  }
}
