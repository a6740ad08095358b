package io.fettle.cli.local;

import io.fettle.cli.local.LocalStatus.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers a status from the files; asks no process, so it works whatever is broken. */
final class StatusReader {
  private final Home home;

  StatusReader(Home home) {
    this.home = home;
  }

  LocalStatus read() throws IOException {
    var supervisor = SupervisorFile.ofLiving(home);
    var entries = new ArrayList<Entry>();
    supervisor.ifPresent(
        file -> entries.add(entry("supervisor", file.id(), "up", log("supervisor"))));
    children().forEach(file -> entries.add(entry(file)));
    Orphan.steps(home).forEach(each -> entries.add(entry(each)));
    Orphan.engines(home).forEach(each -> entries.add(entry(each)));
    return new LocalStatus(
        supervisor.isPresent(),
        home.path().toString(),
        supervisor.map(SupervisorFile::address).orElse(null),
        supervisor.map(SupervisorFile::namespace).orElse(null),
        supervisor.map(SupervisorFile::ui).orElse(null),
        List.copyOf(entries),
        heldBack(),
        endpoints());
  }

  private List<String> heldBack() {
    return ControlBuilds.heldBack(home).map(ControlBuilds.HeldBack::runs).orElse(List.of()).stream()
        .map(
            each ->
                "run %s does not replay on the newest build (%s); finish or cancel it, then `fettle down` and `fettle up`"
                    .formatted(each.run(), each.reason()))
        .toList();
  }

  /** Every process that a supervisor owns or owned last, in the order of their names. */
  List<ProcessFile> children() throws IOException {
    if (!Files.isDirectory(home.processes())) {
      return List.of();
    }
    var found = new ArrayList<ProcessFile>();
    try (var files = Files.newDirectoryStream(home.processes(), "[!.]*.json")) {
      files.forEach(file -> JsonFile.read(file, ProcessFile.class).ifPresent(found::add));
    }
    found.removeIf(file -> file.state() == ProcessFile.State.STOPPED && !file.id().isAlive());
    found.sort((a, b) -> a.name().compareTo(b.name()));
    return found;
  }

  private SortedMap<String, String> endpoints() {
    var endpoints = new TreeMap<String, String>();
    EndpointKeeper.ports(home)
        .forEach((name, port) -> endpoints.put(name, "http://127.0.0.1:" + port));
    return endpoints;
  }

  private static Entry entry(ProcessFile file) {
    var said = file.state() == null ? "unknown" : file.state().name().replace('_', ' ');
    var claimsLife = file.state() != ProcessFile.State.BACKING_OFF;
    var state = claimsLife && !file.id().isAlive() ? "dead" : said.toLowerCase(Locale.ROOT);
    return new Entry(
        file.name(), file.pid(), state, file.port(), file.restarts(), file.log().toString());
  }

  private static Entry entry(Orphan orphan) {
    return new Entry(orphan.name(), orphan.pid(), "up", 0, 0, "");
  }

  private static Entry entry(String name, ProcessId id, String state, Path log) {
    return new Entry(name, id.pid(), state, 0, 0, log.toString());
  }

  private Path log(String name) {
    return home.logs().resolve(name + ".log");
  }
}
